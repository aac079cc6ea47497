/** Calls a verify function and observes its answer: through its callback, or else its return value. */
import { isThenable, neverSettled } from '../../util/awaitable.js';
import type { Answer, HeldGuess } from './held-guess.js';
import type { Verify } from './hooks.js';
import { answerLater, LaterAnswer } from './later-answer.js';

/** Receives an answer before the strategy does. */
export interface Hearer {
  hear(guess: HeldGuess, answer: Answer, said?: unknown): void;
  hearThrow(guess: HeldGuess, error: unknown): void;
  /** The guess whose verify function is running. */
  asking: HeldGuess | undefined;
  /** The guess whose answer the strategy is receiving; what it does meanwhile is caused by that answer. */
  answering: HeldGuess | undefined;
  readonly ending: Ending;
}

/** How far the call has ended. */
export interface Ending {
  /** Whether the wrapper has answered instead of the strategy, or nothing may be passed on any more. */
  readonly isOver: boolean;
  /** How many final actions the strategy has called. */
  readonly actions: number;
  /** Called for a throw in a later turn that nobody would catch. */
  onLost(error: unknown): void;
}

/** A call of a verify function. */
export interface Asked {
  readonly verify: Verify;
  readonly self: unknown;
  readonly args: unknown[];
  /** Index of its callback; -1 if there is none. */
  readonly at: number;
}

/** @param guess - undefined if verify must not be called */
export function askVerify({ verify, self, args, at }: Asked, guess: HeldGuess | undefined, hearer: Hearer): unknown {
  if (!guess) return neverSettled();
  if (at >= 0) args[at] = hearingCallback(args[at] as Verify, guess, hearer);
  guess.isAsked = true;
  const before = hearer.asking;
  hearer.asking = guess;
  let result: unknown;
  try {
    result = Reflect.apply(verify, self, args);
  } catch (error) {
    hearer.hearThrow(guess, error);
    throw error;
  } finally {
    hearer.asking = before;
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
      if (hearer.ending.isOver) return undefined;
      const before = hearer.answering;
      hearer.answering = guess;
      try {
        return Reflect.apply(done, self, given);
      } finally {
        hearer.answering = before;
      }
    },
  });
}

/** @param isAnswer - false if there is a callback as well: then a promise of nothing is no answer */
function hearPromise(
  result: PromiseLike<unknown>,
  isAnswer: boolean,
  guess: HeldGuess,
  hearer: Hearer,
): PromiseLike<unknown> {
  const onValue = (value: unknown) => {
    const isNew = guess.isAsked && (isAnswer || value !== undefined);
    if (isNew) hearer.hear(guess, toAnswer(value, hearer.ending.actions === 0), value || undefined);
    return hearer.ending.isOver ? neverSettled() : value;
  };
  const onThrow = (error: unknown) => hearer.hearThrow(guess, error);
  if (!(result instanceof LaterAnswer)) {
    return result.then(onValue, (error: unknown) => {
      onThrow(error);
      throw error;
    });
  }
  // For the promise of another lockout's guard: whether the strategy listens is detected here.
  void result.then(undefined, onThrow);
  return answerLater(result, onValue, (error) => hearer.ending.onLost(error));
}

/** @param isNo - whether an empty value means no user; otherwise verify may have ended the strategy by itself, or will */
function toAnswer(value: unknown, isNo: boolean): Answer {
  if (value) return 'yes';
  return value === undefined && !isNo ? 'silence' : 'no';
}
