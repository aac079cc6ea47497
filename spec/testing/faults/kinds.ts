/** Kinds of faults: the memory store with its arguments or its answers changed. */
import type {
  AttemptEntry,
  AttemptLog,
  AttemptQuery,
  AttemptRemoval,
  Lease,
  LockoutStore,
  Marks,
  MemoryStore,
  Policy,
  SettleReply,
  StoreInspection,
  StoreQuery,
  Subject,
  SubjectRecord,
} from '../../../lib/index.js';

export type Changes = Partial<{ [Name in keyof LockoutStore]: LockoutStore[Name] }>;
export type Fault = (store: MemoryStore, clock: (() => number) | undefined) => Changes;

export const FOREVER = Number.POSITIVE_INFINITY;
export const YEAR = 3.2e10;
export const ALL = { dimension: undefined, lockedOnly: false, cursor: null, limit: 1_000 };

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
export const byPolicy = (change: (policy: Policy) => Partial<Policy>): Fault => {
  return (store) => ({
    reserve: (subject, policy, id) => store.reserve(subject, { ...policy, ...change(policy) }, id),
    settle: (subject, policy, lease, verdict, marks) =>
      store.settle(subject, { ...policy, ...change(policy) }, lease, verdict, marks),
  });
};

/** The store with the marks changed that it is given. */
export const byMarks = (change: (marks: Marks, policy: Policy) => Marks): Fault => {
  return (store) => ({
    settle: (subject, policy, lease, verdict, marks = {}) =>
      store.settle(subject, policy, lease, verdict, change(marks, policy)),
  });
};

type Settled = Parameters<MemoryStore['settle']>;

/** The store with its answers to verdicts changed. */
export const bySettleReply = (
  change: (reply: SettleReply, settled: Settled, store: MemoryStore) => Partial<SettleReply>,
): Fault => {
  return (store) => ({
    settle: (...settled) => {
      const reply = store.settle(...settled);
      return { ...reply, ...change(reply, settled, store) };
    },
  });
};

export const byTier = (change: (tier: Policy['tiers'][number]) => Partial<Policy['tiers'][number]>) =>
  byPolicy(({ tiers }) => ({ tiers: tiers.map((tier) => ({ ...tier, ...change(tier) })) }));

/** The store with the subject changed that it is given. */
export const bySubject = (change: (subject: Subject) => Partial<Subject>): Fault => {
  const changed = (subject: Subject) => ({ ...subject, ...change(subject) });
  return (store) => ({
    reserve: (subject, ...rest) => store.reserve(changed(subject), ...rest),
    settle: (subject, ...rest) => store.settle(changed(subject), ...rest),
    block: (subject, ...rest) => store.block(changed(subject), ...rest),
  });
};

/** The store with the records changed that it shows. */
export const byRecord = (change: (record: SubjectRecord) => Partial<SubjectRecord>): Fault => {
  const changed = (record: SubjectRecord) => ({ ...record, ...change(record) });
  return (store) => ({
    read: (key) => {
      const record = store.read(key);
      return record && changed(record);
    },
    list: (query) => {
      const { records, cursor } = store.list(query);
      return { records: records.map(changed), cursor };
    },
    reset: (key) => {
      const record = store.reset(key);
      return record && changed(record);
    },
  });
};

export const byListQuery =
  (change: (query: StoreQuery) => Partial<StoreQuery>): Fault =>
  (store) => ({ list: (query) => store.list({ ...query, ...change(query) }) });

export const byLog = (change: (log: AttemptLog) => Partial<AttemptLog>): Fault => {
  return ({ attemptLog }) => ({
    attemptLog: {
      append: (entries, retentionMs) => attemptLog.append(entries, retentionMs),
      counts: (query) => attemptLog.counts(query),
      query: (query) => attemptLog.query(query),
      remove: (removal) => attemptLog.remove(removal),
      ...change(attemptLog),
    },
  });
};

export const byQuery = (change: (query: AttemptQuery) => Partial<AttemptQuery>) =>
  byLog((log) => ({ query: (query) => log.query({ ...query, ...change(query) }) }));

export const byRemoval = (change: (removal: AttemptRemoval) => Partial<AttemptRemoval>) =>
  byLog((log) => ({ remove: (removal) => log.remove({ ...removal, ...change(removal) }) }));

export const byEntries = (change: (entries: AttemptEntry[], query: AttemptQuery) => AttemptEntry[]) =>
  byLog((log) => ({ query: (query) => change([...(log.query(query) as readonly AttemptEntry[])], query) }));

export const byAppended = (
  change: Parameters<AttemptLog['append']> extends [infer Entries, ...infer _] ? (entries: Entries) => Entries : never,
) => byLog((log) => ({ append: (entries, retentionMs) => log.append(change(entries), retentionMs) }));

export const byInspection = (change: Partial<StoreInspection>): Fault => {
  return (store) => ({ inspect: () => ({ ...store.inspect(), ...change }) });
};

/** An operation that frees a subject also takes back the slots of attempts being verified. */
export const withoutSlots = (freeing: (store: MemoryStore) => Changes): Fault => {
  return (store) => {
    const leases = new Map<string, Lease[]>();
    const freed = Object.entries(freeing(store)).map(([name, free]) => [
      name,
      (key: string, ...rest: unknown[]) => {
        const before: unknown = Reflect.apply(free as (...args: unknown[]) => unknown, store, [key, ...rest]);
        const subject = { key, dimension: '', parts: {}, storedParts: {} };
        for (const lease of before ? (leases.get(key) ?? []) : []) store.settle(subject, ANY_POLICY, lease, 'release');
        return before;
      },
    ]);
    return {
      ...Object.fromEntries(freed),
      reserve: (subject, policy, id) => {
        const reply = store.reserve(subject, policy, id);
        if (reply.outcome === 'taken') leases.set(subject.key, [...(leases.get(subject.key) ?? []), reply.lease]);
        return reply;
      },
    };
  };
};

export type Faults = Readonly<Record<string, Fault>>;
