/** Writes attempts to the attempt log: in batches off the response path, or awaited. */
import type { GuardedStore } from '../attempt/guarded-store.js';
import type { Found } from '../checks/finding.js';
import { LockoutStoreError } from '../errors.js';
import type { AttemptLog, NewAttemptEntry, PendingEntry } from '../stores/attempt-log.js';
import type { Awaitable } from '../util/awaitable.js';
import { EntryQueue } from './entry-queue.js';
import { OpenLogins } from './open-logins.js';
import { Surplus } from './surplus.js';
import { Thinning } from './thinning.js';

/** The warning about entries that could not be written. */
interface LostEntries extends Found {
  readonly cause?: unknown;
}

export interface AttemptLogWriterDeps {
  readonly store: GuardedStore;
  readonly log: AttemptLog;
  /** With `await`, a login is answered once its entry is written. */
  readonly mode: 'background' | 'await';
  readonly retentionMs: number;
  /** How many failed and refused attempts of one username are kept; Infinity for all. */
  readonly maxPerUsername: number;
  /** The same for one address; Infinity for all. */
  readonly maxPerAddress: number;
  readonly warn: (warning: LostEntries) => void;
}

/** The answer to `append`: an error if the batch was not written. */
type Written = undefined | LockoutStoreError;

const MAX_BATCH = 500;
const COLLECT_MS = 100;

export class AttemptLogWriter {
  readonly #deps: AttemptLogWriterDeps;
  readonly #queue = new EntryQueue();
  readonly #surpluses: readonly Surplus[];
  readonly #thinning = new Thinning((entry, at) => void this.record(entry, at));
  readonly #logins = new OpenLogins((entry, at) => void this.record(entry, at));
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #lost = 0;
  #dropped = 0;
  #isClosing = false;

  constructor(deps: AttemptLogWriterDeps) {
    const { store, log, maxPerUsername, maxPerAddress } = deps;
    this.#deps = deps;
    this.#surpluses = [
      new Surplus({ store, log, field: 'username', max: maxPerUsername }),
      new Surplus({ store, log, field: 'ip', max: maxPerAddress }),
    ];
  }

  /** How many entries are not written yet. */
  get backlog(): number {
    return this.#queue.length;
  }

  /** How many entries could not be written and have been reported. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Never throws or rejects: entries that cannot be written are counted and reported as a warning.
   *
   * @param at - monotonic time of an entry that was held back; an entry written at once has age 0, so that order is kept
   */
  record(entry: NewAttemptEntry, at?: number): Awaitable<void> {
    if (this.#deps.mode === 'await' || this.#deps.store.store.isLocal) {
      return this.#write([{ entry, ageMs: at === undefined ? 0 : Math.round(performance.now() - at) }]);
    }
    this.#queue.add(entry, at ?? performance.now());
    // Unreferenced: the log alone must not keep a process alive; `close` writes what is left.
    this.#timer ??= setTimeout(() => void this.#writeQueue(), COLLECT_MS).unref();
    return undefined;
  }

  /**
   * Like `record`, for a refusal; repeated refusals become one entry.
   *
   * @param refusedBy - the subject or list that refused
   */
  recordRefusal(entry: NewAttemptEntry, refusedBy: string): Awaitable<void> {
    return this.#thinning.see(refusedBy, entry) ? this.record(entry) : undefined;
  }

  /**
   * Like `record`, for a login. Its session may still get another id, so the entry waits for the answer, unless the answer waits
   * for the entry.
   */
  recordLogin(entry: NewAttemptEntry, req: object | undefined): Awaitable<void> {
    const isHeld = this.#deps.mode !== 'await' && this.#logins.hold(entry, req);
    return isHeld ? undefined : this.record(entry);
  }

  /** Logs the logins that are not answered yet as they are, so that readers of the log in this process see them. */
  completeLogins(): void {
    this.#logins.flush();
  }

  /** Writes everything held back or queued, and waits for it. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#writing;
    await this.flush();
    for (const surplus of this.#surpluses) await surplus.isIdle;
  }

  /** Writes everything held back or queued. */
  flush(): Promise<void> {
    this.#logins.flush();
    this.#thinning.flush();
    return this.#writeQueue();
  }

  /** Writes the queue, one batch at a time, so that a slow store gets large batches instead of many calls. */
  #writeQueue(): Promise<void> {
    clearTimeout(this.#timer);
    // The next entry sets its own timer, because it may come after the last batch was taken.
    this.#timer = undefined;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#queue.length > 0) await this.#write(this.#queue.take(MAX_BATCH, performance.now()));
    this.#reportLost('the queue was full');
  }

  #write(entries: readonly PendingEntry[]): Awaitable<void> {
    const { store, log, retentionMs } = this.#deps;
    const written = store.call('append', () => log.append(entries, retentionMs));
    // As `chain`, which takes two calls more at each login.
    if (typeof (written as { readonly then?: unknown } | undefined)?.then !== 'function') {
      return this.#onWritten(entries, written as Written);
    }
    return (written as PromiseLike<Written>).then((result) => this.#onWritten(entries, result));
  }

  #onWritten(entries: readonly PendingEntry[], result: Written): void {
    if (!(result instanceof LockoutStoreError)) {
      for (const surplus of this.#surpluses) surplus.onWritten(entries);
      return;
    }
    for (const { entry } of entries) this.#lost += entry.count;
    // Twenty hanging batches in a row would keep a process from ending for most of a minute.
    if (this.#isClosing && result.code === 'ERR_LOCKOUT_STORE_TIMEOUT') this.#queue.drop();
    this.#reportLost('the store failed', result);
  }

  #reportLost(why: string, cause?: unknown): void {
    const count = this.#lost + this.#queue.takeLost();
    if (count === 0) return;
    this.#lost = 0;
    this.#dropped += count;
    this.#deps.warn({
      code: 'WARN_LOCKOUT_LOG_LOST',
      message: `${count} ${count === 1 ? 'entry' : 'entries'} of the attempt log could not be written: ${why}`,
      ...(cause === undefined ? {} : { cause }),
    });
  }
}
