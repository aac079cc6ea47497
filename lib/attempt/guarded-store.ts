/** Calls to the store that always come back: in time, with a value instead of an exception, and never piling up. */
import { LockoutStoreError } from '../errors.js';
import type { LockoutStore } from '../stores/store.js';
import type { Awaitable } from '../util/awaitable.js';
import { isThenable } from '../util/awaitable.js';
import { describeValue } from '../validation/describe-value.js';

/** So many calls may hang unanswered before further ones are not even made. */
const MAX_STUCK = 100;
/** Always asked for: no more often than slots were taken, and each one left out keeps a slot until its lease ends. */
const GIVING_BACK = 'settle';
/** Found out later that they were answered by nothing, the slots of the other subjects would stay taken. */
const REPLYING: ReadonlySet<string> = new Set(['reserve', GIVING_BACK]);

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
   * @param onLate - gets the answer that came after the time was over, to undo what it did
   * @returns what the store answered, or a `LockoutStoreError` (returned, never thrown) once it has been reported
   */
  call<T>(
    operation: string,
    ask: (store: LockoutStore) => Awaitable<T>,
    onLate?: (value: T) => void,
  ): Awaitable<T | LockoutStoreError> {
    if (this.#stuck >= MAX_STUCK && operation !== GIVING_BACK && !this.#mayProbe()) {
      const message = `the store was not asked for '${operation}': ${this.#stuck} calls are unanswered`;
      return this.#report(operation, new LockoutStoreError('ERR_LOCKOUT_STORE_TIMEOUT', message));
    }
    try {
      const answer = ask(this.store);
      if (!isThenable(answer)) return checked(operation, answer as T);
      const reply = (answer as PromiseLike<T>).then((value) => checked(operation, value));
      return this.#inTime(operation, reply, onLate);
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
    onLate: ((value: T) => void) | undefined,
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
            onLate?.(value);
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

/** @throws {TypeError} where the store has answered nothing */
function checked<T>(operation: string, answer: T): T {
  if (!REPLYING.has(operation) || (typeof answer === 'object' && answer !== null)) return answer;
  throw new TypeError(`expected a reply of the store, got ${describeValue(answer)}`);
}
