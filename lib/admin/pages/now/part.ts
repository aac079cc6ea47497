/** One thing that the page reads. While the store fails, the page shows what it knew last and says of when that is. */
import type { LockoutStoreError } from '../../../errors.js';
import { isLockoutStoreError } from '../../core/store-failure.js';
import type { Gap } from './snapshot.js';

export interface PartReading<T> {
  /** Null if nothing was ever read. */
  readonly value: T | null;
  /** Undefined if it is of now. */
  readonly gap: Gap | undefined;
  readonly error: LockoutStoreError | undefined;
}

export class Part<T> {
  readonly #name: Gap['part'];
  #last: { readonly at: number; readonly value: T } | undefined;

  constructor(name: Gap['part']) {
    this.#name = name;
  }

  /**
   * @param load - throws `LockoutStoreError` if the store fails
   * @throws whatever else `load` throws
   */
  async read(at: number, load: () => Promise<T>): Promise<PartReading<T>> {
    try {
      const value = await load();
      this.#last = { at, value };
      return { value, gap: undefined, error: undefined };
    } catch (error) {
      if (!isLockoutStoreError(error)) throw error;
      const asOf = this.#last?.at ?? null;
      const gap = { part: this.#name, hasFailed: true, message: error.message, asOf };
      return { value: this.#last?.value ?? null, gap, error };
    }
  }
}

/** Returns a reading of what this lockout does not keep. */
export function missing(part: Gap['part'], message: string): PartReading<never> {
  return { value: null, gap: { part, hasFailed: false, message, asOf: null }, error: undefined };
}
