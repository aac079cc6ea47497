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

export interface Settlement {
  readonly state: SubjectState;
  /** Whether this very lease locked: true for one failure of all, and again where its verdict is told twice. */
  readonly didLock: boolean;
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
    return { state: current, didLock, isLate: false };
  }

  const isLate = lease.until <= now;
  const released = { ...current, leases: current.leases.filter(({ id }) => id !== lease.id) };
  if (verdict === 'failure') {
    const { state: counted, didLock } = countFailure(released, policy, now, lease, source);
    return { state: counted, didLock, isLate };
  }
  if (verdict === 'success' && !isLate && !isLocked(released, now)) {
    return { state: forgive(released, policy, now, source), didLock: false, isLate };
  }
  return { state: released, didLock: false, isLate };
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
  if (isLocked(state, now)) return { state: countUnderLock(state, policy, now, source), didLock: false };

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

  const lock = lockReached(counted, policy);
  if (!lock) return { state: counted, didLock: false };

  const { cooloffMs, ...facts } = lock;
  const lockedUntil = now + cooloffMs;
  return {
    state: {
      ...counted,
      ...facts,
      lockedUntil,
      // A lock is no quiet time: "after the last failure" starts when the subject could try again.
      forgetAt: policy.forgetFrom === 'first' ? forgetAt : lockedUntil + policy.forgetAfterMs,
      reason: null,
      by: null,
      lockedBy: lease.id,
    },
    didLock: true,
  };
}

interface ReachedLock extends Pick<SubjectState, 'cause' | 'tier' | 'limit'> {
  readonly cooloffMs: number;
}

/** The lock that exactly these failures reach; null for none. The hard stop comes first: it is the longer one. */
function lockReached({ failures, consecutiveFailures }: SubjectState, { tiers, hardStop }: Policy): ReachedLock | null {
  if (hardStop && consecutiveFailures >= hardStop.failures) {
    return { cause: 'hardStop', tier: null, limit: hardStop.failures, cooloffMs: Number.POSITIVE_INFINITY };
  }
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
