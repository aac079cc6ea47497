/** Giving the slot back with a verdict: the one place where failures are counted and locks fall. */
import { nextThreshold, tierReachedAt } from './ladder.js';
import { countSource, countSpelling, endRow, takeBack } from './sources.js';
import {
  currentState,
  isLocked,
  type Lease,
  type Marks,
  type Policy,
  resetState,
  type Source,
  type SubjectState,
  type Verdict,
} from './state.js';

/** Why a subject is locked by the hard stop, beside a tier index past the end of the ladder. */
export const HARD_STOP_REASON = 'hard stop';

export interface Settlement {
  readonly state: SubjectState;
  /**
   * The index of the tier that this very lease reached, one past the end of the ladder for the hard stop; null for every
   * other. Whoever gets it emits the event.
   */
  readonly reachedTier: number | null;
  /**
   * Whether the verdict came after its lease. Its slot may have been taken again meanwhile, so that telling it would tell of more
   * guesses than there are slots.
   */
  readonly isLate: boolean;
}

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
  { source }: Marks = {},
): Settlement {
  const current = currentState(state, now);
  const isHeld = state.leases.some(({ id }) => id === lease.id);
  if (lease.until > now && !isHeld) {
    const didLock = current.lockedBy === lease.id && isLocked(current, now);
    return { state: current, reachedTier: didLock ? current.tier : null, isLate: false };
  }

  const isLate = lease.until <= now;
  const released = { ...current, leases: current.leases.filter(({ id }) => id !== lease.id) };
  if (verdict === 'failure') {
    const { state: counted, reachedTier } = countFailure(released, policy, now, lease, source);
    return { state: counted, reachedTier, isLate };
  }
  if (verdict === 'success' && !isLate && !isLocked(released, now)) {
    return { state: forgive(released, policy, now, source), reachedTier: null, isLate };
  }
  return { state: released, reachedTier: null, isLate };
}

function forgive(state: SubjectState, policy: Policy, now: number, source: Source | undefined): SubjectState {
  if (policy.resetOnSuccess === 'all') return resetState(state);
  const ended = endRow(state, source);
  return policy.resetOnSuccess && source ? takeBack(ended, policy, now, source) : ended;
}

function countFailure(
  state: SubjectState,
  policy: Policy,
  now: number,
  lease: Lease,
  source: Source | undefined,
): Omit<Settlement, 'isLate'> {
  if (isLocked(state, now)) return { state: countUnderLock(state, policy, now, source), reachedTier: null };

  const failures = state.failures + 1;
  const firstFailureAt = state.failures === 0 ? now : (state.firstFailureAt ?? now);
  const { consecutiveFailures, consecutiveUntil, spellings } = countConsecutive(state, policy, now, source);
  const sources = countSource(state.sources, source, now);
  const forgetAt = (policy.forgetFrom === 'first' ? firstFailureAt : now) + policy.forgetAfterMs;
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
  };

  const isHardStop = policy.hardStop !== null && counted.consecutiveFailures >= policy.hardStop.failures;
  const reachedTier = isHardStop ? policy.tiers.length : tierReachedAt(policy.tiers, failures);
  if (reachedTier < 0) return { state: counted, reachedTier: null };

  const tier = policy.tiers[reachedTier];
  const lockedUntil = now + (tier?.cooloffMs ?? Number.POSITIVE_INFINITY);
  return {
    state: {
      ...counted,
      lockedUntil,
      // A lock is no quiet time: "after the last failure" starts when the subject could try again.
      forgetAt: policy.forgetFrom === 'first' ? forgetAt : lockedUntil + policy.forgetAfterMs,
      tier: reachedTier,
      limit: tier?.failures ?? policy.hardStop?.failures ?? null,
      reason: isHardStop ? HARD_STOP_REASON : null,
      by: null,
      lockedBy: lease.id,
    },
    reachedTier,
  };
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
