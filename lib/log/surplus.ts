/** Bounds the share of the attempt log that one username or address can fill, as it is written. */
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
  /** The field whose values are bounded. */
  readonly field: 'username' | 'ip';
  /** How many failed and refused attempts per value are kept; Infinity for all. */
  readonly max: number;
}

/** Bounds the usernames or addresses whose new entries are counted. */
const MAX_COUNTED = 10_000;
/** Other outcomes need the right password: a guesser must not be able to push them out of the log. */
const SURPLUS_OUTCOMES: readonly AttemptOutcome[] = ['failed', 'refused'];

export class Surplus {
  readonly #parts: SurplusParts;
  /** Entries written by this process since it last removed surplus; created late, because it allocates all its room at once. */
  #written: LRUCache<string, number> | undefined;
  #trimming: Promise<void> = Promise.resolve();

  constructor(parts: SurplusParts) {
    this.#parts = parts;
  }

  /** Settles when removals already started are done. */
  get isIdle(): Promise<void> {
    return this.#trimming;
  }

  /**
   * Removes surplus only after a tenth of the bound has been added, so that rare attempts cost nothing; and in a later turn, so
   * that no login waits for it, not even with a store in memory.
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
      // A failing store has been reported; the next entries of this value try again.
      if (result instanceof LockoutStoreError || result.last === null) return undefined;
      return this.#trim(value, result.last);
    });
  }
}
