/** A store that has an attempt log and nothing else; what the log is given is kept, and it can be made to fail or hang. */
import type { AttemptLog, AttemptRemoval, PendingEntry, RemovedAttempts } from '../../../lib/stores/attempt-log.js';
import type { LockoutStore } from '../../../lib/stores/store.js';
import type { Awaitable } from '../../../lib/util/awaitable.js';

export class FakeAttemptLog implements AttemptLog {
  readonly batches: (readonly PendingEntry[])[] = [];
  readonly retentions: number[] = [];
  /** What each call of `append` answers. */
  answer: () => Awaitable<void> = () => Promise.resolve();
  readonly append: AttemptLog['append'] = (entries, retentionMs) => {
    this.batches.push(entries);
    this.retentions.push(retentionMs);
    return this.answer();
  };
  readonly query: AttemptLog['query'] = () => [];
  /** What was asked to be removed. */
  readonly removals: AttemptRemoval[] = [];
  /** What each call of `remove` answers. */
  removed: () => Awaitable<RemovedAttempts> = () => Promise.resolve({ removed: 0, last: null });
  readonly remove: AttemptLog['remove'] = (removal) => {
    this.removals.push(removal);
    return this.removed();
  };

  /** How many entries each batch had. */
  get sizes(): readonly number[] {
    return this.batches.map(({ length }) => length);
  }

  get usernames(): readonly (string | null)[] {
    return this.batches.flat().map(({ entry }) => entry.username);
  }

  store(isLocal = false): LockoutStore {
    return { isLocal, attemptLog: this } as Partial<LockoutStore> as LockoutStore;
  }
}
