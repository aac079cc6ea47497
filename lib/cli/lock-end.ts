/** When a lock ends, as one word. */
import type { SubjectStatus } from '../operator/types.js';

/** Returns a date, or `reset` for a lock that only an operator ends. */
export function lockEnd({ lockedUntil }: Pick<SubjectStatus, 'lockedUntil'>): string {
  return lockedUntil?.toISOString() ?? 'reset';
}
