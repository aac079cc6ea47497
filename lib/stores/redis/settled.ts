/** What `scripts/settle.lua` answers, as replies of the store. */
import type { LockReport, SettleReply } from '../../policy/replies.js';
import { freeSlots } from '../../policy/reserve.js';
import type { SlotVerdict } from '../store.js';
import { toCause, toInstant, toNumber, toText, toTextOrNull, toTier, unexpected } from './record.js';

/** How the script marks what is true of a reply. */
const MARK = { didLock: 'l', isFirstToday: 't', isRepeat: 'r', isSpray: 's' } as const;

type Told = Pick<SlotVerdict, 'policy' | 'lease'>;

/** Converts what became of a subject. */
export function toSettleReply(answer: unknown, { policy, lease }: Told, now: number): SettleReply {
  if (!Array.isArray(answer)) throw unexpected('an answer', answer);
  const [failures, consecutive, leases, marked, lockedUntil, ...lock] = answer as readonly unknown[];
  const counted = { failures: toNumber(failures), consecutiveFailures: toNumber(consecutive) };
  const marks = toText(marked);
  const isLocked = lockedUntil !== undefined;
  return {
    ...counted,
    freeSlots: isLocked ? 0 : freeSlots({ ...counted, leases: { length: toNumber(leases) } }, policy),
    didLock: marks.includes(MARK.didLock),
    lock: isLocked ? { ...counted, ...toLock(toInstant(lockedUntil), lock, now) } : null,
    isLate: lease.until <= now,
    isRepeat: marks.includes(MARK.isRepeat),
    isSpray: marks.includes(MARK.isSpray),
    isFirstToday: marks.includes(MARK.isFirstToday),
  };
}

/** Returns the reply for a record that held the lease and nothing else, and is gone: a right password of someone who made no mistake. */
export function goneReply({ policy, lease }: Told, now: number): SettleReply {
  return {
    failures: 0,
    consecutiveFailures: 0,
    freeSlots: freeSlots(NOTHING, policy),
    didLock: false,
    lock: null,
    isLate: lease.until <= now,
    isRepeat: false,
    isSpray: false,
    isFirstToday: false,
  };
}

const NOTHING = { failures: 0, consecutiveFailures: 0, leases: { length: 0 } } as const;

function toLock(
  lockedUntil: number,
  [cause, tier, limit, places, reason]: readonly unknown[],
  now: number,
): Omit<LockReport, 'failures' | 'consecutiveFailures'> {
  return {
    places: toNumber(places),
    cause: toCause(cause),
    tier: toTier(tier),
    limit: toNumber(limit) || null,
    remainingMs: lockedUntil - now,
    lockedUntil,
    reason: toTextOrNull(reason),
  };
}
