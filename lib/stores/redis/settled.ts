/** What `scripts/settle.lua` answers, as replies of the store. */
import type { SettleReply } from '../../policy/replies.js';
import { freeSlots } from '../../policy/reserve.js';
import type { SlotVerdict } from '../store.js';
import { toLock } from './lock-facts.js';
import { toCount, toNumber, toTextOrNull } from './record.js';

/** How the script marks what is true of a reply. */
const MARK = { didLock: 'l', isFirstToday: 't', isRepeat: 'r', isSpray: 's' } as const;

/** Where the facts of a lock begin. */
const LOCK_AT = 4;

type Settled = Pick<SlotVerdict, 'policy' | 'lease'>;

/** Converts what became of a subject. */
export function toSettleReply(answer: unknown, { policy, lease }: Settled, now: number): SettleReply {
  if (!Array.isArray(answer)) return plainReply(toCount(answer), { policy, lease }, now);
  const failures = toNumber(answer[0]);
  const consecutiveFailures = toNumber(answer[1]);
  const lock = answer.length > LOCK_AT ? toLock(answer, failures, consecutiveFailures, LOCK_AT, now) : null;
  const marks = toTextOrNull(answer[3]) ?? '';
  return {
    failures,
    consecutiveFailures,
    freeSlots: lock ? 0 : freeSlots({ failures, consecutiveFailures, leases: { length: toNumber(answer[2]) } }, policy),
    didLock: marks.includes(MARK.didLock),
    lock,
    isLate: lease.until <= now,
    isRepeat: marks.includes(MARK.isRepeat),
    isSpray: marks.includes(MARK.isSpray),
    isFirstToday: marks.includes(MARK.isFirstToday),
  };
}

/** Returns the reply for a record that held the lease and nothing else, and is gone: a right password of someone who made no mistake. */
export function goneReply(told: Settled, now: number): SettleReply {
  return plainReply(0, told, now);
}

/** The reply if nothing else of the subject is worth telling. */
function plainReply(failures: number, { policy, lease }: Settled, now: number): SettleReply {
  return {
    failures,
    consecutiveFailures: 0,
    freeSlots: freeSlots({ failures, ...NOTHING_ELSE }, policy),
    didLock: false,
    lock: null,
    isLate: lease.until <= now,
    isRepeat: false,
    isSpray: false,
    isFirstToday: false,
  };
}

const NOTHING_ELSE = { consecutiveFailures: 0, leases: { length: 0 } } as const;
