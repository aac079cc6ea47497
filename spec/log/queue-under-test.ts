/** The queue of the attempt log on a fake log, with fake timers, and all that it reports. */
import sinon from 'sinon';
import { GuardedStore } from '../../lib/attempt/guarded-store.js';
import type { LockoutStoreError } from '../../lib/errors.js';
import type { NewWarning } from '../../lib/events/types.js';
import { AttemptLogWriter } from '../../lib/log/writer.js';
import { entryWith } from '../support/fixtures/attempt-entries.js';
import { FakeAttemptLog } from '../support/stores/fake-attempt-log.js';

export const STORE_TIMEOUT_MS = 2_000;
export const RETENTION_MS = 60_000;
export const MAX_QUEUED = 10_000;

interface QueueOptions {
  readonly mode?: 'background' | 'await';
  readonly isLocal?: boolean;
  readonly maxPerUsername?: number;
  readonly maxPerAddress?: number;
}

export class QueueUnderTest {
  readonly timers = sinon.useFakeTimers({ shouldClearNativeTimers: true });
  readonly log = new FakeAttemptLog();
  readonly warnings: NewWarning[] = [];
  readonly storeErrors: LockoutStoreError[] = [];
  onWarning = (): void => {};

  createWriter({
    mode = 'background',
    isLocal = false,
    maxPerUsername = Number.POSITIVE_INFINITY,
    maxPerAddress = Number.POSITIVE_INFINITY,
  }: QueueOptions = {}): AttemptLogWriter {
    const report = (_operation: string, error: LockoutStoreError) => this.storeErrors.push(error);
    const store = new GuardedStore(this.log.store(isLocal), STORE_TIMEOUT_MS, report);
    const warn = (warning: NewWarning) => {
      this.warnings.push(warning);
      this.onWarning();
    };
    return new AttemptLogWriter({
      store,
      log: this.log,
      mode,
      retentionMs: RETENTION_MS,
      maxPerUsername,
      maxPerAddress,
      warn,
    });
  }

  record(writer: AttemptLogWriter, ...names: readonly string[]): void {
    for (const username of names) void writer.record(entryWith({ username }));
  }

  recordMany(writer: AttemptLogWriter, count: number): void {
    for (let index = 0; index < count; index += 1) void writer.record(entryWith({ username: `user-${index}` }));
  }

  /** @returns what lets the answers go that stay out until then */
  holdAnswers(): () => void {
    const resolvers: (() => void)[] = [];
    this.log.answer = () => new Promise((resolve) => resolvers.push(resolve));
    return () => {
      for (const resolve of resolvers.splice(0)) resolve();
    };
  }
}
