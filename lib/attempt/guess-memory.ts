/**
 * What has happened to a request so far, so that two wrapped strategies trying the same password of one request count as one
 * failure. A different password in the same request is another guess and counts separately.
 */
import type { GuardedRequests, Guarding } from '../checks/runtime/guarded-requests.js';
import type { LockoutRequest } from '../subject/attempt.js';
import type { Refusal } from './refusal.js';

/** The credentials of one guess, compared by identity and dropped with the request; empty if unknown. */
export type Guess = readonly unknown[];

/** An element that makes a guess differ from any other, even if all its values are the same. */
export class Apart {}

/** A request rarely meets more strategies; without a limit, a batch or a WebSocket could have the same guess verified endlessly. */
const MAX_STRATEGIES = 10;

/** How long the strategies of one login take; the same guess after that is a new attempt. */
const MOMENT_MS = 1_000;

export class GuessMemory {
  readonly guess: Guess;
  /** How often this guess failed on each key; there are few keys. Undefined before the first failure: most attempts succeed. */
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

  /** @returns whether the failure counts on this key: the first one, and every one beyond what several strategies could cause */
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

  /** Whether the refusal has just been reported. */
  get isRefusalTold(): boolean {
    return performance.now() - this.#refusedAt < MOMENT_MS;
  }

  /**
   * The refusal that still holds: the next strategy must not wait again, nor disclose what the previous one must not. Locks and
   * lists are checked each time, as they may have changed: the request of a WebSocket lives for days.
   */
  get standing(): Refusal | undefined {
    if (!this.#refusal || !this.isRefusalTold) return undefined;
    const { reason } = this.#refusal;
    return reason === 'locked' || reason === 'denied' ? undefined : this.#refusal;
  }
}

/** What is known of one request. */
interface Known {
  readonly guarding: Guarding;
  last: GuessMemory | undefined;
}

/** One map for all that is known of a request, weakly: each further one costs as much as everything kept in it. */
export class RequestMemory implements GuardedRequests {
  readonly #requests = new WeakMap<object, Known>();

  guardingOf(req: object): Guarding {
    return (this.#requests.get(req) ?? this.#meet(req)).guarding;
  }

  /** Returns the memory of this guess; a new one for a request's first guess and for one that differs from the last. */
  of(req: LockoutRequest | undefined, guess: Guess): GuessMemory {
    if (!req) return new GuessMemory(guess);
    const known = this.#requests.get(req) ?? this.#meet(req);
    const { last } = known;
    if (last && isSameGuess(last.guess, guess)) return last;
    known.last = new GuessMemory(guess);
    return known.last;
  }

  #meet(req: object): Known {
    const made: Known = { guarding: { isGuarded: false }, last: undefined };
    // Passport passes on whatever a framework calls a request.
    if (typeof req === 'object' && req !== null) this.#requests.set(req, made);
    return made;
  }
}

function isSameGuess(a: Guess, b: Guess): boolean {
  return a.length > 0 && a.length === b.length && a.every((value, index) => value === b[index]);
}
