/** What a store answers, made from what the policy says: the same words in every store. */

import type { BlockReply, LockReport, ReserveReply, SettleReply, SubjectRecord } from '../stores/store.js';
import type { Subject } from '../subject/key.js';
import type { Management } from './manage.js';
import { freeSlots, type Reservation } from './reserve.js';
import type { Settlement } from './settle.js';
import { currentState, expiresAt, isLocked, type Policy, type SubjectState } from './state.js';

/** What a store keeps of a subject beside its state. */
export type StoredSubject = Pick<Subject, 'key' | 'dimension' | 'storedParts'>;

export function toReserveReply(reservation: Reservation, policy: Policy, now: number): ReserveReply {
  const { outcome, state } = reservation;
  if (outcome === 'locked') return { outcome, lock: toLockReport(state, now) };
  if (outcome === 'busy') return { outcome };
  return { outcome, lease: reservation.lease, freeSlots: freeSlots(state, policy) };
}

export function toSettleReply({ state, reachedTier }: Settlement, policy: Policy, now: number): SettleReply {
  const locked = isLocked(state, now);
  return {
    failures: state.failures,
    consecutiveFailures: state.consecutiveFailures,
    freeSlots: locked ? 0 : freeSlots(state, policy),
    reachedTier,
    lock: locked ? toLockReport(state, now) : null,
  };
}

export function toBlockReply(subject: StoredSubject, { state, wasLocked }: Management, now: number): BlockReply {
  return { record: recordOf(subject, state, now), wasLocked };
}

/** A stored state as it stands now; null when nothing of it matters any more, whether or not it is still stored. */
export function toRecord(subject: StoredSubject, state: SubjectState, now: number): SubjectRecord | null {
  return expiresAt(state) > now ? toStoredRecord(subject, state, now) : null;
}

/** The same for a record that is stored, whether or not anything of it matters. */
export function toStoredRecord(subject: StoredSubject, state: SubjectState, now: number): SubjectRecord {
  return recordOf(subject, currentState(state, now), now);
}

function recordOf({ key, dimension, storedParts }: StoredSubject, state: SubjectState, now: number): SubjectRecord {
  return {
    key,
    dimension,
    parts: storedParts,
    failures: state.failures,
    consecutiveFailures: state.consecutiveFailures,
    verifying: state.leases.length,
    lock: isLocked(state, now) ? toLockReport(state, now) : null,
    by: state.by,
    lockedBy: state.lockedBy,
    firstFailureAt: state.firstFailureAt,
    lastFailureAt: state.lastFailureAt,
  };
}

function toLockReport(state: SubjectState, now: number): LockReport {
  const { failures, consecutiveFailures, tier, lockedUntil, reason } = state;
  return { failures, consecutiveFailures, tier, remainingMs: lockedUntil - now, lockedUntil, reason };
}
