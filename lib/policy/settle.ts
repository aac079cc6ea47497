/** Giving the slot back with a verdict: the one place where failures are counted and locks fall. */
import { nextThreshold, tierReachedAt } from './ladder.js';
import {
  clearedState,
  currentState,
  isLocked,
  type Lease,
  type Policy,
  type SubjectState,
  type Verdict,
} from './state.js';

export interface Settlement {
  readonly state: SubjectState;
  /** The index of the tier that this very lease reached; null for every other. Whoever gets it emits the event. */
  readonly reachedTier: number | null;
}

/**
 * Settles one lease.
 *
 * A lease that is missing although its time is not over was settled before (a driver repeats a write whose answer was
 * lost), or its record was erased meanwhile: nothing changes, and the answer is the same again. One whose time is over
 * may be gone because of that, and its verdict still counts.
 */
export function settle(state: SubjectState, policy: Policy, now: number, lease: Lease, verdict: Verdict): Settlement {
  const held = state.leases.some(({ id }) => id === lease.id);
  const current = currentState(state, now);
  if (!held && lease.until > now) {
    const didLock = current.lockedBy === lease.id && isLocked(current, now);
    return { state: current, reachedTier: didLock ? current.tier : null };
  }

  const released = { ...current, leases: current.leases.filter(({ id }) => id !== lease.id) };
  if (verdict === 'failure') return countFailure(released, policy, now, lease);
  if (verdict === 'success' && policy.resetOnSuccess && !isLocked(released, now)) {
    return { state: clearedState(released), reachedTier: null };
  }
  return { state: released, reachedTier: null };
}

function countFailure(state: SubjectState, policy: Policy, now: number, lease: Lease): Settlement {
  if (isLocked(state, now)) return { state: countUnderLock(state, policy, now), reachedTier: null };

  const failures = state.failures + 1;
  const firstFailureAt = state.failures === 0 ? now : (state.firstFailureAt ?? now);
  const counted = { ...state, failures, firstFailureAt, lastFailureAt: now };
  const forgetAt = (policy.forgetFrom === 'first' ? firstFailureAt : now) + policy.forgetAfterMs;

  const reachedTier = tierReachedAt(policy.tiers, failures);
  const tier = policy.tiers[reachedTier];
  if (!tier) return { state: { ...counted, forgetAt }, reachedTier: null };

  const lockedUntil = now + tier.cooloffMs;
  return {
    state: {
      ...counted,
      lockedUntil,
      // A lock is no quiet time: "after the last failure" starts when the subject could try again.
      forgetAt: policy.forgetFrom === 'first' ? forgetAt : lockedUntil + policy.forgetAfterMs,
      tier: reachedTier,
      reason: null,
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
function countUnderLock(state: SubjectState, policy: Policy, now: number): SubjectState {
  const failures = Math.min(state.failures + 1, nextThreshold(policy.tiers, state.failures) - 1);
  if (failures === state.failures) return state;
  const firstFailureAt = state.failures === 0 ? now : (state.firstFailureAt ?? now);
  const from = policy.forgetFrom === 'first' ? firstFailureAt : Math.max(now, state.lockedUntil);
  return { ...state, failures, firstFailureAt, lastFailureAt: now, forgetAt: from + policy.forgetAfterMs };
}
