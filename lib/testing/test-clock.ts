/** A clock that a test moves. */
import { type DurationInput, parseDuration } from '../util/durations.js';
import { duration } from '../validation/fields.js';
import { validateOptions } from '../validation/validate.js';

/** A clock to pass to a store as its option `clock`. When called, it returns the time in epoch milliseconds. */
export interface TestClock {
  (): number;
  /**
   * @param by - such as `'15m'` or `{ days: 1 }`, from 0: time never goes back
   * @throws {LockoutConfigError} for anything that is not a duration
   */
  advance(by: DurationInput): void;
}

/**
 * Creates a clock for tests of your application: locks end when you advance it, without waiting.
 *
 * It starts at the real time, so that a server that removes old records by its own clock keeps those of the test.
 *
 * @example
 * ```ts
 * const clock = createTestClock();
 * const lockout = new Lockout({ store: new MemoryStore({ clock }) });
 * await lockout.block({ username: 'alice' }, { for: '15m' });
 * clock.advance('15m');
 * console.log((await lockout.status({ username: 'alice' })).locked); // false
 * ```
 */
export function createTestClock(start: Date = new Date()): TestClock {
  let now = start.getTime();
  const advance = (by: DurationInput) => {
    validateOptions(duration(0), by, 'advance by');
    now += parseDuration(by) as number;
  };
  return Object.assign(() => now, { advance });
}
