/** Faults of refusals, and of what is written down of attempts. */
import type { ReserveReply } from '../../../lib/policy/replies.js';
import type { Plants } from './plant.js';

const EVERY_MS = 5_000;
const FULL_MS = 2_500;

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
  'false-busy': {
    what: 'an attempt finds an address full that has room',
    finds: ['refused'],
    every: 1,
    into: (store) => ({
      reserveAll: (requests) => {
        const ofIp = requests.findIndex(({ subject, leaseId }) => subject.dimension === 'ip' && leaseId !== null);
        // For longer than anybody waits.
        if (ofIp < 0 || Date.now() % EVERY_MS > FULL_MS) return store.reserveAll(requests);
        return requests.map((_, index): ReserveReply => ({ outcome: index === ofIp ? 'busy' : 'free' }));
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
    every: 4,
    into: ({ attemptLog: log }, strikes) => ({
      attemptLog: {
        ...(log.isCapped !== undefined && { isCapped: log.isCapped }),
        append: (entries, retentionMs) => {
          // Refusals are not missed: those that repeat are one entry.
          const lost = strikes() ? entries.find(({ entry }) => entry.outcome !== 'refused') : undefined;
          return log.append(
            entries.filter((one) => one !== lost),
            retentionMs,
          );
        },
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
