/** Bounds what one username or one address can take of the attempt log, while it is written. */
import { LRUCache } from 'lru-cache';
import type { GuardedStore } from '../attempt/guarded-store.js';
import { LockoutStoreError } from '../errors.js';
import type { AttemptLog, AttemptOutcome, AttemptPosition, PendingEntry } from '../stores/attempt-log.js';
import type { Awaitable } from '../util/awaitable.js';
import { chain } from '../util/awaitable.js';
import { REMOVE_ALL } from './removal.js';

export interface SurplusParts {
  readonly store: GuardedStore;
  readonly log: AttemptLog;
  /** By what it is bounded. */
  readonly field: 'username' | 'ip';
  /** How many failed and refused attempts of one are kept; Infinity for all. */
  readonly max: number;
}

/** Usernames or addresses whose entries are counted until it is worth looking for surplus. */
const MAX_COUNTED = 10_000;
/** Others need the right password: a guesser must not be able to push them out of the log. */
const SURPLUS_OUTCOMES: readonly AttemptOutcome[] = ['failed', 'refused'];

export class Surplus {
  readonly #parts: SurplusParts;
  /** Entries that this process wrote since it last removed surplus; made late, as it takes its room at once. */
  #written: LRUCache<string, number> | undefined;
  #trimming: Promise<void> = Promise.resolve();

  constructor(parts: SurplusParts) {
    this.#parts = parts;
  }

  /** Settles when what was begun is done. */
  get isIdle(): Promise<void> {
    return this.#trimming;
  }

  /**
   * Only after a tenth of the bound has been written anew, so that whoever does not try that often costs nothing; and in a
   * turn of its own, so that no login waits for it, on a store in memory neither.
   */
  onWritten(entries: readonly PendingEntry[]): void {
    const { field, max } = this.#parts;
    if (max === Number.POSITIVE_INFINITY) return;
    for (const { entry } of entries) {
      const value = entry[field];
      if (value === null || !SURPLUS_OUTCOMES.includes(entry.outcome)) continue;
      this.#written ??= new LRUCache({ max: MAX_COUNTED });
      const written = (this.#written.get(value) ?? 0) + 1;
      this.#written.set(value, written);
      if (written < Math.ceil(max / 10)) continue;
      this.#written.delete(value);
      this.#trimming = this.#trimming.then(() => new Promise(setImmediate)).then(() => this.#trim(value));
    }
  }

  #trim(value: string, after?: AttemptPosition): Awaitable<void> {
    const { store, log, field, max } = this.#parts;
    const removal = { ...REMOVE_ALL, outcomes: SURPLUS_OUTCOMES, [field]: value, keepNewest: max, after };
    const removed = store.call('remove', () => log.remove(removal));
    return chain(removed, (result) => {
      // A failing store has been reported; the next entries of this one try again.
      if (result instanceof LockoutStoreError || result.last === null) return undefined;
      return this.#trim(value, result.last);
    });
  }
}
