/** Faults in slots and leases, keys and locks. */
import { byPolicy, bySubject, byTier, type Faults, FOREVER, YEAR } from './kinds.js';

export const SLOTS_FAULTS: Faults = {
  'grants one slot too many': byTier(({ failures }) => ({ failures: failures + 1 })),
  'grants one slot too few': byTier(({ failures }) => ({ failures: Math.max(1, failures - 1) })),
  'grants all the slots up to the next tier, however few the first one has': (store) => ({
    reserve: (subject, policy, id) => {
      const failures = store.read(subject.key)?.failures ?? 0;
      const ahead = policy.tiers.filter((tier) => tier.failures > failures);
      return store.reserve(subject, { ...policy, tiers: ahead.length > 0 ? ahead : policy.tiers }, id);
    },
  }),
  'is never busy': (store) => ({
    reserve: (subject, policy, id) => {
      const reply = store.reserve(subject, policy, id);
      return reply.outcome === 'busy'
        ? { outcome: 'taken', lease: { id: String(id), until: 0 }, freeSlots: 0, devicesSince: 0 }
        : reply;
    },
  }),
  'is busy instead of locked': (store) => ({
    reserve: (...args) => {
      const reply = store.reserve(...args);
      return reply.outcome === 'locked' ? { outcome: 'busy' } : reply;
    },
  }),
  'takes a second slot for an id passed twice': (store) => {
    let calls = 0;
    return {
      reserve: (subject, policy, id) => store.reserve(subject, policy, `${id}/${++calls}`),
    };
  },
  'prolongs a lease whose id is passed twice': (store, clock = Date.now) => ({
    reserve: (subject, policy, id) => {
      const reply = store.reserve(subject, policy, id);
      if (reply.outcome !== 'taken') return reply;
      return { ...reply, lease: { ...reply.lease, until: clock() + policy.leaseTimeoutMs } };
    },
  }),
  'compares only the beginning of a lease id': (store) => ({
    reserve: (subject, policy, id) => store.reserve(subject, policy, id === null ? null : id.replace(/^[$_"].*/, 'x')),
  }),
  'prolongs a lock at each attempt': (store) => ({
    reserve: (subject, policy, id) => {
      const reply = store.reserve(subject, policy, id);
      if (reply.outcome === 'locked' && reply.lock.tier !== null) {
        store.block(subject, { forMs: reply.lock.remainingMs + 1, forgetAfterMs: YEAR, reason: null, by: null });
      }
      return reply;
    },
  }),
  'drops leases when it is locked': (store) => ({
    reserve: (subject, policy, id) => {
      const reply = store.reserve(subject, policy, id);
      if (reply.outcome === 'locked') store.settle(subject, policy, { id: String(id), until: FOREVER }, 'release');
      return reply;
    },
  }),
  'does not distinguish capital letters': bySubject(({ key }) => ({ key: key.toLowerCase() })),
  'trims keys': bySubject(({ key }) => ({ key: key.trim() })),
  'keeps clear names': bySubject(({ parts }) => ({ storedParts: parts })),
  'loses the dimension': bySubject(() => ({ dimension: 'username' })),
  'locks for too long': byTier(({ cooloffMs }) => ({ cooloffMs: cooloffMs + 1 })),
  'locks for too short a time': byTier(({ cooloffMs }) => ({ cooloffMs: cooloffMs - 1 })),
  'locks for a year instead of forever': (store, clock) => ({
    ...byTier(({ cooloffMs }) => ({ cooloffMs: Math.min(cooloffMs, YEAR) }))(store, clock),
    block: (subject, block) => store.block(subject, { ...block, forMs: Math.min(block.forMs, YEAR) }),
  }),
  'has no last tier': byPolicy(({ tiers }) => ({ tiers: tiers.slice(0, 1) })),
  'has leases that last too long': byPolicy(({ leaseTimeoutMs }) => ({ leaseTimeoutMs: leaseTimeoutMs + 1 })),
  'has leases that end too soon': byPolicy(({ leaseTimeoutMs }) => ({ leaseTimeoutMs: leaseTimeoutMs - 1 })),
};
