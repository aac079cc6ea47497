/** What an operator does to a subject: lock it by hand, or unlock it. */
import { currentState, erasedState, isLocked, resetState, type SubjectState } from './state.js';

/** A lock that an operator sets, as a store receives it. */
export interface Block {
  /** How long from now, in milliseconds; `Infinity` until reset. */
  readonly forMs: number;
  /** The dimension's `forgetAfterMs`: failures are forgotten at most this long after the lock ends. */
  readonly forgetAfterMs: number;
  /** Why, as the operator gave it; null if they gave none. */
  readonly reason: string | null;
  /** The operator's name; null if none was given. */
  readonly by: string | null;
}

export interface Management {
  /** The state afterwards. */
  readonly state: SubjectState;
  /** Whether the subject was locked before. */
  readonly wasLocked: boolean;
}

/** Locks as requested, whatever lock there was before: an operator, unlike traffic, may shorten or prolong a lock. */
export function block(state: SubjectState, now: number, { forMs, forgetAfterMs, reason, by }: Block): Management {
  const current = currentState(state, now);
  const lockedUntil = now + forMs;
  // Failures that were kept only because of a longer lock are forgotten with it.
  const forgetAt = Math.min(current.forgetAt, lockedUntil + forgetAfterMs);
  return {
    state: {
      ...current,
      lockedUntil,
      forgetAt,
      cause: 'operator',
      tier: null,
      limit: null,
      reason,
      by,
      lockedBy: null,
    },
    wasLocked: isLocked(current, now),
  };
}

/**
 * Lifts the lock and forgets the failures. Leases stay: an attempt being verified right now must still find its slot, or a
 * burst across a reset would be verified beyond the limit.
 */
export function reset(state: SubjectState, now: number): Management {
  const current = currentState(state, now);
  return { state: resetState(current), wasLocked: isLocked(current, now) };
}

/** Like {@link reset}, but also forgets revoked devices. */
export function erase(state: SubjectState, now: number): Management {
  const current = currentState(state, now);
  return { state: erasedState(current), wasLocked: isLocked(current, now) };
}

/** A revocation of known devices, as a store receives it. */
export interface DeviceRevocation {
  /** How long it must be remembered, in milliseconds: as long as the youngest of the revoked tokens would have been accepted. */
  readonly forMs: number;
}

/** Revokes all tokens that known devices of this username have; those issued later are valid. */
export function revokeDevices(state: SubjectState, now: number, { forMs }: DeviceRevocation): SubjectState {
  const current = currentState(state, now);
  const { revocation } = current;
  // A token issued within this very millisecond is revoked. Tokens revoked before the clock was set back stay revoked.
  const before = Math.max(now + 1, revocation?.before ?? 0);
  return { ...current, revocation: { before, until: Math.max(now + forMs, revocation?.until ?? 0) } };
}

/**
 * Resets the subject if its current lock was set by this lease; returns null otherwise. A promise about one lock must never
 * lift a later one.
 */
export function resetLockedBy(state: SubjectState, now: number, lockedBy: string): Management | null {
  return isLocked(state, now) && state.lockedBy === lockedBy ? reset(state, now) : null;
}

/** A lock that an operator lifted, to be set again with the failures that the subject had. */
export interface Restoration
  extends Pick<
    SubjectState,
    | 'failures'
    | 'lockedUntil'
    | 'forgetAt'
    | 'firstFailureAt'
    | 'lastFailureAt'
    | 'cause'
    | 'tier'
    | 'limit'
    | 'reason'
    | 'by'
    | 'lockedBy'
  > {}

/**
 * Sets a lifted lock again; returns null if the subject is locked, or if that lock would have ended. Where the failures came from
 * is not known any more, nor are the failures in a row of a hard stop. Failures since then are not added: the lock would have refused them.
 */
export function restore(state: SubjectState, now: number, lifted: Restoration): Management | null {
  const current = currentState(state, now);
  if (isLocked(current, now) || lifted.lockedUntil <= now) return null;
  const { lockedUntil, cause, tier, limit, reason, by, lockedBy } = lifted;
  const firsts = [current.firstFailureAt, lifted.firstFailureAt].filter((at) => at !== null);
  const lasts = [current.lastFailureAt, lifted.lastFailureAt].filter((at) => at !== null);
  return {
    state: {
      ...current,
      failures: Math.max(current.failures, lifted.failures),
      lockedUntil,
      forgetAt: lifted.failures > 0 ? Math.max(current.forgetAt, lifted.forgetAt) : current.forgetAt,
      firstFailureAt: firsts.length > 0 ? Math.min(...firsts) : null,
      lastFailureAt: lasts.length > 0 ? Math.max(...lasts) : null,
      cause,
      tier,
      limit,
      reason,
      by,
      lockedBy,
    },
    wasLocked: false,
  };
}
