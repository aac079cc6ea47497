/** Replies that the contract tests expect of a store. Each is whole: a test compares every field. */
import type { LockReport, SettleReply } from '../policy/replies.js';
import { FOREVER } from './examples.js';

/** Returns the reply to a verdict that neither locked nor was anything special, except for what is passed. */
export function settleReply(expected: Pick<SettleReply, 'failures' | 'freeSlots'> & Partial<SettleReply>): SettleReply {
  return {
    consecutiveFailures: 0,
    didLock: false,
    lock: null,
    isLate: false,
    isRepeat: false,
    isSpray: false,
    isFirstToday: false,
    ...expected,
  };
}

/** Returns a lock until reset after failures from one place, except for what is passed. */
export function lockReport(
  expected: Pick<LockReport, 'failures' | 'cause' | 'limit'> & Partial<LockReport>,
): LockReport {
  return {
    places: 1,
    consecutiveFailures: 0,
    tier: null,
    remainingMs: FOREVER,
    lockedUntil: FOREVER,
    reason: null,
    ...expected,
  };
}
