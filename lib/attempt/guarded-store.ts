/** Store calls that always return: in time, with an error value instead of an exception, and without piling up. */
import { LockoutStoreError } from '../errors.js';
import type { LockoutStore } from '../stores/store.js';
import { STORE_CALLS } from '../telemetry/channels.js';
import { traceCall } from '../telemetry/trace-call.js';
import type { Awaitable } from '../util/awaitable.js';
import { describeValue } from '../validation/describe-value.js';
import { StoreFigures } from './store-figures.js';

/** Once this many calls are unanswered, further calls are not made. */
const MAX_STUCK = 100;
/** Options of one call to the store. */
export interface CallOptions<T> {
  /**
   * How many replies are expected in a list, or `'one'` for a single reply. If a missing reply were only noticed later, the slots
   * of the other subjects would stay taken.
   * @default any answer is accepted
   */
  readonly replies?: number | 'one';
  /** @param answer - settles when the store answers, in time or not; not called for a synchronous answer */
  onAsked?(answer: PromiseLike<unknown>): void;
  /** Called when the time is over: nobody waits any more, whatever the store is still doing. */
  onTimeout?(): void;
  /** Called when the answer arrived after the timeout, to undo its effect. */
  onLate?(value: T): void;
}

/** Never skipped: there are no more of these calls than slots taken, and each one skipped blocks a slot until its lease expires. */
const GIVING_BACK = 'settle';
const TAKING = 'reserve';

export class GuardedStore {
  readonly store: LockoutStore;
  readonly figures = new StoreFigures();
  readonly #timeoutMs: number;
  readonly #onError: (operation: string, error: LockoutStoreError) => void;
  readonly #lockout: object | undefined;
  /** Calls that timed out and are still unanswered. */
  #stuck = 0;
  #nextProbeAt = 0;

  /** @param lockout - in whose name calls are published; undefined: they are not */
  constructor(
    store: LockoutStore,
    timeoutMs: number,
    onError: (operation: string, error: LockoutStoreError) => void,
    lockout?: object,
  ) {
    this.store = store;
    this.#timeoutMs = timeoutMs;
    this.#onError = onError;
    this.#lockout = lockout;
  }

  /**
   * @param isTraced - whether this call is published already. One method for both, because every call counts at each step of a login
   * @returns the store's answer, or a `LockoutStoreError` (returned, never thrown) once it has been reported
   */
  call<T>(
    operation: string,
    ask: (store: LockoutStore) => Awaitable<T>,
    options?: CallOptions<T>,
    isTraced = false,
  ): Awaitable<T | LockoutStoreError> {
    const lockout = this.#lockout;
    if (!isTraced && STORE_CALLS.hasSubscribers && lockout)
      return traceCall(operation, lockout, () => this.call(operation, ask, options, true));
    if (this.#stuck >= MAX_STUCK && operation !== GIVING_BACK && !this.#mayProbe()) {
      const message = `the store was not asked for '${operation}': ${this.#stuck} calls are unanswered`;
      return this.#report(operation, new LockoutStoreError('ERR_LOCKOUT_STORE_TIMEOUT', message));
    }
    try {
      const answer = ask(this.store);
      // Same as `isThenable`, inlined to save a call at each step of a login.
      if (typeof (answer as { readonly then?: unknown } | null | undefined)?.then !== 'function')
        return options?.replies === undefined ? (answer as T) : checked(answer as T, options.replies);
      options?.onAsked?.(answer as PromiseLike<T>);
      const reply = (answer as PromiseLike<T>).then((value) => checked(value, options?.replies));
      return this.#inTime(operation, reply, options);
    } catch (error) {
      return this.#failed(operation, error);
    }
  }

  /** Lets one call per `storeTimeout` through, or a store that dropped its calls would never be used again. */
  #mayProbe(): boolean {
    const now = performance.now();
    if (now < this.#nextProbeAt) return false;
    this.#nextProbeAt = now + this.#timeoutMs;
    return true;
  }

  #inTime<T>(
    operation: string,
    answer: PromiseLike<T>,
    options: CallOptions<T> | undefined,
  ): Promise<T | LockoutStoreError> {
    // Only what logins wait for: a long list of an operator says nothing about them.
    const askedAt = operation === TAKING || operation === GIVING_BACK ? performance.now() : undefined;
    return new Promise((resolve) => {
      let isOver = false;
      const timer = setTimeout(() => {
        isOver = true;
        this.#stuck += 1;
        options?.onTimeout?.();
        resolve(
          this.#report(operation, new LockoutStoreError('ERR_LOCKOUT_STORE_TIMEOUT', this.#unanswered(operation))),
        );
      }, this.#timeoutMs);
      answer.then(
        (value) => {
          clearTimeout(timer);
          if (isOver) {
            this.#unstick();
            options?.onLate?.(value);
          } else {
            // The store is back, regardless of earlier calls.
            this.#stuck = 0;
            if (askedAt !== undefined) this.figures.onAnswer(performance.now() - askedAt);
            resolve(value);
          }
        },
        (error: unknown) => {
          clearTimeout(timer);
          // After the timeout the failure was already reported; this is its consequence.
          if (isOver) this.#unstick();
          else resolve(this.#failed(operation, error));
        },
      );
    });
  }

  #unanswered(operation: string): string {
    const why = this.store.whyUnanswered?.() ?? null;
    return `the store did not answer '${operation}' within ${this.#timeoutMs} ms${why === null ? '' : `: ${why}`}`;
  }

  #unstick(): void {
    this.#stuck = Math.max(0, this.#stuck - 1);
  }

  #failed(operation: string, cause: unknown): LockoutStoreError {
    const message = `the store failed at '${operation}'`;
    return this.#report(operation, new LockoutStoreError('ERR_LOCKOUT_STORE_FAILED', message, { cause }));
  }

  #report(operation: string, error: LockoutStoreError): LockoutStoreError {
    this.figures.onError();
    this.#onError(operation, error);
    return error;
  }
}

/** @throws {TypeError} if the answer does not match the call */
function checked<T>(answer: T, replies: number | 'one' | undefined): T {
  if (replies === undefined) return answer;
  const list: readonly unknown[] = replies === 'one' ? [answer] : Array.isArray(answer) ? answer : [];
  let found = 0;
  for (const reply of list) if (typeof reply === 'object' && reply !== null) found += 1;
  if (found === (replies === 'one' ? 1 : replies) && found === list.length) return answer;
  throw new TypeError(`expected a reply of the store, got ${describeValue(answer)}`);
}
