/** Faults put in on purpose: what the checker must find, each as a store that does one thing wrong now and then. */
import { randomUUID } from 'node:crypto';
import type { Policy } from '../../lib/policy/index.js';
import type { ReserveReply, SettleReply } from '../../lib/policy/replies.js';
import type { LockoutStore, SlotRequest, SlotVerdict } from '../../lib/stores/store.js';
import type { Rule } from './check/violation.js';

interface Plant {
  readonly what: string;
  /** Any of these shows that it was found. */
  readonly finds: readonly Rule[];
  /** Every how many times it strikes. */
  readonly every: number;
  readonly into: (store: AllAtOnce, strikes: () => boolean) => Partial<LockoutStore>;
}

/** What the stores of this package have. */
type AllAtOnce = LockoutStore & Required<Pick<LockoutStore, 'reserveAll' | 'settleAll'>>;

const isFailure = ({ verdict }: SlotVerdict) => verdict === 'failure';

export const PLANTS: Readonly<Record<string, Plant>> = {
  'lost-failure': {
    what: 'a failure is answered as counted, and is not',
    finds: ['lost'],
    every: 40,
    into: (store, strikes) => ({
      settleAll: async (verdicts) => {
        if (!verdicts.some(isFailure) || !strikes()) return store.settleAll(verdicts);
        const replies = await store.settleAll(verdicts.map((one) => ({ ...one, verdict: 'release' as const })));
        return replies.map((reply) => ({ ...reply, failures: reply.failures + 1 }));
      },
    }),
  },
  'invented-failure': {
    what: 'a success counts a failure as well',
    finds: ['invented'],
    every: 40,
    into: (store, strikes) => ({
      settleAll: async (verdicts) => {
        const replies = await store.settleAll(verdicts);
        const [first] = verdicts;
        if (first?.verdict !== 'success' || !strikes()) return replies;
        const { subject, policy } = first;
        const reserved = await store.reserve(subject, policy, randomUUID());
        if (reserved.outcome === 'taken') await store.settle(subject, policy, reserved.lease, 'failure', {});
        return replies;
      },
    }),
  },
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
  'false-refusal': {
    what: 'an attempt is refused for a lock that is not there',
    finds: ['refused'],
    every: 60,
    into: (store, strikes) => ({
      reserveAll: async (requests) => {
        const isTaking = requests.every(({ leaseId }) => leaseId !== null);
        if (!isTaking || !strikes()) return store.reserveAll(requests);
        return requests.map((): ReserveReply => ({ outcome: 'locked', lock: NO_SUCH_LOCK }));
      },
    }),
  },
  'kept-slot': {
    what: 'a slot is not given back when the verdict is settled',
    finds: ['slot', 'refused', 'lost'],
    every: 25,
    into: (store, strikes) => ({
      settleAll: async (verdicts) => {
        if (verdicts.some(({ verdict }) => verdict !== 'success') || !strikes()) return store.settleAll(verdicts);
        const { subject, policy } = verdicts[0] as SlotVerdict;
        await store.reserve(subject, { ...policy, leaseTimeoutMs: HOUR_MS }, randomUUID());
        return store.settleAll(verdicts);
      },
    }),
  },
};

const HOUR_MS = 3_600_000;

/** @returns the store with the fault */
export function plant(name: string, store: LockoutStore): LockoutStore {
  const { into, every } = PLANTS[name] as Plant;
  let count = 0;
  const strikes = () => {
    count += 1;
    return count % every === 0;
  };
  const faulty = into(store as AllAtOnce, strikes);
  return new Proxy(store, {
    get: (target, property) => {
      if (Object.hasOwn(faulty, property)) return Reflect.get(faulty, property);
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function granted({ policy, leaseId }: SlotRequest): ReserveReply {
  if (leaseId === null) return { outcome: 'free' };
  const lease = { id: leaseId, until: Date.now() + policy.leaseTimeoutMs };
  return { outcome: 'taken', lease, freeSlots: 0, devicesSince: 0 };
}

const WITH_ROOM = new WeakMap<Policy, Policy>();

/** The same ladder, with each tier one failure later. */
function withRoom<T extends { readonly policy: Policy }>(one: T): T {
  const known = WITH_ROOM.get(one.policy);
  const tiers = one.policy.tiers.map((tier) => ({ ...tier, failures: tier.failures + 1 }));
  const policy = known ?? { ...one.policy, tiers };
  WITH_ROOM.set(one.policy, policy);
  return { ...one, policy };
}

const NO_SUCH_LOCK = {
  failures: 3,
  places: 1,
  consecutiveFailures: 0,
  cause: 'tier',
  tier: 0,
  limit: 3,
  remainingMs: 50,
  lockedUntil: 0,
  reason: null,
} as const;
