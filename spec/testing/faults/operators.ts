/** Faults in what operators do: block, clear, sweep, erase, lift. */
import type { Lease } from '../../../lib/index.js';
import { ALL, ANY_POLICY, type Faults } from './kinds.js';

export const OPERATORS_FAULTS: Faults = {
  'never shortens a lock': (store) => ({
    block: (subject, block) => {
      const left = store.read(subject.key)?.lock?.remainingMs ?? 0;
      return store.block(subject, { ...block, forMs: Math.max(left, block.forMs) });
    },
  }),
  'says of no one that he was blocked before': (store) => ({
    block: (...args) => ({ ...store.block(...args), wasLocked: false }),
  }),
  'says of everyone that he was blocked before': (store) => ({
    block: (...args) => ({ ...store.block(...args), wasLocked: true }),
  }),
  'loses the reason of a block': (store) => ({
    block: (subject, block) => store.block(subject, { ...block, reason: '' }),
  }),
  'reads reasons as field names': (store) => ({
    block: (subject, block) => store.block(subject, { ...block, reason: block.reason?.replace(/^\$.*/, '') ?? null }),
  }),
  'lets a tier keep its lock when it is blocked': (store) => ({
    block: (subject, block) => {
      const before = store.read(subject.key);
      if (before?.lock) return { record: before, wasLocked: true };
      return store.block(subject, block);
    },
  }),
  'clears nothing': (store) => ({ clear: (key) => store.read(key) }),
  'does not tell what it cleared': (store) => ({
    clear: (key) => {
      store.clear(key);
      return null;
    },
  }),
  'clears everybody': (store) => ({
    clear: (key) => {
      const before = store.clear(key);
      for (const record of store.list(ALL)) store.clear(record.key);
      return before;
    },
  }),
  'clears the slots, too': (store) => {
    const ids = new Map<string, Set<string>>();
    return {
      reserve: (subject, policy, id) => {
        ids.set(subject.key, (ids.get(subject.key) ?? new Set()).add(String(id)));
        return store.reserve(subject, policy, id);
      },
      clear: (key) => {
        const before = store.clear(key);
        const subject = { key, dimension: '', parts: {}, storedParts: {} };
        for (const id of ids.get(key) ?? []) store.settle(subject, ANY_POLICY, { id, until: 0 }, 'release');
        return before;
      },
    };
  },
  'sweeps nothing away': () => ({ sweep: () => false }),
  'sweeps away what still matters': (store) => ({ sweep: (key) => store.erase(key) !== null }),
  'says that it swept away what was not there': (store) => ({
    sweep: (key) => {
      store.sweep(key);
      return true;
    },
  }),
  'erases nothing': (store) => ({ erase: (key) => store.read(key) }),
  'does not tell what it erased': (store) => ({
    erase: (key) => {
      store.erase(key);
      return null;
    },
  }),
  'erases the slots, too': (store) => {
    const leases: Lease[] = [];
    return {
      reserve: (subject, policy, id) => {
        const reply = store.reserve(subject, policy, id);
        if (reply.outcome === 'taken') leases.push(reply.lease);
        return reply;
      },
      erase: (key) => {
        const before = store.erase(key);
        const subject = { key, dimension: '', parts: {}, storedParts: {} };
        for (const lease of leases) store.settle(subject, ANY_POLICY, lease, 'release');
        return before;
      },
    };
  },
  'lifts nothing': (store) => ({ lift: (key) => store.read(key) }),
  'does not tell what it lifted': (store) => ({
    lift: (...args) => {
      store.lift(...args);
      return null;
    },
  }),
  'lifts any lock': (store) => ({
    lift: (key) => (store.read(key)?.lock ? store.clear(key) : null),
  }),
  'lifts what is over': (store) => ({
    lift: (key, lockedBy) => (store.read(key)?.lockedBy === lockedBy ? store.clear(key) : null),
  }),
  'lifts the slots, too': (store) => {
    const leases: Lease[] = [];
    return {
      reserve: (subject, policy, id) => {
        const reply = store.reserve(subject, policy, id);
        if (reply.outcome === 'taken') leases.push(reply.lease);
        return reply;
      },
      lift: (key, lockedBy) => {
        const before = store.lift(key, lockedBy);
        const subject = { key, dimension: '', parts: {}, storedParts: {} };
        for (const lease of leases) if (before) store.settle(subject, ANY_POLICY, lease, 'release');
        return before;
      },
    };
  },
};
