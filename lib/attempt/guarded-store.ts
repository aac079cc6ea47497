/** Calls to the store that always come back: in time, with a value instead of an exception, and never piling up. */
import { LockoutStoreError } from '../errors.js';
import type { LockoutStore } from '../stores/store.js';
import type { Awaitable } from '../util/awaitable.js';
import { describeValue } from '../validation/describe-value.js';

/** This many calls may be unanswered; beyond it, further ones are not made. */
const MAX_STUCK = 100;
/** What one call to the store is about, beside its answer. */
export interface CallOptions<T> {
  /**
   * How many replies are expected, as a list, or `'one'` by itself. Found out later that one is missing, the slots of the other
   * subjects would stay taken.
   * @default anything is an answer
   */
  readonly replies?: number | 'one';
  /** @param answer - settles in time or not; not called if the answer is there at once */
  onAsked?(answer: PromiseLike<unknown>): void;
  /** The answer came after its time was over, to undo what it did. */
  onLate?(value: T): void;
}

/** Always asked for: no more often than slots were taken, and each one left out keeps a slot until its lease ends. */
const GIVING_BACK = 'settle';

export class GuardedStore {
  readonly store: LockoutStore;
  readonly #timeoutMs: number;
  readonly #onError: (operation: string, error: LockoutStoreError) => void;
  /** Calls that timed out and still have not been answered. */
  #stuck = 0;
  #nextProbeAt = 0;

  constructor(store: LockoutStore, timeoutMs: number, onError: (operation: string, error: LockoutStoreError) => void) {
    this.store = store;
    this.#timeoutMs = timeoutMs;
    this.#onError = onError;
  }

  /**
   * @returns what the store answered, or a `LockoutStoreError` (returned, never thrown) once it has been reported
   */
  call<T>(
    operation: string,
    ask: (store: LockoutStore) => Awaitable<T>,
    options?: CallOptions<T>,
  ): Awaitable<T | LockoutStoreError> {
    if (this.#stuck >= MAX_STUCK && operation !== GIVING_BACK && !this.#mayProbe()) {
      const message = `the store was not asked for '${operation}': ${this.#stuck} calls are unanswered`;
      return this.#report(operation, new LockoutStoreError('ERR_LOCKOUT_STORE_TIMEOUT', message));
    }
    try {
      const answer = ask(this.store);
      // As `isThenable`, without a call of its own at each step of a login.
      if (typeof (answer as { readonly then?: unknown } | null | undefined)?.then !== 'function')
        return options?.replies === undefined ? (answer as T) : checked(answer as T, options.replies);
      options?.onAsked?.(answer as PromiseLike<T>);
      const reply = (answer as PromiseLike<T>).then((value) => checked(value, options?.replies));
      return this.#inTime(operation, reply, options);
    } catch (error) {
      return this.#failed(operation, error);
    }
  }

  /** One call per `storeTimeout` goes through nevertheless, or a store that dropped the calls would never be used again. */
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
    return new Promise((resolve) => {
      let isOver = false;
      const timer = setTimeout(() => {
        isOver = true;
        this.#stuck += 1;
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
            // The store is back, whatever becomes of the calls before.
            this.#stuck = 0;
            resolve(value);
          }
        },
        (error: unknown) => {
          clearTimeout(timer);
          // After the time-out the failure has been reported already; this is its consequence.
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
    this.#onError(operation, error);
    return error;
  }
}

/** @throws {TypeError} if the store did not return what was requested */
function checked<T>(answer: T, replies: number | 'one' | undefined): T {
  if (replies === undefined) return answer;
  const list: readonly unknown[] = replies === 'one' ? [answer] : Array.isArray(answer) ? answer : [];
  let found = 0;
  for (const reply of list) if (typeof reply === 'object' && reply !== null) found += 1;
  if (found === (replies === 'one' ? 1 : replies) && found === list.length) return answer;
  throw new TypeError(`expected a reply of the store, got ${describeValue(answer)}`);
}
