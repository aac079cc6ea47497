/** Taking a slot before the credentials are verified: the step that makes the limit hold under parallel guesses. */
import { failuresUntilHardStop, nextThreshold } from './ladder.js';
import { currentState, isRefusedBy, type Lease, type Policy, type SubjectState, withLeases } from './state.js';

/** The state after a slot was requested, and the lease if there was one. */
export type Reservation =
  | {
      /** The attempt may be verified. */
      readonly outcome: 'taken';
      /** The state with the lease. */
      readonly state: SubjectState;
      /** The slot that the attempt has. */
      readonly lease: Lease;
      /** How many slots are left for others. */
      readonly freeSlots: number;
    }
  | {
      /** No slot was taken; see {@link reserve}. */
      readonly outcome: 'busy' | 'locked' | 'free';
      /** The state as of now. */
      readonly state: SubjectState;
    };

/**
 * Requests one of the slots that are left until the next lock.
 *
 * - `locked`: the subject is refused; nothing changes, so attempts under a lock neither count nor prolong it.
 * - `busy`: every remaining slot is being verified right now; wait for an outcome.
 * - `taken`: the attempt may be verified. Another call with the same id returns the same lease.
 * - `free`: the same without taking a slot, for a subject that an attempt only inspects.
 *
 * @param id - of the lease; null to inspect only
 */
export function reserve(state: SubjectState, policy: Policy, now: number, id: string | null): Reservation {
  const current = currentState(state, now);
  if (current.lockedUntil > now && isRefusedBy(current, policy)) return { outcome: 'locked', state: current };

  if (id === null) return { outcome: 'free', state: current };

  const free = freeSlots(current, policy);
  for (const lease of current.leases) {
    if (lease.id === id) return { outcome: 'taken', state: current, lease, freeSlots: free };
  }
  if (free <= 0) return { outcome: 'busy', state: current };

  const lease = { id, until: now + policy.leaseTimeoutMs };
  // An array spread from an empty one has room for sixteen more, in each of a million records.
  const leases = current.leases.length === 0 ? [lease] : [...current.leases, lease];
  const next = withLeases(current, leases);
  return { outcome: 'taken', state: next, lease, freeSlots: free - 1 };
}

/**
 * Returns how many attempts may be verified at once before the next lock, less those already being verified.
 *
 * Never more than the first tier has room for, however far the next one is: a reset meanwhile sets the failures to zero, and
 * the attempts under way must then not reach beyond the first lock. So no guess that was granted in time ever fails under the
 * lock of a tier, where it could not count in full.
 */
export function freeSlots(
  state: Pick<SubjectState, 'failures' | 'consecutiveFailures'> & { readonly leases: { readonly length: number } },
  policy: Policy,
): number {
  if (policy.rowOnly) return failuresUntilHardStop(state, policy) - state.leases.length;
  const afterReset = policy.tiers[0]?.failures ?? 1;
  const untilTier = nextThreshold(policy.tiers, state.failures) - state.failures;
  const untilLock = policy.hardStop ? Math.min(untilTier, failuresUntilHardStop(state, policy)) : untilTier;
  return Math.min(untilLock, afterReset) - state.leases.length;
}
