/** Faults of what is counted. */
import { randomUUID } from 'node:crypto';
import type { SlotVerdict } from '../../../lib/stores/store.js';
import { isFailure, isSuccess, type Plants } from './plant.js';

const HOUR_MS = 3_600_000;

export const PLANTS_OF_COUNTS: Plants = {
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
  'lost-subject': {
    what: 'a failure is answered as counted on each subject, and the last of them is not',
    finds: ['lost'],
    every: 40,
    into: (store, strikes) => ({
      settleAll: async (verdicts) => {
        if (!verdicts.every(isFailure) || verdicts.length < 2 || !strikes()) return store.settleAll(verdicts);
        const last = verdicts.length - 1;
        const told = verdicts.map((one, at) => (at === last ? { ...one, verdict: 'release' as const } : one));
        const replies = await store.settleAll(told);
        return replies.map((reply, at) => (at === last ? { ...reply, failures: reply.failures + 1 } : reply));
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
  'counted-twice': {
    what: 'a failure is counted twice, and answered as counted once',
    finds: ['invented'],
    every: 40,
    into: (store, strikes) => ({
      settleAll: async (verdicts) => {
        const replies = await store.settleAll(verdicts);
        if (!verdicts.some(isFailure) || !strikes()) return replies;
        const { subject, policy, marks } = verdicts.at(-1) as SlotVerdict;
        const reserved = await store.reserve(subject, policy, randomUUID());
        if (reserved.outcome === 'taken') await store.settle(subject, policy, reserved.lease, 'failure', marks);
        return replies;
      },
    }),
  },
  'kept-failures': {
    what: 'a success takes no failures back',
    finds: ['invented'],
    every: 20,
    into: (store, strikes) => ({
      settleAll: (verdicts) => {
        if (!verdicts.some(isSuccess) || !strikes()) return store.settleAll(verdicts);
        return store.settleAll(verdicts.map((one) => ({ ...one, verdict: 'release' as const })));
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
