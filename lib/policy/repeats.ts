/**
 * The same wrong guess again, as a program sends an old password every few minutes: it teaches an attacker nothing, so it is not
 * counted. A few times a minute only, or one fixed guess would make the application hash passwords without end.
 */
import { type Marks, REPEATS_WINDOW_MS, type SubjectState } from './state.js';

/** How many wrong guesses a subject remembers; as many as Microsoft Entra does. */
export const MAX_GUESSES = 3;
/** Repeats in a minute that are not counted, at subjects that remember the guess. */
export const MAX_REPEATS = 10;
/** The same at the other subjects of the attempt, such as the address of an office with several such programs. */
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

/** The remembered guesses after one more wrong one. */
export function rememberGuess(guesses: readonly string[], guess: string): readonly string[] {
  return guesses.includes(guess) ? guesses : [...guesses, guess].slice(-MAX_GUESSES);
}

function runningRepeats({ repeats }: SubjectState, now: number): SubjectState['repeats'] {
  return repeats && repeats.since + REPEATS_WINDOW_MS > now ? repeats : null;
}
