/** What `scripts/reserve.lua` answers, as replies of the store. */
import type { ReserveReply } from '../../policy/replies.js';
import { freeSlots } from '../../policy/reserve.js';
import type { SlotRequest } from '../store.js';
import { toLock } from './lock-facts.js';
import { toCount, toInstant, toNumber, toText, unexpected } from './record.js';

type Requested = Pick<SlotRequest, 'policy' | 'leaseId'>;

const ONE_LEASE = { failures: 0, consecutiveFailures: 0, leases: { length: 1 } } as const;

/** Returns the reply for a subject of which nothing was known: it always has a slot. */
export function unknownReply({ policy, leaseId }: Requested, now: number): ReserveReply {
  if (leaseId === null) return { outcome: 'free' };
  const lease = { id: leaseId, until: now + policy.leaseTimeoutMs };
  return { outcome: 'taken', lease, freeSlots: freeSlots(ONE_LEASE, policy), devicesSince: 0 };
}

/** Converts the answer for a subject: null for an unknown one. */
export function toReserveReply(answer: unknown, asked: Requested, now: number): ReserveReply {
  if (answer === null) return unknownReply(asked, now);
  // Nothing else is taken for an unknown subject: its guesses would be granted again.
  if (!Array.isArray(answer)) return toTaken(['taken', toCount(answer)], asked, now);
  switch (toText(answer[0])) {
    case 'taken':
      return toTaken(answer, asked, now);
    case 'free': {
      const devicesSince = toNumber(answer[1]);
      return devicesSince > 0 ? { outcome: 'free', devicesSince } : { outcome: 'free' };
    }
    case 'busy':
      return { outcome: 'busy' };
    case 'locked':
      return { outcome: 'locked', lock: toLock(answer, toNumber(answer[1]), toNumber(answer[2]), LOCK_AT, now) };
    default:
      throw unexpected('an answer', answer);
  }
}

/** Where the facts of a lock begin. */
const LOCK_AT = 3;

function toTaken(answer: readonly unknown[], { policy, leaseId }: Requested, now: number): ReserveReply {
  const failures = toNumber(answer[1]);
  const consecutiveFailures = toNumber(answer[2]);
  const leases = { length: toNumber(answer[3] ?? 1) };
  return {
    outcome: 'taken',
    lease: { id: leaseId ?? '', until: toInstant(answer[5] ?? now + policy.leaseTimeoutMs) },
    freeSlots: freeSlots({ failures, consecutiveFailures, leases }, policy),
    devicesSince: toNumber(answer[4]),
  };
}
