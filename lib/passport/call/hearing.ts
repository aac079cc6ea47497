/** Asks a verify function, and hears what it says: to its callback, or else by what it returns. */
import { isThenable, neverSettled } from '../../util/awaitable.js';
import { callbackAt } from '../credentials.js';
import type { Answer, HeldGuess } from './held-guess.js';
import type { Verify } from './hooks.js';
import { answerLater, LaterAnswer } from './later-answer.js';

/** Hears it before the strategy does. */
export interface Hearer {
  hear(guess: HeldGuess, answer: Answer, said?: unknown): void;
  hearThrow(guess: HeldGuess, error: unknown): void;
  /** The strategy hears of it now, and acts, unless nothing is to be told any more. */
  tell(guess: HeldGuess, done: Verify, self: unknown, given: readonly unknown[]): unknown;
  /** The strategy has ended already. */
  readonly hasEnded: boolean;
  readonly isOver: boolean;
  onLost(error: unknown): void;
}

export function askVerify(
  { verify, self, args }: { readonly verify: Verify; readonly self: unknown; readonly args: unknown[] },
  guess: HeldGuess,
  hearer: Hearer,
): unknown {
  const at = callbackAt(args);
  if (at >= 0) args[at] = hearingCallback(args[at] as Verify, guess, hearer);
  let result: unknown;
  try {
    result = Reflect.apply(verify, self, args);
  } catch (error) {
    hearer.hearThrow(guess, error);
    throw error;
  }
  if (isThenable(result)) return hearPromise(result, at < 0, guess, hearer);
  if (at < 0) hearer.hear(guess, toAnswer(result, false), result || undefined);
  return result;
}

/** A proxy keeps the function's length, name and own properties. */
function hearingCallback(done: Verify, guess: HeldGuess, hearer: Hearer): Verify {
  return new Proxy(done, {
    apply: (_, self, given: unknown[]) => {
      const [error, user, info] = given;
      if (error) hearer.hear(guess, 'error', error);
      else if (given.length === 0) hearer.hear(guess, 'silence');
      else if (user) hearer.hear(guess, 'yes', user);
      else hearer.hear(guess, 'no', info);
      return hearer.tell(guess, done, self, given);
    },
  });
}

/** @param isAnswer - false where there is a callback as well: then a promise of nothing says nothing */
function hearPromise(
  result: PromiseLike<unknown>,
  isAnswer: boolean,
  guess: HeldGuess,
  hearer: Hearer,
): PromiseLike<unknown> {
  const onValue = (value: unknown) => {
    const isNew = guess.isAsked && (isAnswer || value !== undefined);
    if (isNew) hearer.hear(guess, toAnswer(value, !hearer.hasEnded), value || undefined);
    return hearer.isOver ? neverSettled() : value;
  };
  const onThrow = (error: unknown) => hearer.hearThrow(guess, error);
  if (!(result instanceof LaterAnswer)) {
    return result.then(onValue, (error: unknown) => {
      onThrow(error);
      throw error;
    });
  }
  // The one of a guard of another lockout: whether the strategy listens is seen here.
  void result.then(undefined, onThrow);
  return answerLater(result, onValue, (error) => hearer.onLost(error));
}

/** @param isNo - whether nothing means nobody; else verify may have ended the strategy by itself, or will */
function toAnswer(value: unknown, isNo: boolean): Answer {
  if (value) return 'yes';
  return value === undefined && !isNo ? 'silence' : 'no';
}
