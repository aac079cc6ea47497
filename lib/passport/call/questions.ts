/** Decides which calls of verify functions are one guess, by the last call of each function within one `authenticate`. */
import type { Guess } from '../../attempt/guess-memory.js';
import type { HeldGuess } from './held-guess.js';

/** Takes the place of the verify function if the strategy as a whole is guarded. */
export const GATE = {};

/** One call of a verify function. */
export interface Question {
  readonly verify: object;
  /** The arguments that distinguish one guess from another. */
  readonly values: Guess;
  /** The guess whose verify function makes this call while it runs. */
  readonly within: HeldGuess | undefined;
}

interface Asked extends Pick<Question, 'verify' | 'values'> {
  readonly guess: HeldGuess;
  /** It followed another verify function, whose guess it belongs to: its arguments need not identify the user. */
  readonly hasJoined: boolean;
}

/** The last call of each verify function. */
export type Questions = Map<object, Asked>;

/**
 * Returns the guess that a question belongs to; undefined if it is a new guess.
 *
 * @param newest - the previous guess
 * @param namesAnother - whether definitely another user is tried than before
 */
export function guessOfQuestion(
  questions: Questions,
  question: Question,
  newest: HeldGuess,
  namesAnother: (before: HeldGuess) => boolean,
): HeldGuess | undefined {
  const { verify, values, within } = question;
  const last = questions.get(verify);
  if (last && isSame(last, values)) return last.guess;
  // It was called for a guess of its own, or twice for the same one: then its calls are separate guesses.
  if (last && !(last.hasJoined && last.guess !== newest)) return undefined;
  const before = within ?? newest;
  if (!before.state.isHeld || before.answer === 'no') return undefined;
  if (!within && (!belongsTo(before, values, questions) || namesAnother(before))) return undefined;
  questions.set(verify, { verify, values, guess: before, hasJoined: true });
  return before;
}

/**
 * Whether the call of another verify function belongs to the previous guess: the code after the right password does, and so does
 * the same password in another directory. Before an answer or after an error, another password is another guess.
 */
function belongsTo(before: HeldGuess, values: Guess, questions: Questions): boolean {
  if (before.answer === 'yes' || before.answer === 'silence') return true;
  return [...questions.values()].some((asked) => asked.guess === before && arePart(asked.values, values));
}

/**
 * Whether the values are those of before. An object never is: its content may have changed. Nor are unknown credentials, except
 * behind a gate, which a strategy may pass again with the same ones.
 */
function isSame({ verify, values: before }: Asked, values: Guess): boolean {
  if (before.length !== values.length) return false;
  if (before.length === 0) return verify === GATE;
  return before.every((value, index) => value === values[index] && typeof value !== 'object');
}

/** Whether the values of one function are a subset of the other's. */
function arePart(one: Guess, other: Guess): boolean {
  const [few, many] = one.length < other.length ? [one, other] : [other, one];
  return few.every((value) => many.includes(value));
}
