/** Which questions to verify functions are one guess: told by what was asked last of each function in one call. */
import type { Guess } from '../../attempt/guess-memory.js';
import type { HeldGuess } from './held-guess.js';

/** Stands for the verify function where the strategy as a whole is guarded. */
export const GATE = {};

/** What a verify function is asked. */
export interface Question {
  readonly verify: object;
  /** What of its arguments tells one guess from another. */
  readonly values: Guess;
  /** The guess whose verify function asks this while it runs. */
  readonly within: HeldGuess | undefined;
}

interface Asked extends Pick<Question, 'verify' | 'values'> {
  readonly guess: HeldGuess;
  /** It followed another verify function, whose guess it belongs to: its arguments need not tell who tries. */
  readonly hasJoined: boolean;
}

/** The last question to each verify function. */
export type Questions = Map<object, Asked>;

/**
 * The guess that a question belongs to; undefined for one of its own.
 *
 * @param newest - the guess before
 * @param namesAnother - whether certainly somebody else is tried than was before
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
  // It has been asked for a guess of its own, or twice for the same: then it tells one guess from another.
  if (last && !(last.hasJoined && last.guess !== newest)) return undefined;
  const before = within ?? newest;
  if (!before.state.isHeld || before.answer === 'no') return undefined;
  if (!within && (!belongsTo(before, values, questions) || namesAnother(before))) return undefined;
  questions.set(verify, { verify, values, guess: before, hasJoined: true });
  return before;
}

/**
 * Whether what another verify function is asked belongs to the guess before: the code after the right password does, and the same
 * password in another directory. Asked before an answer or after an error, another password is another guess.
 */
function belongsTo(before: HeldGuess, values: Guess, questions: Questions): boolean {
  if (before.answer === 'yes' || before.answer === 'silence') return true;
  return [...questions.values()].some((asked) => asked.guess === before && arePart(asked.values, values));
}

/**
 * An object is never the same as before: what it holds may have changed. Nor are credentials that are not known, but behind a gate,
 * which a strategy may go through again with those of before.
 */
function isSame({ verify, values: before }: Asked, values: Guess): boolean {
  if (before.length !== values.length) return false;
  if (before.length === 0) return verify === GATE;
  return before.every((value, index) => value === values[index] && typeof value !== 'object');
}

/** Whether one function gets nothing that the other does not get. */
function arePart(one: Guess, other: Guess): boolean {
  const [few, many] = one.length < other.length ? [one, other] : [other, one];
  return few.every((value) => many.includes(value));
}
