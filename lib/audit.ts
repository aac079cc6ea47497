/** The queue between logins and the access log: written in batches off the response path, or awaited. */
import { chain } from './engine/awaitable.js';
import type { GuardedStore } from './engine/guarded-store.js';
import { LockoutStoreError } from './errors.js';
import type { WarningEvent } from './events.js';
import type { AttemptLog, NewAttemptEntry, PendingEntry } from './stores/attempt-log.js';
import type { Awaitable } from './stores/store.js';

export interface AuditParts {
  readonly store: GuardedStore;
  readonly log: AttemptLog;
  /** `await`: a login is answered when its entry is written. */
  readonly mode: 'background' | 'await';
  readonly retentionMs: number;
  readonly warn: (warning: WarningEvent) => void;
}

const MAX_QUEUED = 10_000;
const MAX_BATCH = 500;
const COLLECT_MS = 100;

export class Audit {
  readonly #parts: AuditParts;
  #queue: { readonly entry: NewAttemptEntry; readonly at: number }[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #lost = 0;
  #isClosing = false;

  constructor(parts: AuditParts) {
    this.#parts = parts;
  }

  /** Never throws or rejects: what cannot be written is counted and reported as a warning. */
  record(entry: NewAttemptEntry): Awaitable<void> {
    if (this.#parts.mode === 'await' || this.#parts.store.store.isLocal) return this.#write([{ entry, ageMs: 0 }]);
    if (this.#queue.length >= MAX_QUEUED) this.#lost += 1;
    else this.#queue.push({ entry, at: performance.now() });
    // Unreferenced: the log alone must not keep a process alive; `close` writes what is left.
    this.#timer ??= setTimeout(() => void this.#flush(), COLLECT_MS).unref();
    return undefined;
  }

  /** Writes what is queued. One batch at a time, so that a slow store gathers large batches instead of many calls. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#writing;
    await this.#flush();
  }

  #flush(): Promise<void> {
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
      if (!(result instanceof LockoutStoreError)) return;
      this.#lost += entries.length;
      // Twenty batches that hang one after the other would keep a process from ending for most of a minute.
      if (this.#isClosing && result.code === 'ERR_LOCKOUT_STORE_TIMEOUT') this.#lost += this.#queue.splice(0).length;
      this.#reportLost('the store failed', result);
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
