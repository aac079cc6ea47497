/** Returns a slot with a verdict: the only place where failures are counted and traffic causes locks. */
import { nextThreshold, tierReachedAt } from './ladder.js';
import { passRepeat, rememberGuess } from './repeats.js';
import { freeSlots } from './reserve.js';
import { countSource, countSpelling, endRow, placesOf, takeBack } from './sources.js';
import {
  currentState,
  isRefusedBy,
  type Lease,
  type Marks,
  NO_LEASES,
  type Policy,
  type PolicyHardStop,
  resetState,
  type Source,
  type SubjectState,
  type Verdict,
  withLeases,
} from './state.js';

/** The state after a lease was settled, and what that changed. */
export interface Settlement {
  /** The state afterwards. */
  readonly state: SubjectState;
  /** Whether the subject is locked now. */
  readonly isLocked: boolean;
  /** How many attempts could be verified now; 0 while locked. */
  readonly freeSlots: number;
  /** Whether this very lease set the lock: true for exactly one failure, and again if its verdict is delivered twice. */
  readonly didLock: boolean;
  /**
   * Whether the verdict arrived after its lease. Its slot may have been taken again meanwhile, so passing the verdict on would
   * reveal more guesses than there are slots.
   */
  readonly isLate: boolean;
  /** Whether the failure was a repeat that is not counted. */
  readonly isRepeat: boolean;
  /** Whether this failure turned the failures into a spray. */
  readonly isSpray: boolean;
  /** Whether the lock it set is the first within 24 hours, as far as the record remembers. */
  readonly isFirstToday: boolean;
}

const DAY_MS = 24 * 3_600_000;

/**
 * Settles one lease.
 *
 * If the lease is missing but has not expired, it was already settled (a driver retried a write whose reply was lost) or its
 * record was erased meanwhile: nothing changes and the reply is repeated. An expired lease may have been dropped; its failure
 * still counts unless it was passed before, but its success takes nothing back. Only what alerts operators may differ the second time: repeats and sprays
 * are not reported again, and a lock is reported as the first of the day.
 *
 * @param marks - where the attempt came from, as a tag that fits this subject
 */
export function settle(
  state: SubjectState,
  policy: Policy,
  now: number,
  lease: Lease,
  verdict: Verdict,
  marks: Marks = {},
): Settlement {
  const current = currentState(state, now);
  const wasLocked = current.lockedUntil > now && isRefusedBy(current, policy);
  const leases = withoutLease(current, lease);
  const isLate = lease.until <= now;
  if ((!isLate || marks.mayBeSettled) && leases.length === current.leases.length && !isHeld(state, lease)) {
    const didLock = current.lockedBy === lease.id && wasLocked;
    return {
      state: current,
      isLocked: wasLocked,
      freeSlots: wasLocked ? 0 : freeSlots(current, policy),
      didLock,
      isLate,
      isRepeat: false,
      isSpray: false,
      isFirstToday: didLock,
    };
  }

  let next: SubjectState;
  let isRepeat = false;
  if (verdict === 'failure') {
    // If the ladder's lock does not refuse, repeats under it would drive an old program on a known device to the hard stop.
    const mayRepeat = !isLate && !wasLocked && (marks.guess !== undefined || marks.isRepeat === true);
    const repeat = mayRepeat ? passRepeat(current, marks, now) : null;
    isRepeat = repeat !== null;
    if (repeat) next = withLeases(repeat, leases);
    else if (policy.rowOnly) next = countRowOnly(withLeases(current, leases), policy, now, lease, marks.source);
    else if (current.lockedUntil > now) next = countUnderLock(withLeases(current, leases), policy, now, marks.source);
    else next = countFailure(current, leases, policy, now, lease, marks);
  } else {
    next = withLeases(current, leases);
    if (verdict === 'success' && !isLate && !wasLocked) next = forgive(next, policy, now, marks.source);
  }
  // No verdict lifts a lock.
  const isLocked = next.lockedUntil > now && isRefusedBy(next, policy);
  // A cool-off of 0 also locks, although it refuses nobody.
  const didLock = next.lockedBy === lease.id && current.lockedBy !== lease.id;
  return {
    state: next,
    isLocked,
    freeSlots: isLocked ? 0 : freeSlots(next, policy),
    didLock,
    isLate,
    isRepeat,
    isSpray: next.isSprayed && !current.isSprayed,
    isFirstToday: didLock && !wasLockedToday(current, policy, now),
  };
}

/** Whether a lock began within 24 hours; a lock that a success or an operator ended is not remembered. */
function wasLockedToday({ failures, lockedUntil, tier }: SubjectState, { tiers }: Policy, now: number): boolean {
  const cooloffMs = tier === null ? 0 : (tiers[tier]?.cooloffMs ?? 0);
  // Without failures, a store may have dropped the record at any time.
  return failures > 0 && lockedUntil > 0 && lockedUntil - cooloffMs > now - DAY_MS;
}

function isHeld({ leases }: SubjectState, { id }: Lease): boolean {
  for (const lease of leases) if (lease.id === id) return true;
  return false;
}

function withoutLease({ leases }: SubjectState, { id }: Lease): readonly Lease[] {
  const [first] = leases;
  // Nearly always the only one.
  return leases.length === 1 && first?.id === id ? NO_LEASES : leases.filter((lease) => lease.id !== id);
}

function forgive(state: SubjectState, policy: Policy, now: number, source: Source | undefined): SubjectState {
  if (policy.rowOnly) return endRow(state, source);
  if (policy.resetOnSuccess === 'all') return resetState(state);
  const ended = endRow(state, source);
  return policy.resetOnSuccess && source ? takeBack(ended, policy, now, source) : ended;
}

/** @param leases - what is left of them; replaced in the same copy of the state, as this is the usual failure */
function countFailure(
  state: SubjectState,
  leases: readonly Lease[],
  policy: Policy,
  now: number,
  lease: Lease,
  { source, guess }: Marks,
): SubjectState {
  const failures = state.failures + 1;
  const firstFailureAt = state.failures === 0 ? now : (state.firstFailureAt ?? now);
  const row = policy.hardStop ? countConsecutive(state, policy.hardStop, now, source) : state;
  const { consecutiveFailures, consecutiveUntil, spellings } = row;
  const sources = countSource(state.sources, source, now);
  const forgetAt = (policy.forgetFrom === 'first' ? firstFailureAt : now) + policy.forgetAfterMs;
  const { sprayNames = Number.POSITIVE_INFINITY } = policy;
  const isSprayed = state.isSprayed || (sources.length >= sprayNames && placesOf(sources) >= sprayNames);
  const counted: SubjectState = {
    ...state,
    failures,
    leases,
    consecutiveFailures,
    consecutiveUntil,
    spellings,
    sources,
    firstFailureAt,
    lastFailureAt: now,
    forgetAt,
    guesses: guess === undefined ? state.guesses : rememberGuess(state.guesses, guess),
    isSprayed,
  };
  // The hard stop comes first because its lock is longer.
  const index = tierReachedAt(policy.tiers, failures);
  const byTier = index < 0 ? null : lockOfTier(policy, index);
  const lock = (policy.hardStop && hardStopReached(counted, policy)) ?? byTier;
  return lock ? locked(counted, policy, now, lease, lock) : counted;
}

/**
 * The username of an attempt on a known device: consecutive failures are counted on, whatever the ladder has locked meanwhile.
 */
function countRowOnly(
  state: SubjectState,
  policy: Policy,
  now: number,
  lease: Lease,
  source: Source | undefined,
): SubjectState {
  const { hardStop } = policy;
  const isUnderLock = state.lockedUntil > now && isRefusedBy(state, policy);
  if (!hardStop) return state;
  const row = isUnderLock
    ? countConsecutiveUnderLock(state, policy, now, source)
    : countConsecutive(state, hardStop, now, source);
  const { consecutiveFailures, consecutiveUntil, spellings } = row;
  const counted = { ...state, consecutiveFailures, consecutiveUntil, spellings };
  const lock = isUnderLock ? null : hardStopReached(counted, policy);
  return lock ? locked(counted, policy, now, lease, lock) : counted;
}

function locked(
  state: SubjectState,
  { forgetFrom, forgetAfterMs }: Policy,
  now: number,
  { id: lockedBy }: Lease,
  { cooloffMs, ...facts }: ReachedLock,
): SubjectState {
  const lockedUntil = now + cooloffMs;
  // A lock is not quiet time: "after the last failure" starts when the subject can try again.
  const forgetAt = forgetFrom === 'first' ? state.forgetAt : lockedUntil + forgetAfterMs;
  return { ...state, ...facts, lockedUntil, forgetAt, reason: null, by: null, lockedBy };
}

interface ReachedLock extends Pick<SubjectState, 'cause' | 'tier' | 'limit'> {
  readonly cooloffMs: number;
}

function hardStopReached({ consecutiveFailures }: SubjectState, { hardStop }: Policy): ReachedLock | null {
  if (!hardStop || consecutiveFailures < hardStop.failures) return null;
  return { cause: 'hardStop', tier: null, limit: hardStop.failures, cooloffMs: Number.POSITIVE_INFINITY };
}

function lockOfTier({ tiers }: Policy, index: number): ReachedLock | null {
  const tier = tiers[index];
  return tier ? { cause: 'tier', tier: index, limit: tier.failures, cooloffMs: tier.cooloffMs } : null;
}

/**
 * A verdict that arrives under a lock (verified before an operator's block, or later than its lease) counts, but stops one
 * short of the next tier: if it reached the tier here, the tier would be passed without its lock.
 */
function countUnderLock(state: SubjectState, policy: Policy, now: number, source: Source | undefined): SubjectState {
  const { consecutiveFailures, consecutiveUntil, spellings } = countConsecutiveUnderLock(state, policy, now, source);
  const counted = { ...state, consecutiveFailures, consecutiveUntil, spellings };
  const failures = Math.min(state.failures + 1, nextThreshold(policy.tiers, state.failures) - 1);
  if (failures === state.failures) return counted;
  const firstFailureAt = state.failures === 0 ? now : (state.firstFailureAt ?? now);
  const from = policy.forgetFrom === 'first' ? firstFailureAt : Math.max(now, state.lockedUntil);
  const sources = countSource(state.sources, source, now);
  const dates = { firstFailureAt, lastFailureAt: now, forgetAt: from + policy.forgetAfterMs };
  return { ...counted, failures, sources, ...dates };
}

type Row = Pick<SubjectState, 'consecutiveFailures' | 'consecutiveUntil' | 'spellings'>;

function countConsecutive(state: SubjectState, hardStop: PolicyHardStop, now: number, source: Source | undefined): Row {
  return {
    consecutiveFailures: state.consecutiveFailures + 1,
    consecutiveUntil: now + hardStop.forgetAfterMs,
    spellings: countSpelling(state.spellings, source),
  };
}

function countConsecutiveUnderLock(
  state: SubjectState,
  { hardStop }: Policy,
  now: number,
  source: Source | undefined,
): Row {
  const isOneShort = hardStop !== null && state.consecutiveFailures + 1 < hardStop.failures;
  return isOneShort ? countConsecutive(state, hardStop, now, source) : state;
}
