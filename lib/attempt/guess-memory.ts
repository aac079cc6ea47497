/**
 * What happened to a request so far, so that two wrapped strategies which try the same password of one request count
 * one failure. A different password in the same request is another guess and counts for itself.
 */
import type { LockoutRequest } from '../subject/attempt.js';
import type { Refusal } from './refusal.js';

/** The credentials of one guess, compared by identity and dropped with the request; empty when they are not known. */
export type Guess = readonly unknown[];

/** A part that keeps a guess apart from any other, though all its values may be the same. */
export class Apart {}

/** More strategies hardly try one request; a batch, or a WebSocket, could have the same guess verified without end. */
const MAX_STRATEGIES = 10;

/** For so long the strategies of one login are at it; who comes later with the same guess tries anew. */
const MOMENT_MS = 1_000;

export class GuessMemory {
  readonly guess: Guess;
  /** How often this guess failed on each key; few. Undefined before the first failure: most attempts succeed. */
  #failed: Map<string, number> | undefined;
  /** Whether `attempt_failed` was emitted for it. */
  hasFailed: boolean;
  #refusal: Refusal | undefined;
  /** Monotonic. */
  #refusedAt: number;

  constructor(guess: Guess) {
    this.guess = guess;
    this.#failed = undefined;
    this.hasFailed = false;
    this.#refusal = undefined;
    this.#refusedAt = Number.NEGATIVE_INFINITY;
  }

  /** @returns whether it counts on this key: the first time, and each time once it is no longer what several strategies try */
  countOn(key: string): boolean {
    this.#failed ??= new Map();
    const times = (this.#failed.get(key) ?? 0) + 1;
    this.#failed.set(key, times);
    return times === 1 || times > MAX_STRATEGIES;
  }

  refuse(refusal: Refusal): void {
    this.#refusal = refusal;
    this.#refusedAt = performance.now();
  }

  /** Whether its refusal was reported just now. */
  get isRefusalTold(): boolean {
    return performance.now() - this.#refusedAt < MOMENT_MS;
  }

  /**
   * The refusal that still holds: the next strategy must not wait once more, and never tells what the one before must not. A
   * lock or a list is asked each time, for it may have ended: a request of a WebSocket lives for days.
   */
  get standing(): Refusal | undefined {
    if (!this.#refusal || !this.isRefusalTold) return undefined;
    const { reason } = this.#refusal;
    return reason === 'locked' || reason === 'denied' ? undefined : this.#refusal;
  }
}

export class RequestMemory {
  readonly #last = new WeakMap<LockoutRequest, GuessMemory>();

  /** Returns the memory of this guess: a new one for a request's first guess, and for a guess that differs from the last. */
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
