/**
 * What is known about one subject, and the types of what may happen to it.
 *
 * All instants are epoch milliseconds of the store's clock; `Infinity` means "until reset" as an instant and "forever" as a
 * duration. Nothing in this folder reads a clock, a store or a request.
 */

/** A slot taken by an attempt that is being verified now. */
export interface Lease {
  /** Unique over all processes that share the store. */
  readonly id: string;
  /** When the slot is released automatically, in epoch milliseconds of the store's clock. */
  readonly until: number;
}

/** Where an attempt came from, as two short strings that are only compared for equality. */
export interface Source {
  /** The address if the subject includes a username, otherwise the name; empty if unknown. */
  readonly place: string;
  /** The name exactly as the client wrote it, not folded. Never empty. */
  readonly spelling: string;
}

/** The failures of one source. */
export interface SourceCount extends Source {
  /** Failures of this source. */
  readonly failures: number;
  /** When the first of them happened. */
  readonly firstAt: number;
  /** When the last of them happened. */
  readonly lastAt: number;
}

/** Consecutive failures under one spelling, for the hard stop. */
export interface SpellingCount {
  /** The name exactly as the client wrote it; empty for the count that further spellings share. */
  readonly spelling: string;
  /** Failures under this spelling, in a row. */
  readonly failures: number;
}

/** What locks a subject: a tier of its ladder, the hard stop, or an operator by `block`. */
export type LockCause = 'tier' | 'hardStop' | 'operator';

/** Repeats of a recent wrong guess that were not counted. */
export interface Repeats {
  /** How many there were. */
  readonly count: number;
  /** When the first of them arrived; a minute later they no longer matter. */
  readonly since: number;
}

/** Revoked tokens of known devices. */
export interface Revocation {
  /** Those issued before this instant. */
  readonly before: number;
  /** When the last of them would have expired by itself. */
  readonly until: number;
}

/** What the policy knows about one subject. */
export interface SubjectState {
  /** The failures that are not forgotten or taken back. */
  readonly failures: number;
  /** The slots taken by attempts that are being verified. */
  readonly leases: readonly Lease[];
  /** 0 when the subject was never locked; may be in the past. */
  readonly lockedUntil: number;
  /** When the failures are reset to 0, provided no lock holds then. */
  readonly forgetAt: number;
  /**
   * Where the failures came from, at most 65 counts: further sources share one with unknown ones. Failures of an old record may
   * be in none of them.
   */
  readonly sources: readonly SourceCount[];
  /**
   * When successes took failures back, one entry per failure, oldest first; at most as many as the policy allows within 24
   * hours.
   */
  readonly takenBackAt: readonly number[];
  /** Failures since the last success or reset, for the hard stop; 0 without one. */
  readonly consecutiveFailures: number;
  /** The spellings of those failures, at most 17 counts: further spellings share one. */
  readonly spellings: readonly SpellingCount[];
  /** When those failures are reset to 0, provided no lock holds then. */
  readonly consecutiveUntil: number;
  /** When the first of the failures happened; null if there is none. */
  readonly firstFailureAt: number | null;
  /** When the last of them happened; null if there is none. */
  readonly lastFailureAt: number | null;
  /** Digests of the last wrong guesses, oldest first, at most 3; removed with the last failure. */
  readonly guesses: readonly string[];
  /** Null when there were none within the last minute; a success does not clear them. */
  readonly repeats: Repeats | null;
  /** Whether a spray from here was reported and has not faded since. */
  readonly isSprayed: boolean;
  /** Null when no devices were revoked. Neither a success nor a reset clears it. */
  readonly revocation: Revocation | null;
  /** What locked last; null if nothing did. */
  readonly cause: LockCause | null;
  /** Index in the ladder of the tier that locked last; null for the hard stop and for an operator's lock. */
  readonly tier: number | null;
  /**
   * The threshold of that tier, or of the hard stop; null when an operator locked. Stored because the lock may be reported
   * under another ladder: by another process, or for another attempt.
   */
  readonly limit: number | null;
  /** Why the subject is locked, as given to `block`. */
  readonly reason: string | null;
  /** Who locked it, as given to `block`. */
  readonly by: string | null;
  /** The lease whose failure locked it, so that a verdict delivered twice gets the same reply; null for `block`. */
  readonly lockedBy: string | null;
}

/** One step of a ladder: reaching `failures` locks for `cooloffMs`. */
export interface PolicyTier {
  /** From 1. */
  readonly failures: number;
  /** Milliseconds; `Infinity` until reset. */
  readonly cooloffMs: number;
}

/** Locks until reset after this many failures without a success or reset between them, however slowly they come. */
export interface PolicyHardStop {
  /** From 1. */
  readonly failures: number;
  /** How long after the last failure they are forgotten nevertheless, so that no record is kept forever. */
  readonly forgetAfterMs: number;
}

/** The rules of one dimension. */
export interface Policy {
  /** Ascending by `failures`, at least one. */
  readonly tiers: readonly PolicyTier[];
  /** The time after which failures are forgotten, in milliseconds; `Infinity` for never. */
  readonly forgetAfterMs: number;
  /** Whether that time runs from the first failure or from the last. */
  readonly forgetFrom: 'first' | 'last';
  /** How long a slot is kept for an attempt, in milliseconds. */
  readonly leaseTimeoutMs: number;
  /**
   * What a success forgives: failures of the same place under the same spelling (`true`), all of them (`'all'`), or only those
   * of the hard stop (`false`).
   */
  readonly resetOnSuccess: boolean | 'all';
  /** How many failures successes take back within any 24 hours at most, if `resetOnSuccess` is true; `Infinity` for all. */
  readonly maxTakenBack: number;
  /** The hard stop; null if there is none. */
  readonly hardStop: PolicyHardStop | null;
  /**
   * Whether only the hard stop is counted, and only a lock of the hard stop or of an operator refuses: for the username of an
   * attempt that counts on its known device.
   * @default false
   */
  readonly rowOnly?: boolean;
  /**
   * The number of names with failures at an address from which it counts as spraying; undefined to disable the check.
   * @default undefined
   */
  readonly sprayNames?: number | undefined;
}

/** The outcome of a verified attempt: wrong, right, or not judged at all (error, pass, redirect). */
export type Verdict = 'failure' | 'success' | 'release';

/** What a verdict says about its attempt besides right or wrong. */
export interface Marks {
  /** If unknown, a failure is attributed to no source, and a success takes nothing back. */
  readonly source?: Source | undefined;
  /** Digest of the guess. A failure whose digest the subject remembers is not counted, a few times a minute. */
  readonly guess?: string | undefined;
  /**
   * Whether another subject of the attempt found the failure to be a repeat: it is then not counted here either, a few times a
   * minute.
   */
  readonly isRepeat?: boolean | undefined;
  /**
   * The same, to be found out: whether the failure is a repeat if each of the guesses settled in the same step is one. For
   * `settleAll` only.
   */
  readonly followsGuess?: boolean | undefined;
  /**
   * Whether the verdict may have been settled before: it was passed before without an answer, or it is passed in time, so that what
   * comes late may come for the second time (a client of a database may send a command again by itself). A lease that is missing was
   * then settled, even if it is over: the failure is not counted again. Without this, a failure that arrives after its lease counts.
   */
  readonly mayBeSettled?: boolean | undefined;
}

/** The period within which successes take back at most `maxTakenBack`, wherever it begins. */
export const TAKEN_BACK_WINDOW_MS = 24 * 3_600_000;
/** The period in which repeats of a wrong guess are counted against their own limit. */
export const REPEATS_WINDOW_MS = 60_000;

export const NO_LEASES: readonly Lease[] = Object.freeze([]);
const NO_COUNTS: readonly never[] = Object.freeze([]);

/** The state of a subject about which nothing is known. */
export const UNKNOWN_SUBJECT: SubjectState = Object.freeze({
  failures: 0,
  leases: NO_LEASES,
  lockedUntil: 0,
  forgetAt: 0,
  sources: NO_COUNTS,
  takenBackAt: NO_COUNTS,
  consecutiveFailures: 0,
  consecutiveUntil: 0,
  spellings: NO_COUNTS,
  firstFailureAt: null,
  lastFailureAt: null,
  guesses: NO_COUNTS,
  repeats: null,
  isSprayed: false,
  revocation: null,
  cause: null,
  tier: null,
  limit: null,
  reason: null,
  by: null,
  lockedBy: null,
});

/**
 * Returns the state with these leases. Listed member by member: each attempt does this twice per subject, and a spread of a frozen
 * object such as `UNKNOWN_SUBJECT` takes V8 several times as long and three times the memory.
 */
export function withLeases(state: SubjectState, leases: readonly Lease[]): SubjectState {
  return {
    failures: state.failures,
    leases,
    lockedUntil: state.lockedUntil,
    forgetAt: state.forgetAt,
    sources: state.sources,
    takenBackAt: state.takenBackAt,
    consecutiveFailures: state.consecutiveFailures,
    consecutiveUntil: state.consecutiveUntil,
    spellings: state.spellings,
    firstFailureAt: state.firstFailureAt,
    lastFailureAt: state.lastFailureAt,
    guesses: state.guesses,
    repeats: state.repeats,
    isSprayed: state.isSprayed,
    revocation: state.revocation,
    cause: state.cause,
    tier: state.tier,
    limit: state.limit,
    reason: state.reason,
    by: state.by,
    lockedBy: state.lockedBy,
  };
}

/** Whether the subject is locked at `now`, in epoch milliseconds. */
export function isLocked(state: SubjectState, now: number): boolean {
  return state.lockedUntil > now;
}

/** Whether the current lock refuses an attempt under this policy. */
export function isRefusedBy({ tier }: Pick<SubjectState, 'tier'>, { rowOnly }: Policy): boolean {
  return !(rowOnly && tier !== null);
}

/**
 * Returns the state as of now, without expired leases and failures that are due to be forgotten. Failures are never forgotten
 * under a lock, so that a long lock cannot outlive its own reason.
 */
export function currentState(state: SubjectState, now: number): SubjectState {
  let { leases } = state;
  for (const { until } of leases) if (until <= now) leases = liveLeases(state.leases, now);
  const revocation = state.revocation && state.revocation.until > now ? state.revocation : null;
  const isSame = leases === state.leases && revocation === state.revocation;
  const current = isSame ? state : { ...state, leases, revocation };
  if (state.lockedUntil > now) return current;
  const hasRow = current.consecutiveFailures > 0;
  // A slow attacker waits until their failures are forgotten; those of the hard stop stay.
  const row = hasRow && current.consecutiveUntil <= now ? withoutConsecutive(current) : current;
  // Without failures, a lock that has ended leaves nothing: a store may have dropped the record.
  const isDue = row.forgetAt <= now || row.failures === 0;
  return isDue && hasFailed(row) ? forgottenState(row) : row;
}

/** Removes failures and lock; keeps the attempts being verified right now and the revocation of devices. */
export function resetState({ leases, revocation }: SubjectState): SubjectState {
  return leases.length === 0 && !revocation ? UNKNOWN_SUBJECT : { ...UNKNOWN_SUBJECT, leases, revocation };
}

/** Removes everything except the attempts being verified right now. */
export function erasedState(state: SubjectState): SubjectState {
  return resetState({ ...state, revocation: null });
}

/** Removes failures and lock, nothing else. */
export function withoutFailures(state: SubjectState): SubjectState {
  return {
    ...state,
    failures: 0,
    lockedUntil: 0,
    forgetAt: 0,
    sources: NO_COUNTS,
    firstFailureAt: null,
    lastFailureAt: null,
    guesses: NO_COUNTS,
    isSprayed: false,
    cause: null,
    tier: null,
    limit: null,
    reason: null,
    by: null,
    lockedBy: null,
  };
}

/** One shared object for all subjects about which nothing is known: a memory store may hold a million. */
function forgottenState(state: SubjectState): SubjectState {
  const { consecutiveFailures, takenBackAt, repeats } = state;
  if (consecutiveFailures > 0 || takenBackAt.length > 0 || repeats) return withoutFailures(state);
  return resetState(state);
}

/** Whether there is anything to forget: failures, or the remains of a lock. */
function hasFailed({ failures, lockedUntil }: SubjectState): boolean {
  return failures > 0 || lockedUntil > 0;
}

function withoutConsecutive(state: SubjectState): SubjectState {
  return { ...state, consecutiveFailures: 0, consecutiveUntil: 0, spellings: NO_COUNTS };
}

/**
 * Returns when the state expires and a store may drop the record. Failures taken back within a day, repeats and revoked devices
 * matter to later attempts, though not to anyone who inspects the subject.
 */
export function expiresAt(state: SubjectState): number {
  const { takenBackAt, repeats, revocation } = state;
  const lastTakenBackAt = takenBackAt.at(-1);
  return Math.max(
    mattersUntil(state),
    lastTakenBackAt === undefined ? 0 : lastTakenBackAt + TAKEN_BACK_WINDOW_MS,
    repeats ? repeats.since + REPEATS_WINDOW_MS : 0,
    revocation?.until ?? 0,
  );
}

/** Returns until when the subject has anything that an operator would want to see. */
export function mattersUntil(state: SubjectState): number {
  const forgetAt = state.failures > 0 ? state.forgetAt : 0;
  const consecutiveUntil = state.consecutiveFailures > 0 ? state.consecutiveUntil : 0;
  let last = Math.max(forgetAt, consecutiveUntil, state.lockedUntil);
  for (const { until } of state.leases) if (until > last) last = until;
  return last;
}

/**
 * Returns until when the record must not be dropped because of its lock, its last lease or its revocation; otherwise its
 * guesses would be granted again, or revoked devices recognised again.
 */
export function keptUntil(state: SubjectState): number {
  let last = Math.max(state.lockedUntil, state.revocation?.until ?? 0);
  for (const { until } of state.leases) if (until > last) last = until;
  return last;
}

/** Whether nothing is known but that the subject is being verified. */
export function isOnlyLeased(state: SubjectState): boolean {
  return (
    state.leases.length > 0 &&
    state.failures === 0 &&
    state.consecutiveFailures === 0 &&
    state.lockedUntil === 0 &&
    state.takenBackAt.length === 0 &&
    !state.repeats &&
    !state.revocation
  );
}

function liveLeases(leases: readonly Lease[], now: number): readonly Lease[] {
  return leases.filter(({ until }) => until > now);
}
