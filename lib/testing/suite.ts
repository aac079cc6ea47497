/** How a contract test gets its store, and how it reaches the test runner. */
import type { AttemptLog } from '../stores/attempt-log.js';
import type { LockoutStore } from '../stores/store.js';
import type { Awaitable } from '../util/awaitable.js';
import { StoreUnderTest, TimedStoreUnderTest } from './store-under-test.js';
import { createTestClock, type TestClock } from './test-clock.js';

/** A store for one test. */
export interface CreatedStore {
  /** The store, with nothing in it. */
  readonly store: LockoutStore;
  /** Called after the test, when the store has been closed: removes its data and closes what was opened for it. */
  readonly dispose?: () => Awaitable<unknown>;
}

/** Creates a new, empty store for one test. With `clock`, the store takes the time from it, in epoch milliseconds. */
export type CreateStore = (options: { readonly clock?: () => number }) => Awaitable<CreatedStore>;

/** The functions of a test runner that the contract needs; mocha, node:test, Jest and Vitest have them. */
export interface TestRunner {
  /** Groups tests. */
  describe(title: string, body: () => void): unknown;
  /** Registers a test that may take `timeoutMs` milliseconds. */
  it(title: string, body: () => Promise<void>, timeoutMs: number): unknown;
}

const TIMEOUT_MS = 30_000;

/** Registers tests, each of which gets a new store. */
export class Contract {
  readonly #runner: TestRunner;
  readonly #createStore: CreateStore;
  readonly #hasClock: boolean;

  constructor(runner: TestRunner, createStore: CreateStore, hasClock: boolean) {
    this.#runner = runner;
    this.#createStore = createStore;
    this.#hasClock = hasClock;
  }

  group(title: string, body: () => void): void {
    this.#runner.describe(title, body);
  }

  /** Registers a test that does not control the time. */
  test(title: string, body: (use: StoreUnderTest) => Promise<void>): void {
    this.raw(title, () => this.withStore((store) => body(new StoreUnderTest(store))));
  }

  /** Registers a test that moves or reads the clock; left out for a store that takes none. */
  timed(title: string, body: (use: TimedStoreUnderTest) => Promise<void>): void {
    if (!this.#hasClock) return;
    this.raw(title, () => this.withStore((store, clock) => body(new TimedStoreUnderTest(store, clock))));
  }

  /** Registers a test of the attempt log. */
  logTest(title: string, body: (log: AttemptLog, use: StoreUnderTest) => Promise<void>): void {
    this.test(title, (use) => body(logOf(use), use));
  }

  timedLogTest(title: string, body: (log: AttemptLog, use: TimedStoreUnderTest) => Promise<void>): void {
    this.timed(title, (use) => body(logOf(use), use));
  }

  /** Registers a test that creates its stores itself. */
  raw(title: string, body: () => Promise<void>, timeoutMs: number = TIMEOUT_MS): void {
    this.#runner.it(
      title,
      // Mocha's way to set a time limit; Jest and Vitest take the argument, node:test has no limit.
      function (this: { timeout?: unknown } | undefined) {
        if (typeof this?.timeout === 'function') this.timeout(timeoutMs);
        return body();
      },
      timeoutMs,
    );
  }

  async withStore<T>(body: (store: LockoutStore, clock: TestClock) => Promise<T>): Promise<T> {
    const clock = createTestClock();
    const { store, dispose } = await this.#createStore(this.#hasClock ? { clock: clock } : {});
    try {
      return await body(store, clock);
    } finally {
      await store.close();
      await dispose?.();
    }
  }
}

function logOf({ store }: StoreUnderTest): AttemptLog {
  if (store.attemptLog) return store.attemptLog;
  throw new Error('the store has no `attemptLog`; pass `attemptLog: false` to storeContract');
}
