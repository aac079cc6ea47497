/**
 * Repeats of the same wrong guess, such as a program that sends an old password every few minutes: they teach an attacker
 * nothing, so they are not counted. Limited to a few per minute, or one fixed guess would make the application hash passwords
 * endlessly.
 */
import { type Marks, REPEATS_WINDOW_MS, type SubjectState } from './state.js';

/** How many wrong guesses a subject remembers; the same number as Microsoft Entra. */
export const MAX_GUESSES = 3;
/** Uncounted repeats per minute at the subject that remembers the guess. */
export const MAX_REPEATS = 10;
/**
 * Uncounted repeats per minute at the other subjects of the attempt, such as the address of an office with several such
 * programs.
 */
export const MAX_REPEATS_ELSEWHERE = 30;

/** Returns the state after a failure that is a repeat and need not be counted; null if it counts. */
export function passRepeat(state: SubjectState, { guess, isRepeat }: Marks, now: number): SubjectState | null {
  const isKnown = guess !== undefined && state.guesses.includes(guess);
  if (!isKnown && !isRepeat) return null;
  const repeats = runningRepeats(state, now);
  const count = (repeats?.count ?? 0) + 1;
  if (count > (isKnown ? MAX_REPEATS : MAX_REPEATS_ELSEWHERE)) return null;
  return { ...state, repeats: { count, since: repeats?.since ?? now } };
}

/** Returns the remembered guesses after one more wrong one. */
export function rememberGuess(guesses: readonly string[], guess: string): readonly string[] {
  return guesses.includes(guess) ? guesses : [...guesses, guess].slice(-MAX_GUESSES);
}

function runningRepeats({ repeats }: SubjectState, now: number): SubjectState['repeats'] {
  return repeats && repeats.since + REPEATS_WINDOW_MS > now ? repeats : null;
}
