/** Faults of locks. */
import type { Policy, PolicyTier } from '../../../lib/policy/index.js';
import type { ReserveReply, SettleReply } from '../../../lib/policy/replies.js';
import type { SlotRequest, SlotVerdict } from '../../../lib/stores/store.js';
import type { Subject } from '../../../lib/subject/key.js';
import type { Plants } from './plant.js';

const EARLY_MS = 200;
const STUCK_MS = 3_000;

export const PLANTS_OF_LOCKS: Plants = {
  'crossed-lock': {
    what: 'a lock is read late, and a guess is let through',
    finds: ['crossed'],
    every: 4,
    into: (store, strikes) => ({
      reserveAll: async (requests) => {
        const replies = await store.reserveAll(requests);
        const isLocked = replies.some(({ outcome }) => outcome === 'locked');
        return isLocked && strikes() ? requests.map(granted) : replies;
      },
    }),
  },
  'late-lock': {
    what: 'a lock comes one failure late',
    finds: ['late', 'crossed'],
    every: 1,
    into: (store) => ({
      reserveAll: (requests) => store.reserveAll(requests.map(withRoom)),
      settleAll: (verdicts) => store.settleAll(verdicts.map(withRoom)),
    }),
  },
  'extra-slot': {
    what: 'beside others, one guess more is verified than there are slots',
    finds: ['crossed', 'late'],
    every: 1,
    into: (store, strikes) => ({
      reserveAll: async (requests) => {
        const replies = await store.reserveAll(requests);
        const isBusy = replies.some(({ outcome }) => outcome === 'busy');
        return isBusy && strikes() ? store.reserveAll(requests.map(withRoom)) : replies;
      },
    }),
  },
  'short-lock': {
    what: 'a lock is half as long as its tier says',
    finds: ['end'],
    every: 1,
    into: (store) => ({ settleAll: (verdicts) => store.settleAll(verdicts.map(withHalf)) }),
  },
  'lifted-lock': {
    what: 'a lock is gone long before it ends',
    finds: ['crossed'],
    every: 4,
    into: (store, strikes) => ({
      settleAll: async (verdicts) => {
        const replies = await store.settleAll(verdicts);
        for (const [index, { didLock }] of replies.entries()) {
          if (!didLock || !strikes()) continue;
          const { subject, policy } = verdicts[index] as SlotVerdict;
          const over = { forMs: 0, forgetAfterMs: policy.forgetAfterMs, reason: null, by: null };
          setTimeout(() => void Promise.resolve(store.block(subject, over)).catch(() => {}), EARLY_MS);
        }
        return replies;
      },
    }),
  },
  'stuck-lock': {
    what: 'an operator lifts a lock, and it stays',
    finds: ['refused', 'shut-out'],
    every: 1,
    into: (store) => ({
      reset: async (key) => {
        const before = await store.reset(key);
        if (!before?.lock) return before;
        const forMs = before.lock.remainingMs + STUCK_MS;
        await store.block(before as unknown as Subject, { forMs, forgetAfterMs: forMs, reason: null, by: null });
        return before;
      },
    }),
  },
  'double-event': {
    what: 'a failure under a lock says that it locked, too',
    finds: ['twice'],
    every: 2,
    into: (store, strikes) => {
      const locking = new Map<string, SettleReply>();
      return {
        settleAll: async (verdicts) => {
          const replies = await store.settleAll(verdicts);
          return replies.map((reply, index): SettleReply => {
            const { subject, verdict } = verdicts[index] as SlotVerdict;
            if (reply.didLock) locking.set(subject.key, reply);
            const before = locking.get(subject.key);
            const again = !reply.didLock && verdict === 'failure' && before?.lock && strikes();
            return again ? { ...reply, lock: before.lock, didLock: true } : reply;
          });
        },
      };
    },
  },
  'silent-lock': {
    what: 'a failure that locks does not say so',
    finds: ['late'],
    every: 4,
    into: (store, strikes) => ({
      settleAll: async (verdicts) => {
        const replies = await store.settleAll(verdicts);
        return replies.map((reply) => (reply.didLock && strikes() ? { ...reply, didLock: false } : reply));
      },
    }),
  },
  'silent-block': {
    what: 'an operator blocks, and no event says so',
    finds: ['silent'],
    every: 1,
    into: (store) => ({
      block: async (subject, details) => ({ ...(await store.block(subject, details)), wasLocked: true }),
    }),
  },
};
function granted({ policy, leaseId }: SlotRequest): ReserveReply {
  if (leaseId === null) return { outcome: 'free' };
  const lease = { id: leaseId, until: Date.now() + policy.leaseTimeoutMs };
  return { outcome: 'taken', lease, freeSlots: 0, devicesSince: 0 };
}

/** The same ladder, with each tier one failure later. */
const withRoom = changing((tier) => ({ ...tier, failures: tier.failures + 1 }));
/** The same ladder, with locks half as long. */
const withHalf = changing((tier) => ({ ...tier, cooloffMs: tier.cooloffMs / 2 }));

interface WithPolicy {
  readonly policy: Policy;
}

/** A store may know a policy by its identity, so each has one changed one. */
function changing(change: (tier: PolicyTier) => PolicyTier): <T extends WithPolicy>(one: T) => T {
  const changed = new WeakMap<Policy, Policy>();
  return (one) => {
    const policy = changed.get(one.policy) ?? { ...one.policy, tiers: one.policy.tiers.map(change) };
    changed.set(one.policy, policy);
    return { ...one, policy };
  };
}
