/** An entry of the database: a subject and its state, as JSON. */
import { policy } from 'passport-lockout';

export interface StoredRecord {
  readonly subject: policy.StoredSubject;
  readonly state: policy.SubjectState;
}

/** The instants that may be `Infinity` (until reset), which JSON writes as null; neither is ever null itself. */
const MAY_BE_ENDLESS = ['lockedUntil', 'forgetAt', 'consecutiveUntil'] as const;

export function toText({ subject, state }: StoredRecord): string {
  const { key, dimension, storedParts } = subject;
  return JSON.stringify({ subject: { key, dimension, storedParts }, state });
}

export function fromText(text: string): StoredRecord {
  const { subject, state } = JSON.parse(text);
  for (const name of MAY_BE_ENDLESS) state[name] ??= Number.POSITIVE_INFINITY;
  // An entry of an older version lacks what a newer one knows.
  return { subject, state: { ...policy.UNKNOWN_SUBJECT, ...state } };
}
