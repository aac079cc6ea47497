/** The newest entries of the attempt log. Between two full reads only what is new is read, however fast the log grows. */
import type { Engine } from '../../../engine.js';
import { ask } from '../../../operator/each-record.js';
import { type AttemptEntry, newestFirst } from '../../../stores/attempt-log.js';

const MAX_ENTRIES = 5_000;
/** Between two full reads: of an attack that makes more in a second, only the newest are seen until the next full read. */
const MAX_NEW_ENTRIES = 1_000;
/** After this, entries that were erased or removed are gone from here, too. */
const FULL_READ_MS = 60_000;
/** Other processes write their entries a little later than they happen. */
const LATE_MS = 10_000;

export class NewestEntries {
  readonly #engine: Engine;
  #entries: readonly AttemptEntry[] = [];
  #fullReadAt = Number.NEGATIVE_INFINITY;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * Returns at most 5,000 entries, newest first. One read.
   *
   * @throws {LockoutStoreError} if the store fails
   */
  async read(at: number): Promise<readonly AttemptEntry[]> {
    const isFull = at < this.#fullReadAt || at - this.#fullReadAt >= FULL_READ_MS;
    const newest = this.#entries[0];
    const since = isFull || !newest ? undefined : newest.at - LATE_MS;
    const read = await this.#query(since);
    this.#entries = since === undefined ? read : [...read, ...this.#olderThan(read, since)].slice(0, MAX_ENTRIES);
    if (isFull) this.#fullReadAt = at;
    return this.#entries;
  }

  /** Returns the known entries that a read since an instant does not bring again. */
  #olderThan(read: readonly AttemptEntry[], since: number): readonly AttemptEntry[] {
    const last = read.length < MAX_NEW_ENTRIES ? undefined : read.at(-1);
    return this.#entries.filter((entry) => (last ? newestFirst(last, entry) < 0 : entry.at < since));
  }

  async #query(since: number | undefined): Promise<readonly AttemptEntry[]> {
    const all = { outcome: undefined, username: undefined, ip: undefined, until: undefined, after: undefined };
    const query = { ...all, since, limit: since === undefined ? MAX_ENTRIES : MAX_NEW_ENTRIES };
    return ask(this.#engine, 'query', (store, signal) => store.attemptLog?.query({ ...query, signal }) ?? []);
  }
}
