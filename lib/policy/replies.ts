/** Converts what the policy returns to what a store returns, in the same form for every store. */

import type { Subject, SubjectParts } from '../subject/key.js';
import type { Management } from './manage.js';
import type { Reservation } from './reserve.js';
import type { Settlement } from './settle.js';
import { placesOf, takenBackNow } from './sources.js';
import {
  currentState,
  expiresAt,
  isLocked,
  type Lease,
  type LockCause,
  mattersUntil,
  type SubjectState,
} from './state.js';

/** A lock, expressed as remaining time so that skewed clocks do not matter; the date is for people. */
export interface LockReport {
  /** The failures of the subject. */
  readonly failures: number;
  /** How many places the failures came from, 64 at most; for an address, how many names. */
  readonly places: number;
  /** Failures since the last success or reset; 0 without a hard stop. */
  readonly consecutiveFailures: number;
  /** Null for a lock of 0.1.0, which did not record it. */
  readonly cause: LockCause | null;
  /** Index in the ladder of the tier that locked; null for the hard stop and for an operator's lock. */
  readonly tier: number | null;
  /** The threshold of that tier, or of the hard stop; null when an operator locked. */
  readonly limit: number | null;
  /** `Infinity` until reset. */
  readonly remainingMs: number;
  /** Epoch milliseconds of the store's clock; `Infinity` until reset. */
  readonly lockedUntil: number;
  /** The reason that an operator gave to `block`; null otherwise. */
  readonly reason: string | null;
}

/** What a store returns for `reserve`: a lease, or why there is none. */
export type ReserveReply =
  | {
      /** The attempt has a slot and may be verified. */
      readonly outcome: 'taken';
      /** The slot, to be given back with `settle`. */
      readonly lease: Lease;
      /** How many slots are left for others. */
      readonly freeSlots: number;
      /** Tokens of known devices issued before this instant are invalid; 0 when none were revoked. */
      readonly devicesSince: number;
    }
  | {
      /** All slots are taken by attempts that are being verified right now. */
      readonly outcome: 'busy';
    }
  | {
      /** Not locked, and no slot taken: only inspected, or requested together with a subject that refuses. */
      readonly outcome: 'free';
      /** As for `taken`; missing when none were revoked. */
      readonly devicesSince?: number;
    }
  | {
      /** The subject is locked. */
      readonly outcome: 'locked';
      /** By what, and for how long. */
      readonly lock: LockReport;
    };

/** What a store returns for `settle`. */
export interface SettleReply {
  /** The failures of the subject after the verdict. */
  readonly failures: number;
  /** Failures since the last success or reset; 0 without a hard stop. */
  readonly consecutiveFailures: number;
  /** How many attempts could be verified now; at most 0 while locked. */
  readonly freeSlots: number;
  /** Whether this very call set the lock. */
  readonly didLock: boolean;
  /** The current lock, or null. */
  readonly lock: LockReport | null;
  /** Whether the verdict arrived after its lease; it is then withheld, right or wrong. */
  readonly isLate: boolean;
  /** Whether the failure repeated a recent one and was not counted. */
  readonly isRepeat: boolean;
  /** Whether this very failure turned the failures into a spray. */
  readonly isSpray: boolean;
  /** Whether this very call set the subject's first lock within 24 hours, as far as its record remembers. */
  readonly isFirstToday: boolean;
}

/** Everything known about one subject. Instants are epoch milliseconds of the store's clock. */
export interface SubjectRecord {
  /** The subject's key, as the store keeps it. */
  readonly key: string;
  /** The subject's dimension, such as `username`. */
  readonly dimension: string;
  /** The values that make up the subject, as the store keeps them. */
  readonly parts: SubjectParts;
  /** The failures that are not forgotten or taken back. */
  readonly failures: number;
  /** How many places the failures came from, 64 at most; for an address, how many names. */
  readonly places: number;
  /** How many failures successes have taken back within the last 24 hours. */
  readonly takenBack: number;
  /** Failures since the last success or reset; 0 without a hard stop. */
  readonly consecutiveFailures: number;
  /** Attempts being verified right now. */
  readonly verifying: number;
  /** The current lock; null if it is not locked. */
  readonly lock: LockReport | null;
  /** The operator who locked; null otherwise. */
  readonly by: string | null;
  /** The lease whose failure set the current or latest lock; null for an operator's lock. */
  readonly lockedBy: string | null;
  /** Tokens of known devices issued before this instant are invalid; 0 when none were revoked. */
  readonly devicesSince: number;
  /** When the first of the failures happened; null if there is none. */
  readonly firstFailureAt: number | null;
  /** When the last of them happened; null if there is none. */
  readonly lastFailureAt: number | null;
}

/** What a store returns for `block`: the record after it, and whether the subject was locked before. */
export interface BlockReply {
  /** The subject, locked. */
  readonly record: SubjectRecord;
  /** Whether the subject was locked before. */
  readonly wasLocked: boolean;
}

/** What a store keeps about a subject in addition to its state. */
export type StoredSubject = Pick<Subject, 'key' | 'dimension' | 'storedParts'>;

/** Returns what a store replies to `reserve`. */
export function toReserveReply(reservation: Reservation, now: number): ReserveReply {
  const { outcome, state } = reservation;
  if (outcome === 'locked') return { outcome, lock: toLockReport(state, now) };
  const devicesSince = state.revocation?.before ?? 0;
  if (outcome !== 'taken') return outcome === 'free' && devicesSince > 0 ? { outcome, devicesSince } : { outcome };
  return { outcome, lease: reservation.lease, freeSlots: reservation.freeSlots, devicesSince };
}

/** Returns what a store replies to `settle`. */
export function toSettleReply(settlement: Settlement, now: number): SettleReply {
  const { state, freeSlots, didLock, isLocked, isLate, isRepeat, isSpray, isFirstToday } = settlement;
  return {
    failures: state.failures,
    consecutiveFailures: state.consecutiveFailures,
    freeSlots,
    didLock,
    lock: isLocked ? toLockReport(state, now) : null,
    isLate,
    isRepeat,
    isSpray,
    isFirstToday,
  };
}

/** Returns what a store replies to `block`. */
export function toBlockReply(subject: StoredSubject, { state, wasLocked }: Management, now: number): BlockReply {
  return { record: recordOf(subject, state, now), wasLocked };
}

/** Returns a stored state as of now; null if it has expired, whether or not it is still stored. */
export function toRecord(subject: StoredSubject, state: SubjectState, now: number): SubjectRecord | null {
  return mattersUntil(state) > now ? toStoredRecord(subject, state, now) : null;
}

/** Returns a record looked up by its key, even if only the failures taken back today are known. Null when nothing is known. */
export function toReadReply(subject: StoredSubject, state: SubjectState, now: number): SubjectRecord | null {
  return expiresAt(state) > now ? toStoredRecord(subject, state, now) : null;
}

/** Returns the same for a record that is stored, whether or not it has expired. */
export function toStoredRecord(subject: StoredSubject, state: SubjectState, now: number): SubjectRecord {
  return recordOf(subject, currentState(state, now), now);
}

function recordOf({ key, dimension, storedParts }: StoredSubject, state: SubjectState, now: number): SubjectRecord {
  return {
    key,
    dimension,
    parts: storedParts,
    failures: state.failures,
    places: placesOf(state.sources),
    takenBack: takenBackNow(state, now),
    consecutiveFailures: state.consecutiveFailures,
    verifying: state.leases.length,
    lock: isLocked(state, now) ? toLockReport(state, now) : null,
    by: state.by,
    lockedBy: state.lockedBy,
    devicesSince: state.revocation?.before ?? 0,
    firstFailureAt: state.firstFailureAt,
    lastFailureAt: state.lastFailureAt,
  };
}

function toLockReport(state: SubjectState, now: number): LockReport {
  const { failures, consecutiveFailures, cause, tier, limit, lockedUntil, reason } = state;
  const places = placesOf(state.sources);
  const remainingMs = lockedUntil - now;
  return { failures, places, consecutiveFailures, cause, tier, limit, remainingMs, lockedUntil, reason };
}
