/** The queue between logins and the access log: written in batches off the response path, or awaited. */
import { LRUCache } from 'lru-cache';
import type { GuardedStore } from '../attempt/guarded-store.js';
import type { Finding } from '../checks/finding.js';
import { LockoutStoreError } from '../errors.js';
import type {
  AttemptLog,
  AttemptOutcome,
  AttemptPosition,
  NewAttemptEntry,
  PendingEntry,
} from '../stores/attempt-log.js';
import type { Awaitable } from '../util/awaitable.js';
import { chain } from '../util/awaitable.js';
import { REMOVE_ALL } from './removal.js';

/** Told when entries could not be written. */
interface LostEntries extends Finding {
  readonly cause?: unknown;
}

export interface AuditParts {
  readonly store: GuardedStore;
  readonly log: AttemptLog;
  /** `await`: a login is answered when its entry is written. */
  readonly mode: 'background' | 'await';
  readonly retentionMs: number;
  /** How many failed and refused attempts of one username are kept; Infinity for all. */
  readonly maxPerUsername: number;
  readonly warn: (warning: LostEntries) => void;
}

const MAX_QUEUED = 10_000;
const MAX_BATCH = 500;
const COLLECT_MS = 100;
/** Usernames whose entries are counted until it is worth looking for surplus. */
const MAX_COUNTED_NAMES = 10_000;
/** Others need the right password: a guesser must not be able to push them out of the log. */
const SURPLUS_OUTCOMES: readonly AttemptOutcome[] = ['failed', 'refused'];

export class Audit {
  readonly #parts: AuditParts;
  #queue: { readonly entry: NewAttemptEntry; readonly at: number }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #lost = 0;
  #isClosing = false;
  /** Entries of a username that this process wrote since it last removed surplus; made late, as it takes its room at once. */
  #written: LRUCache<string, number> | undefined;
  #trimming: Promise<void> = Promise.resolve();

  constructor(parts: AuditParts) {
    this.#parts = parts;
  }

  /** Never throws or rejects: what cannot be written is counted and reported as a warning. */
  record(entry: NewAttemptEntry): Awaitable<void> {
    if (this.#parts.mode === 'await' || this.#parts.store.store.isLocal) return this.#write([{ entry, ageMs: 0 }]);
    if (this.#queue.length >= MAX_QUEUED) this.#lost += 1;
    else this.#queue.push({ entry, at: performance.now() });
    // Unreferenced: the log alone must not keep a process alive; `close` writes what is left.
    this.#timer ??= setTimeout(() => void this.flush(), COLLECT_MS).unref();
    return undefined;
  }

  /** Writes what is queued. One batch at a time, so that a slow store gathers large batches instead of many calls. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#writing;
    await this.flush();
    await this.#trimming;
  }

  /** Writes what is queued now. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    // From now on the next entry sets a timer of its own, for it may come when the last batch is on its way already.
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const now = performance.now();
      const batch = this.#queue.splice(0, MAX_BATCH);
      await this.#write(batch.map(({ entry, at }) => ({ entry, ageMs: Math.round(now - at) })));
    }
    this.#reportLost('the queue was full');
  }

  #write(entries: readonly PendingEntry[]): Awaitable<void> {
    const { store, log, retentionMs } = this.#parts;
    const written = store.call('append', () => log.append(entries, retentionMs));
    return chain(written, (result) => {
      if (!(result instanceof LockoutStoreError)) {
        this.#trimSurplus(entries);
        return;
      }
      this.#lost += entries.length;
      // Twenty batches that hang one after the other would keep a process from ending for most of a minute.
      if (this.#isClosing && result.code === 'ERR_LOCKOUT_STORE_TIMEOUT') this.#lost += this.#queue.splice(0).length;
      this.#reportLost('the store failed', result);
    });
  }

  /**
   * Only after a tenth of the bound has been written anew, so that whoever does not try that often costs nothing; and in a
   * turn of its own, so that no login waits for it, on a store in memory neither.
   */
  #trimSurplus(entries: readonly PendingEntry[]): void {
    const { maxPerUsername } = this.#parts;
    if (maxPerUsername === Number.POSITIVE_INFINITY) return;
    for (const { entry } of entries) {
      const { username, outcome } = entry;
      if (username === null || !SURPLUS_OUTCOMES.includes(outcome)) continue;
      this.#written ??= new LRUCache({ max: MAX_COUNTED_NAMES });
      const written = (this.#written.get(username) ?? 0) + 1;
      this.#written.set(username, written);
      if (written < Math.ceil(maxPerUsername / 10)) continue;
      this.#written.delete(username);
      this.#trimming = this.#trimming.then(() => new Promise(setImmediate)).then(() => this.#trim(username));
    }
  }

  #trim(username: string, after?: AttemptPosition): Awaitable<void> {
    const { store, log, maxPerUsername } = this.#parts;
    const removal = { ...REMOVE_ALL, outcomes: SURPLUS_OUTCOMES, username, keepNewest: maxPerUsername, after };
    const removed = store.call('remove', () => log.remove(removal));
    return chain(removed, (result) => {
      // A failing store has been reported; the next entries of this username try again.
      if (result instanceof LockoutStoreError || result.last === null) return undefined;
      return this.#trim(username, result.last);
    });
  }

  #reportLost(why: string, cause?: unknown): void {
    if (this.#lost === 0) return;
    const count = this.#lost;
    this.#lost = 0;
    this.#parts.warn({
      code: 'WARN_LOCKOUT_AUDIT_LOST',
      message: `${count} ${count === 1 ? 'entry' : 'entries'} of the access log could not be written: ${why}`,
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
