/** Attempts that the subject specs start from. */
import type { Attempt } from '../../lib/subject/attempt.js';

export function attemptOf(facts: Partial<Attempt> = {}): Attempt {
  return {
    username: undefined,
    ip: undefined,
    address: undefined,
    userAgent: undefined,
    method: undefined,
    path: undefined,
    strategy: undefined,
    req: undefined,
    ...facts,
  };
}
