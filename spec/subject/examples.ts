/** Attempts that the subject specs start from. */
import { type Attempt, UNKNOWN_ATTEMPT } from '../../lib/subject/attempt.js';

export function attemptOf(facts: Partial<Attempt> = {}): Attempt {
  return { ...UNKNOWN_ATTEMPT, ...facts };
}
