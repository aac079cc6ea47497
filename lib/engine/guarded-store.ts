/** Calls to the store that always come back: in time, and with a value instead of an exception. */
import { LockoutStoreError } from '../errors.js';
import { isThenable } from '../events.js';
import type { Awaitable, LockoutStore } from '../stores/store.js';

export class GuardedStore {
  readonly store: LockoutStore;
  readonly #timeoutMs: number;
  readonly #onError: (operation: string, error: LockoutStoreError) => void;

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
    try {
      const answer = ask(this.store);
      return isThenable(answer) ? this.#inTime(operation, answer as PromiseLike<T>, onLate) : (answer as T);
    } catch (error) {
      return this.#failed(operation, error);
    }
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
        const message = `the store did not answer '${operation}' within ${this.#timeoutMs} ms`;
        resolve(this.#report(operation, new LockoutStoreError('ERR_LOCKOUT_STORE_TIMEOUT', message)));
      }, this.#timeoutMs);
      answer.then(
        (value) => {
          clearTimeout(timer);
          if (isOver) onLate?.(value);
          else resolve(value);
        },
        (error: unknown) => {
          clearTimeout(timer);
          // After the time-out the failure has been reported already; this is its consequence.
          if (!isOver) resolve(this.#failed(operation, error));
        },
      );
    });
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
