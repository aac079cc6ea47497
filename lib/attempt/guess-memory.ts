/**
 * What happened to a request so far, so that two wrapped strategies which try the same password of one request count
 * one failure. A different password in the same request is another guess and counts for itself.
 */
import type { LockoutRequest } from '../subject/attempt.js';
import type { Refusal } from './refusal.js';

/** The credentials of one guess, compared by identity and dropped with the request; empty when they are not known. */
export type Guess = readonly unknown[];

export class GuessMemory {
  readonly guess: Guess;
  /** Keys on which this guess has been counted. */
  readonly counted = new Set<string>();
  /** Whether `attempt_failed` has told of it. */
  hasFailed = false;
  refusal: Refusal | undefined;

  constructor(guess: Guess) {
    this.guess = guess;
  }
}

export class RequestMemory {
  readonly #last = new WeakMap<LockoutRequest, GuessMemory>();

  /** The memory of this guess; a new one for a request's first guess and for one that differs from the last. */
  of(req: LockoutRequest | undefined, guess: Guess): GuessMemory {
    const last = req && this.#last.get(req);
    if (last && isSameGuess(last.guess, guess)) return last;
    const memory = new GuessMemory(guess);
    if (req) this.#last.set(req, memory);
    return memory;
  }
}

function isSameGuess(a: Guess, b: Guess): boolean {
  return a.length > 0 && a.length === b.length && a.every((value, index) => value === b[index]);
}
