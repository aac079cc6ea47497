/** Stores with one fault each, for the contract to find. */
import type {
  AttemptEntry,
  AttemptLog,
  AttemptQuery,
  AttemptRemoval,
  Lease,
  LockoutStore,
  Policy,
  RemovedAttempts,
  StoreInspection,
  StoreQuery,
  SubjectRecord,
} from '../../lib/index.js';
import { MemoryStore, policy, type Subject } from '../../lib/index.js';

type Changes = Partial<{ [Name in keyof LockoutStore]: LockoutStore[Name] }>;
export type Fault = (store: MemoryStore, clock: (() => number) | undefined) => Changes;

const FOREVER = Number.POSITIVE_INFINITY;
const YEAR = 3.2e10;
const ALL = { dimension: undefined, lockedOnly: false, after: undefined, limit: 1_000 };

const ANY_POLICY: Policy = {
  tiers: [{ failures: 1, cooloffMs: 1 }],
  forgetAfterMs: 1,
  forgetFrom: 'last',
  leaseTimeoutMs: 1,
  resetOnSuccess: false,
  maxTakenBack: 5,
  hardStop: null,
};

/** The store with the policy changed that it is given. */
const byPolicy = (change: (policy: Policy) => Partial<Policy>): Fault => {
  return (store) => ({
    reserve: (subject, policy, id) => store.reserve(subject, { ...policy, ...change(policy) }, id),
    settle: (subject, policy, lease, verdict, marks) =>
      store.settle(subject, { ...policy, ...change(policy) }, lease, verdict, marks),
  });
};

const byTier = (change: (tier: Policy['tiers'][number]) => Partial<Policy['tiers'][number]>) =>
  byPolicy(({ tiers }) => ({ tiers: tiers.map((tier) => ({ ...tier, ...change(tier) })) }));

/** The store with the subject changed that it is given. */
const bySubject = (change: (subject: Subject) => Partial<Subject>): Fault => {
  const changed = (subject: Subject) => ({ ...subject, ...change(subject) });
  return (store) => ({
    reserve: (subject, ...rest) => store.reserve(changed(subject), ...rest),
    settle: (subject, ...rest) => store.settle(changed(subject), ...rest),
    block: (subject, ...rest) => store.block(changed(subject), ...rest),
  });
};

/** The store with the records changed that it shows. */
const byRecord = (change: (record: SubjectRecord) => Partial<SubjectRecord>): Fault => {
  const changed = (record: SubjectRecord) => ({ ...record, ...change(record) });
  return (store) => ({
    read: (key) => {
      const record = store.read(key);
      return record && changed(record);
    },
    list: (query) => store.list(query).map(changed),
    clear: (key) => {
      const record = store.clear(key);
      return record && changed(record);
    },
  });
};

const byListQuery =
  (change: (query: StoreQuery) => Partial<StoreQuery>): Fault =>
  (store) => ({ list: (query) => store.list({ ...query, ...change(query) }) });

const byLog = (change: (log: AttemptLog) => Partial<AttemptLog>): Fault => {
  return ({ attempts }) => ({
    attempts: {
      append: (entries, retentionMs) => attempts.append(entries, retentionMs),
      query: (query) => attempts.query(query),
      remove: (removal) => attempts.remove(removal),
      ...change(attempts),
    },
  });
};

const byQuery = (change: (query: AttemptQuery) => Partial<AttemptQuery>) =>
  byLog((log) => ({ query: (query) => log.query({ ...query, ...change(query) }) }));

const byRemoval = (change: (removal: AttemptRemoval) => Partial<AttemptRemoval>) =>
  byLog((log) => ({ remove: (removal) => log.remove({ ...removal, ...change(removal) }) }));

const byEntries = (change: (entries: AttemptEntry[], query: AttemptQuery) => AttemptEntry[]) =>
  byLog((log) => ({ query: (query) => change([...(log.query(query) as readonly AttemptEntry[])], query) }));

const byAppended = (
  change: Parameters<AttemptLog['append']> extends [infer Entries, ...infer _] ? (entries: Entries) => Entries : never,
) => byLog((log) => ({ append: (entries, retentionMs) => log.append(change(entries), retentionMs) }));

const byInspection = (change: Partial<StoreInspection>): Fault => {
  return (store) => ({ inspect: () => ({ ...store.inspect(), ...change }) });
};

export const FAULTS: Readonly<Record<string, Fault>> = {
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
      return reply.outcome === 'busy' ? { outcome: 'taken', lease: { id: String(id), until: 0 }, freeSlots: 0 } : reply;
    },
  }),
  'is busy instead of locked': (store) => ({
    reserve: (...args) => {
      const reply = store.reserve(...args);
      return reply.outcome === 'locked' ? { outcome: 'busy' } : reply;
    },
  }),
  'takes a slot more for an id given twice': (store) => {
    let calls = 0;
    return {
      reserve: (subject, policy, id) => store.reserve(subject, policy, `${id}/${++calls}`),
    };
  },
  'prolongs a lease whose id is given twice': (store, clock = Date.now) => ({
    reserve: (subject, policy, id) => {
      const reply = store.reserve(subject, policy, id);
      if (reply.outcome !== 'taken') return reply;
      return { ...reply, lease: { ...reply.lease, until: clock() + policy.leaseTimeoutMs } };
    },
  }),
  'knows a lease only by the beginning of its id': (store) => ({
    reserve: (subject, policy, id) => store.reserve(subject, policy, id?.replace(/^[$_"].*/, 'x') ?? null),
  }),
  'prolongs a lock that is knocked at': (store) => ({
    reserve: (subject, policy, id) => {
      const reply = store.reserve(subject, policy, id);
      if (reply.outcome === 'locked' && reply.lock.tier !== null) {
        store.block(subject, { forMs: reply.lock.remainingMs + 1, forgetAfterMs: YEAR, reason: null, by: null });
      }
      return reply;
    },
  }),
  'drops what is being verified when it is locked': (store) => ({
    reserve: (subject, policy, id) => {
      const reply = store.reserve(subject, policy, id);
      if (reply.outcome === 'locked') store.settle(subject, policy, { id: String(id), until: FOREVER }, 'release');
      return reply;
    },
  }),
  'does not distinguish capital letters': bySubject(({ key }) => ({ key: key.toLowerCase() })),
  'trims keys': bySubject(({ key }) => ({ key: key.trim() })),
  'keeps names in clear': bySubject(({ parts }) => ({ storedParts: parts })),
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
  'always forgives': byPolicy(() => ({ resetOnSuccess: true })),
  'never forgives': byPolicy(() => ({ resetOnSuccess: false })),
  'forgets from the first failure': byPolicy(() => ({ forgetFrom: 'first' })),
  'forgets from the last failure': byPolicy(() => ({ forgetFrom: 'last' })),
  'has no hard stop': byPolicy(() => ({ hardStop: null })),
  'has a hard stop that comes too late': byPolicy(({ hardStop }) => ({
    hardStop: hardStop && { ...hardStop, failures: hardStop.failures + 1 },
  })),
  'never forgets the failures of the hard stop': byPolicy(({ hardStop }) => ({
    hardStop: hardStop && { ...hardStop, forgetAfterMs: FOREVER },
  })),
  'forgets the failures of the hard stop with all others': byPolicy(({ hardStop, forgetAfterMs }) => ({
    hardStop: hardStop && { ...hardStop, forgetAfterMs },
  })),
  'keeps what a longer lock was remembered for': (store) => ({
    block: (subject, block) => store.block(subject, { ...block, forgetAfterMs: FOREVER }),
  }),
  'never forgets': byPolicy(() => ({ forgetAfterMs: FOREVER })),
  'forgets too soon': byPolicy(({ forgetAfterMs }) => ({ forgetAfterMs: Math.min(forgetAfterMs, YEAR) - 1 })),
  'lifts a lock with a success': (store) => ({
    settle: (subject, policy, lease, verdict, marks) => {
      if (verdict === 'success') store.clear(subject.key);
      return store.settle(subject, policy, lease, verdict, marks);
    },
  }),
  'takes every verdict for a failure': (store) => ({
    settle: (subject, policy, lease, _, marks) => store.settle(subject, policy, lease, 'failure', marks),
  }),
  'takes a release for a success': (store) => ({
    settle: (subject, policy, lease, verdict, marks) =>
      store.settle(subject, policy, lease, verdict === 'release' ? 'success' : verdict, marks),
  }),
  'counts a verdict as often as it is told': (store) => ({
    settle: (subject, policy, lease, verdict, marks) => {
      const reply = store.settle(subject, policy, lease, verdict, marks);
      return verdict === 'failure' ? store.settle(subject, policy, { ...lease, until: 0 }, verdict, marks) : reply;
    },
  }),
  'counts a verdict told again': (store) => ({
    settle: (subject, policy, lease, verdict, marks) =>
      store.settle(subject, policy, { ...lease, until: 0 }, verdict, marks),
  }),
  'does not count what comes late': (store) => ({
    settle: (subject, policy, lease, verdict, marks) =>
      store.settle(subject, policy, { ...lease, until: FOREVER }, verdict, marks),
  }),
  'never says who reached a tier': (store) => ({
    settle: (...args) => ({ ...store.settle(...args), reachedTier: null }),
  }),
  'tells everybody under a lock that he reached the tier': (store) => ({
    settle: (...args) => {
      const reply = store.settle(...args);
      return { ...reply, reachedTier: reply.lock?.tier ?? null };
    },
  }),
  'tells only the first time who reached the tier': (store) => {
    const told = new Set<string>();
    return {
      settle: (subject, policy, lease, verdict, marks) => {
        const reply = store.settle(subject, policy, lease, verdict, marks);
        const isFirst = !told.has(lease.id);
        told.add(lease.id);
        return isFirst ? reply : { ...reply, reachedTier: null };
      },
    };
  },
  'shows the failures of nobody': byRecord(() => ({ failures: 0 })),
  'shows no one being verified': byRecord(() => ({ verifying: 0 })),
  'shows no lock': byRecord(() => ({ lock: null })),
  'shows no operator': byRecord(() => ({ by: null })),
  'shows the time of the last failure as that of the first': byRecord(({ lastFailureAt }) => ({
    firstFailureAt: lastFailureAt,
  })),
  'shows records that were never there': (store) => ({
    read: (key) =>
      store.read(key) ?? policy.toStoredRecord({ key, dimension: '', storedParts: {} }, policy.UNKNOWN_SUBJECT, 0),
  }),
  'clears what was never there': (store) => ({
    clear: (key) => {
      const [any] = store.list({ ...ALL, limit: 1 });
      return store.clear(key) ?? any ?? ({ key } as SubjectRecord);
    },
  }),
  'lists a subject that is not there': (store) => ({
    list: (query) => {
      const found = store.list(query);
      return found.length > 0 ? found : [{ key: 'ghost' } as SubjectRecord];
    },
  }),
  'lists downwards': (store) => ({ list: (query) => store.list(query).toReversed() }),
  'lists all dimensions': (store) => ({ list: (query) => store.list({ ...query, dimension: undefined }) }),
  'lists all, locked or not': (store) => ({ list: (query) => store.list({ ...query, lockedOnly: false }) }),
  'lists those with failures only': (store) => ({
    list: (query) => store.list(query).filter(({ failures }) => failures > 0),
  }),
  'lists the first page again and again': (store) => ({ list: (query) => store.list({ ...query, after: undefined }) }),
  'lists the last of the page before once more': (store) => ({
    list: ({ after, ...query }) => {
      const records = store.list({ ...query, after: undefined });
      return after === undefined ? records : records.filter(({ key }) => key >= after);
    },
  }),
  'lists only after a key that is there': (store) => ({
    list: (query) => (query.after !== undefined && !store.read(query.after) ? [] : store.list(query)),
  }),
  'lists as much as there is': (store) => ({ list: (query) => store.list({ ...query, limit: 1_000 }) }),
  'lists what is on the page, then filters': (store) => ({
    list: ({ dimension, ...query }) =>
      store.list({ ...query, dimension: undefined }).filter((record) => !dimension || record.dimension === dimension),
  }),
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
  'lists those with any part': byListQuery(({ match }) => ({ match: match && { ...match, match: 'any' } })),
  'lists those with all parts': byListQuery(({ match }) => ({ match: match && { ...match, match: 'all' } })),
  'lists whatever they are made of': byListQuery(() => ({ match: undefined })),
  'lists by values, whatever the part is called': (store) => ({
    list: ({ match, ...query }) => {
      const found = store.list(query);
      if (!match) return found;
      const values = Object.values(match.parts);
      return found.filter(({ parts: own }) => {
        const has = (value: string) => Object.values(own).includes(value);
        return match.match === 'all' ? values.every(has) : values.some(has);
      });
    },
  }),
  'lists all where nobody is meant': (store) => ({
    list: ({ match, ...query }) => {
      const found = store.list({ ...query, match });
      return found.length > 0 ? found : store.list(query);
    },
  }),
  'lists as known what is only stored': byListQuery(() => ({ withExpired: true })),
  'hides what is stored and over': (store) => ({
    list: ({ withExpired: _, ...query }) => store.list(query),
    erase: () => null,
  }),
  'lists what was cleared as stored, and cannot erase it': (store) => {
    const cleared = new Map<string, SubjectRecord>();
    return {
      clear: (key) => {
        const before = store.clear(key);
        if (before) cleared.set(key, { ...before, failures: 0, lock: null });
        return before;
      },
      list: (query) => [...(query.withExpired ? cleared.values() : []), ...store.list(query)],
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
  'cannot be closed twice': (store) => {
    let isClosed = false;
    return {
      close: () => {
        store.close();
        if (isClosed) throw new Error('closed already');
        isClosed = true;
      },
    };
  },
  'cannot be closed before it was used': (store) => {
    let isUsed = false;
    const changes = {
      close: () => {
        if (!isUsed) throw new Error('not open');
      },
    };
    for (const name of [
      'reserve',
      'settle',
      'read',
      'list',
      'block',
      'clear',
      'erase',
      'sweep',
      'lift',
      'attempts',
    ] as const) {
      const get = () => {
        isUsed = true;
        const value: unknown = store[name];
        return typeof value === 'function' ? value.bind(store) : value;
      };
      Object.defineProperty(changes, name, { get });
    }
    return changes;
  },
  'says it is local and answers later': (store) => ({ read: async (key) => store.read(key) }),
  'hides its clock': () => ({ clock: undefined }),
  'shows another clock': () => ({ clock: Date.now }),
  'logs nothing': byLog(() => ({ append: () => {} })),
  'has an entry before the first': byEntries((found) => (found.length > 0 ? found : [{} as AttemptEntry])),
  'logs without what it takes for an operator': byAppended((entries) =>
    entries.map(({ entry, ageMs }) => ({ ageMs, entry: { ...entry, path: entry.path?.replace('$', '') ?? null } })),
  ),
  'logs texts where there were none': byAppended((entries) =>
    entries.map(({ entry, ageMs }) => ({ ageMs, entry: { ...entry, ip: entry.ip ?? '' } })),
  ),
  'logs when it was told, not when it happened': byAppended((entries) =>
    entries.map((entry) => ({ ...entry, ageMs: 0 })),
  ),
  'gives all entries one id': byEntries((found) => found.map((entry) => ({ ...entry, id: '0' }))),
  'finds the oldest first': byEntries((found) => found.toReversed()),
  'finds in the order of appending': byEntries((found) => found.toSorted((a, b) => (a.id < b.id ? 1 : -1))),
  'finds all outcomes': byQuery(() => ({ outcome: undefined })),
  'finds all usernames': byQuery(() => ({ username: undefined })),
  'finds all addresses': byQuery(() => ({ ip: undefined })),
  'finds only after a time': byQuery(({ since }) => ({ since: since === undefined ? since : since + 1 })),
  'finds up to a time': byQuery(({ until }) => ({ until: until === undefined ? until : until + 1 })),
  'finds all times': byQuery(() => ({ since: undefined, until: undefined })),
  'finds as much as there is': byQuery(() => ({ limit: 1_000 })),
  'finds the first page again and again': byQuery(() => ({ after: undefined })),
  'finds the last of the page before once more': byQuery(({ after }) => ({
    after: after && { at: after.at, id: `${after.id}~` },
  })),
  'skips entries of the same instant': byQuery(({ after }) => ({ after: after && { at: after.at, id: '' } })),
  'removes nothing': byLog(() => ({ remove: () => ({ removed: 0, last: null }) })),
  'does not tell how much it removed': byLog((log) => ({
    remove: (removal) => ({ ...(log.remove(removal) as RemovedAttempts), removed: 0 }),
  })),
  'removes all outcomes': byRemoval(() => ({ outcomes: undefined })),
  'removes the first outcome only': byRemoval(({ outcomes }) => ({ outcomes: outcomes?.slice(0, 1) })),
  'removes by all usernames': byRemoval(() => ({ username: undefined })),
  'removes the young': byRemoval(() => ({ olderThanMs: undefined })),
  'removes only what is older': byRemoval(({ olderThanMs }) => ({
    olderThanMs: olderThanMs === undefined ? undefined : olderThanMs + 1,
  })),
  'removes what is a little younger': byRemoval(({ olderThanMs }) => ({
    olderThanMs: olderThanMs === undefined ? undefined : olderThanMs - 1,
  })),
  'removes also what has not expired': byRemoval(() => ({ expiredOnly: false })),
  'cannot remove what is not shown': byLog((log) => ({
    remove: (removal) => (removal.expiredOnly ? { removed: 2, last: null } : log.remove(removal)),
  })),
  'keeps none of the newest': byRemoval(() => ({ keepNewest: 0 })),
  'keeps one too many': byRemoval(({ keepNewest }) => ({ keepNewest: keepNewest && keepNewest + 1 })),
  'removes without a limit': byRemoval(() => ({ limit: 1_000 })),
  'says after one batch that nothing is left': byLog((log) => ({
    remove: (removal) => ({ ...(log.remove(removal) as RemovedAttempts), last: null }),
  })),
  'keeps entries for ever': byLog((log) => ({ append: (entries) => log.append(entries, FOREVER) })),
  'keeps entries from when it was told': byLog((log) => ({
    append: (entries, retentionMs) => {
      for (const entry of entries) log.append([entry], retentionMs + entry.ageMs);
    },
  })),
  'keeps entries too short a time': byLog((log) => ({
    append: (entries, retentionMs) => log.append(entries, retentionMs / 2),
  })),
  'does not say what it is': byInspection({ server: ' ' }),
  'lacks an index': byInspection({ missingIndexes: ['lockouts.expiresAt_1'] }),
  'counts one and a half subjects': byInspection({ subjects: 1.5 }),
  'knows nothing of its own log': byInspection({ attempts: null }),
  'takes its clock for that of the process': byInspection({ clockSkewMs: 0 }),
};

export function faultyStore(fault: Fault, clock: (() => number) | undefined): LockoutStore {
  const store = new MemoryStore(clock ? { clock } : {});
  const changes = fault(store, clock);
  return new Proxy<LockoutStore>(store, {
    get(_, name) {
      if (Object.hasOwn(changes, name)) return Reflect.get(changes, name);
      const value: unknown = Reflect.get(store, name, store);
      return typeof value === 'function' && name !== 'clock' ? value.bind(store) : value;
    },
  });
}
