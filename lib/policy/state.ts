/**
 * What is known of one subject, and the words for what may happen to it.
 *
 * All instants are epoch milliseconds of the store's clock; `Infinity` as an instant means "until reset", as a
 * duration "for ever". Nothing in this folder reads a clock, a store or a request.
 */

/** A slot taken by an attempt that is being verified now. */
export interface Lease {
  /** Unique over all processes that share the store. */
  readonly id: string;
  /** When the slot comes back by itself, in epoch milliseconds of the store's clock. */
  readonly until: number;
}

export interface SubjectState {
  readonly failures: number;
  readonly leases: readonly Lease[];
  /** 0 when the subject was never locked; may lie in the past. */
  readonly lockedUntil: number;
  /** When the failures go to 0, provided no lock holds then. */
  readonly forgetAt: number;
  readonly firstFailureAt: number | null;
  readonly lastFailureAt: number | null;
  /** Index in the ladder of the tier that locked last; null when an operator locked. */
  readonly tier: number | null;
  /** Why the subject is locked, as given to `block`. */
  readonly reason: string | null;
  /** Who locked it, as given to `block`. */
  readonly by: string | null;
  /** The lease whose failure locked it, so that the same verdict told twice gets the same answer; null for `block`. */
  readonly lockedBy: string | null;
}

/** One step of a ladder: reaching `failures` locks for `cooloffMs`. */
export interface PolicyTier {
  readonly failures: number;
  readonly cooloffMs: number;
}

/** The rules that hold for one dimension. */
export interface Policy {
  /** Ascending by `failures`, at least one. */
  readonly tiers: readonly PolicyTier[];
  readonly forgetAfterMs: number;
  readonly forgetFrom: 'first' | 'last';
  readonly leaseTimeoutMs: number;
  /** A success forgives the failures of this dimension (only where it contains the username). */
  readonly resetOnSuccess: boolean;
}

/** What became of a verified attempt: wrong, right, or not judged at all (error, pass, redirect). */
export type Verdict = 'failure' | 'success' | 'release';

const NO_LEASES: readonly Lease[] = Object.freeze([]);

/** A subject of which nothing is known. */
export const UNKNOWN_SUBJECT: SubjectState = Object.freeze({
  failures: 0,
  leases: NO_LEASES,
  lockedUntil: 0,
  forgetAt: 0,
  firstFailureAt: null,
  lastFailureAt: null,
  tier: null,
  reason: null,
  by: null,
  lockedBy: null,
});

export function isLocked(state: SubjectState, now: number): boolean {
  return state.lockedUntil > now;
}

/**
 * The state as it stands now: leases that timed out are gone, failures whose time has come are forgotten.
 * Failures are never forgotten under a lock, so that a long lock cannot outlive its own reason.
 */
export function currentState(state: SubjectState, now: number): SubjectState {
  const leases = liveLeases(state.leases, now);
  const current = leases === state.leases ? state : { ...state, leases };
  return state.forgetAt <= now && !isLocked(state, now) ? clearedState(current) : current;
}

/** Failures and lock gone; what is being verified right now stays. */
export function clearedState(state: SubjectState): SubjectState {
  return state.leases.length === 0 ? UNKNOWN_SUBJECT : { ...UNKNOWN_SUBJECT, leases: state.leases };
}

/** When nothing of the state matters any more and a store may drop the record. */
export function expiresAt(state: SubjectState): number {
  const lastLease = state.leases.reduce((latest, lease) => Math.max(latest, lease.until), 0);
  return Math.max(state.failures > 0 ? state.forgetAt : 0, state.lockedUntil, lastLease);
}

function liveLeases(leases: readonly Lease[], now: number): readonly Lease[] {
  return leases.every((lease) => lease.until > now) ? leases : leases.filter((lease) => lease.until > now);
}
