/** Faults of refusals, and of what is written down of attempts. */
import type { ReserveReply } from '../../../lib/policy/replies.js';
import type { Plants } from './plant.js';

export const PLANTS_OF_REFUSALS: Plants = {
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
  'shut-out': {
    what: 'a known device is refused by the lock that strangers have reached',
    finds: ['shut-out'],
    every: 4,
    into: (store, strikes) => ({
      reserveAll: (requests) => {
        const isKnown = requests.some(({ leaseId }) => leaseId === null);
        if (!isKnown || !strikes()) return store.reserveAll(requests);
        return store.reserveAll(requests.map((one) => ({ ...one, policy: { ...one.policy, rowOnly: false } })));
      },
    }),
  },
  'lost-entry': {
    what: 'an entry of the attempt log is lost',
    finds: ['log'],
    every: 10,
    into: ({ attemptLog: log }, strikes) => ({
      attemptLog: {
        ...(log.isCapped !== undefined && { isCapped: log.isCapped }),
        append: (entries, retentionMs) => log.append(strikes() ? entries.slice(1) : entries, retentionMs),
        counts: (query) => log.counts?.(query) ?? [],
        query: (query) => log.query(query),
        remove: (removal) => log.remove(removal),
      },
    }),
  },
};

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
