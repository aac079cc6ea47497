/** Errors of steps that may have been carried out although no answer came. */

/** What a store's error says of its step. */
export interface Unanswered {
  /** Whether the step may have been carried out: its answer was lost, as when the connection broke. */
  readonly isUnanswered: true;
}

/** Marks an error of a step that may have been carried out. */
export function unanswered(error: unknown): Error & Unanswered {
  const marked = error instanceof Error ? error : new Error(String(error), { cause: error });
  return Object.assign(marked, { isUnanswered: true } as const);
}

/** Whether a store says of its error that the step may have been carried out. */
export function isUnanswered(error: unknown): boolean {
  return (error as Partial<Unanswered> | null | undefined)?.isUnanswered === true;
}
