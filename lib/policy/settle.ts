/** Giving the slot back with a verdict: the one place where failures are counted and locks fall. */
import { nextThreshold, tierReachedAt } from './ladder.js';
import { passRepeat, rememberGuess } from './repeats.js';
import { countSource, countSpelling, endRow, placesOf, takeBack } from './sources.js';
import {
  currentState,
  isLocked,
  isRefused,
  type Lease,
  type Marks,
  type Policy,
  resetState,
  type Source,
  type SubjectState,
  type Verdict,
} from './state.js';

export interface Settlement {
  readonly state: SubjectState;
  /** Whether this very lease locked: true for one failure of all, and again where its verdict is told twice. */
  readonly didLock: boolean;
  /**
   * Whether the verdict came after its lease. Its slot may have been taken again meanwhile, so that telling it would tell of more
   * guesses than there are slots.
   */
  readonly isLate: boolean;
  /** Whether the failure was a repeat that is not counted. */
  readonly isRepeat: boolean;
  /** Whether this failure made it a spray. */
  readonly isSpray: boolean;
}

/** What a verdict changed. */
type Change = Omit<Settlement, 'isLate'>;

/**
 * Settles one lease.
 *
 * A lease that is missing although its time is not over was settled before (a driver repeats a write whose answer was
 * lost), or its record was erased meanwhile: nothing changes, and the answer is the same again. One whose time is over
 * may be gone because of that; its failure still counts, its success takes nothing back.
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
  const isHeld = state.leases.some(({ id }) => id === lease.id);
  if (lease.until > now && !isHeld) {
    const didLock = current.lockedBy === lease.id && isLocked(current, now);
    return { ...unchanged(current), didLock, isLate: false };
  }

  const isLate = lease.until <= now;
  const released = { ...current, leases: current.leases.filter(({ id }) => id !== lease.id) };
  if (verdict === 'failure') {
    // Where the ladder's lock does not refuse, repeats under it would lead an old program on a known device to the hard stop.
    const repeat = !isLate && !isRefused(released, policy, now) ? passRepeat(released, marks, now) : null;
    if (repeat) return { ...unchanged(repeat), isLate, isRepeat: true };
    return { ...countFailure(released, policy, now, lease, marks), isLate };
  }
  if (verdict === 'success' && !isLate && !isRefused(released, policy, now)) {
    return { ...unchanged(forgive(released, policy, now, marks.source)), isLate };
  }
  return { ...unchanged(released), isLate };
}

function unchanged(state: SubjectState): Change {
  return { state, didLock: false, isRepeat: false, isSpray: false };
}

function forgive(state: SubjectState, policy: Policy, now: number, source: Source | undefined): SubjectState {
  if (policy.rowOnly) return endRow(state, source);
  if (policy.resetOnSuccess === 'all') return resetState(state);
  const ended = endRow(state, source);
  return policy.resetOnSuccess && source ? takeBack(ended, policy, now, source) : ended;
}

function countFailure(
  state: SubjectState,
  policy: Policy,
  now: number,
  lease: Lease,
  { source, guess }: Marks,
): Change {
  if (policy.rowOnly) return countRowOnly(state, policy, now, lease, source);
  if (isLocked(state, now)) return unchanged(countUnderLock(state, policy, now, source));

  const failures = state.failures + 1;
  const firstFailureAt = state.failures === 0 ? now : (state.firstFailureAt ?? now);
  const { consecutiveFailures, consecutiveUntil, spellings } = countConsecutive(state, policy, now, source);
  const sources = countSource(state.sources, source, now);
  const forgetAt = (policy.forgetFrom === 'first' ? firstFailureAt : now) + policy.forgetAfterMs;
  const isSprayed = state.isSprayed || placesOf(sources) >= (policy.sprayNames ?? Number.POSITIVE_INFINITY);
  const counted: SubjectState = {
    ...state,
    failures,
    consecutiveFailures,
    consecutiveUntil,
    spellings,
    sources,
    firstFailureAt,
    lastFailureAt: now,
    forgetAt,
    guesses: rememberGuess(state.guesses, guess),
    isSprayed,
  };
  const isSpray = isSprayed !== state.isSprayed;
  const lock = lockReached(counted, policy);
  if (!lock) return { ...unchanged(counted), isSpray };
  return { ...unchanged(locked(counted, policy, now, lease, lock)), didLock: true, isSpray };
}

/** The username of an attempt that counts on its known device: whatever the ladder has locked meanwhile, the row goes on. */
function countRowOnly(
  state: SubjectState,
  policy: Policy,
  now: number,
  lease: Lease,
  source: Source | undefined,
): Change {
  if (isRefused(state, policy, now)) {
    return unchanged({ ...state, ...countConsecutiveUnderLock(state, policy, now, source) });
  }
  const { consecutiveFailures, consecutiveUntil, spellings } = countConsecutive(state, policy, now, source);
  const counted = { ...state, consecutiveFailures, consecutiveUntil, spellings };
  const lock = hardStopReached(counted, policy);
  if (!lock) return unchanged(counted);
  return { ...unchanged(locked(counted, policy, now, lease, lock)), didLock: true };
}

function locked(
  state: SubjectState,
  { forgetFrom, forgetAfterMs }: Policy,
  now: number,
  { id: lockedBy }: Lease,
  { cooloffMs, ...facts }: ReachedLock,
): SubjectState {
  const lockedUntil = now + cooloffMs;
  // A lock is no quiet time: "after the last failure" starts when the subject could try again.
  const forgetAt = forgetFrom === 'first' ? state.forgetAt : lockedUntil + forgetAfterMs;
  return { ...state, ...facts, lockedUntil, forgetAt, reason: null, by: null, lockedBy };
}

interface ReachedLock extends Pick<SubjectState, 'cause' | 'tier' | 'limit'> {
  readonly cooloffMs: number;
}

/** The lock that exactly these failures reach; null for none. The hard stop comes first: it is the longer one. */
function lockReached(state: SubjectState, policy: Policy): ReachedLock | null {
  return hardStopReached(state, policy) ?? tierReached(state, policy);
}

function hardStopReached({ consecutiveFailures }: SubjectState, { hardStop }: Policy): ReachedLock | null {
  if (!hardStop || consecutiveFailures < hardStop.failures) return null;
  return { cause: 'hardStop', tier: null, limit: hardStop.failures, cooloffMs: Number.POSITIVE_INFINITY };
}

function tierReached({ failures }: SubjectState, { tiers }: Policy): ReachedLock | null {
  const index = tierReachedAt(tiers, failures);
  const tier = tiers[index];
  return tier ? { cause: 'tier', tier: index, limit: tier.failures, cooloffMs: tier.cooloffMs } : null;
}

/**
 * A verdict that comes in under a lock (verified before an operator's block, or later than its lease) counts, but stops
 * one short of the next tier: reaching it here would pass it over without its lock.
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

function countConsecutive(state: SubjectState, { hardStop }: Policy, now: number, source: Source | undefined): Row {
  if (!hardStop) return state;
  return {
    consecutiveFailures: state.consecutiveFailures + 1,
    consecutiveUntil: now + hardStop.forgetAfterMs,
    spellings: countSpelling(state.spellings, source),
  };
}

function countConsecutiveUnderLock(state: SubjectState, policy: Policy, now: number, source: Source | undefined): Row {
  const isOneShort = state.consecutiveFailures + 1 < (policy.hardStop?.failures ?? 0);
  return isOneShort ? countConsecutive(state, policy, now, source) : state;
}
