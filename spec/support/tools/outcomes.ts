/** Wrong guesses by `protect`, one after the other. */
import type { Lockout } from '../../../lib/index.js';
import type { AttemptInput } from '../../../lib/request/attempt-input.js';

/** What becomes of each. */
export async function outcomesOf(lockout: Lockout, attempt: AttemptInput, count: number): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (let guess = 0; guess < count; guess += 1) outcomes.push((await lockout.protect(attempt, () => false)).outcome);
  return outcomes;
}
