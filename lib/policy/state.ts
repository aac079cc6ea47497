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
  /** Failures since the last success or reset, for the hard stop; 0 where there is none. */
  readonly consecutiveFailures: number;
  /** When those go to 0, provided no lock holds then. */
  readonly consecutiveUntil: number;
  readonly firstFailureAt: number | null;
  readonly lastFailureAt: number | null;
  /** Index in the ladder of the tier that locked last, one past its end for the hard stop; null when an operator locked. */
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

/** Failures without a success or reset between them, however slowly they come, that lock until reset. */
export interface PolicyHardStop {
  readonly failures: number;
  /** The time after the last failure after which they are forgotten nevertheless, so that no record stays for ever. */
  readonly forgetAfterMs: number;
}

/** The rules that hold for one dimension. */
export interface Policy {
  /** Ascending by `failures`, at least one. */
  readonly tiers: readonly PolicyTier[];
  readonly forgetAfterMs: number;
  readonly forgetFrom: 'first' | 'last';
  readonly leaseTimeoutMs: number;
  /** A success forgives the failures of this dimension (only where it contains the username), not only of the hard stop. */
  readonly resetOnSuccess: boolean;
  readonly hardStop: PolicyHardStop | null;
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
  consecutiveFailures: 0,
  consecutiveUntil: 0,
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
  if (isLocked(state, now)) return current;
  const isForgotten = state.forgetAt <= now;
  // A slow attacker waits until his failures are forgotten; those of the hard stop stay.
  if (state.consecutiveUntil <= now) return isForgotten ? clearedState(current) : withoutConsecutive(current);
  return isForgotten ? forgottenState(current) : current;
}

/** Failures and lock gone; what is being verified right now stays. */
export function clearedState(state: SubjectState): SubjectState {
  return state.leases.length === 0 ? UNKNOWN_SUBJECT : { ...UNKNOWN_SUBJECT, leases: state.leases };
}

function forgottenState(state: SubjectState): SubjectState {
  const { consecutiveFailures, consecutiveUntil } = state;
  return { ...clearedState(state), consecutiveFailures, consecutiveUntil };
}

/** After a success what follows is not consecutive any more, whether or not it forgives the failures. */
export function withoutConsecutive(state: SubjectState): SubjectState {
  if (state.consecutiveFailures === 0) return state;
  return { ...state, consecutiveFailures: 0, consecutiveUntil: 0 };
}

/** When nothing of the state matters any more and a store may drop the record. */
export function expiresAt(state: SubjectState): number {
  const lastLease = state.leases.reduce((latest, lease) => Math.max(latest, lease.until), 0);
  const forgetAt = state.failures > 0 ? state.forgetAt : 0;
  const consecutiveUntil = state.consecutiveFailures > 0 ? state.consecutiveUntil : 0;
  return Math.max(forgetAt, consecutiveUntil, state.lockedUntil, lastLease);
}

function liveLeases(leases: readonly Lease[], now: number): readonly Lease[] {
  return leases.every((lease) => lease.until > now) ? leases : leases.filter((lease) => lease.until > now);
}
