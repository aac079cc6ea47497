/** What scripts answer of a lock: `scripts/include/record/lock-facts.lua`. */
import type { LockReport } from '../../policy/replies.js';
import { toCause, toInstant, toNumber, toTextOrNull, toTier } from './record.js';

/** @param at - where the facts begin in the answer */
export function toLock(
  answer: readonly unknown[],
  failures: number,
  consecutiveFailures: number,
  at: number,
  now: number,
): LockReport {
  const lockedUntil = toInstant(answer[at]);
  return {
    failures,
    places: toNumber(answer[at + 4]),
    consecutiveFailures,
    cause: toCause(answer[at + 1]),
    tier: toTier(answer[at + 2]),
    limit: toNumber(answer[at + 3]) || null,
    remainingMs: lockedUntil - now,
    lockedUntil,
    reason: toTextOrNull(answer[at + 5]),
  };
}
