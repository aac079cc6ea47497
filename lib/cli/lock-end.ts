/** When a lock ends, in a word. */
import type { SubjectStatus } from '../operator/types.js';

/** A date, or `reset` for a lock that only an operator ends. */
export function lockEnd({ lockedUntil }: Pick<SubjectStatus, 'lockedUntil'>): string {
  return lockedUntil?.toISOString() ?? 'reset';
}
