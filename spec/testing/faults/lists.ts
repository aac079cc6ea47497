/** Faults in what a list has. */
import type { LockedCount, MemoryStore, SubjectRecord } from '../../../lib/index.js';
import { ALL, byListQuery, type Fault, type Faults } from './kinds.js';

/** The store with the records changed that it has on a page. */
const byPage =
  (change: (records: readonly SubjectRecord[]) => readonly SubjectRecord[]): Fault =>
  (store) => ({
    list: (query) => {
      const { records, cursor } = store.list(query);
      return { records: change(records), cursor };
    },
  });

/** The store with its count of locks changed. */
const byLockedCount =
  (change: (count: LockedCount, store: MemoryStore) => Partial<LockedCount>): Fault =>
  (store) => ({
    countLocked: (dimension) => {
      const counted = store.countLocked(dimension);
      return { ...counted, ...change(counted, store) };
    },
  });

export const LISTS_FAULTS: Faults = {
  'counts no locks': byLockedCount(() => ({ count: 0 })),
  'counts at least as many locks as there are': byLockedCount(() => ({ isAtLeast: true })),
  'counts locks of all dimensions': (store) => ({ countLocked: () => store.countLocked(undefined) }),
  'counts what is not locked, too': byLockedCount((_, store) => ({ count: store.list(ALL).records.length })),
  'lists a subject that is not there': byPage((records) =>
    records.length > 0 ? records : [{ key: 'ghost' } as SubjectRecord],
  ),
  'lists downwards': byPage((records) => records.toReversed()),
  'lists only subjects with failures': byPage((records) => records.filter(({ failures }) => failures > 0)),
  'lists all dimensions': byListQuery(() => ({ dimension: undefined })),
  'ignores lockedOnly': byListQuery(() => ({ lockedOnly: false })),
  'treats all parts as any part': byListQuery(({ madeOf }) => ({ madeOf: madeOf && { ...madeOf, match: 'any' } })),
  'treats any part as all parts': byListQuery(({ madeOf }) => ({ madeOf: madeOf && { ...madeOf, match: 'all' } })),
  'ignores the match of a list': byListQuery(() => ({ madeOf: undefined })),
  'ignores the match of a list by end of lock': byListQuery(({ order, madeOf }) => ({
    madeOf: order === 'lockedUntil' ? undefined : madeOf,
  })),
  'ignores the dimension of a list by end of lock': byListQuery(({ order, dimension }) => ({
    dimension: order === 'lockedUntil' ? undefined : dimension,
  })),
  'matches values under any part': (store) => ({
    list: ({ madeOf, ...query }) => {
      const { records, cursor } = store.list(query);
      if (!madeOf) return { records, cursor };
      const values = Object.values(madeOf.parts);
      const matching = records.filter(({ parts: own }) => {
        const has = (value: string) => Object.values(own).includes(value);
        return madeOf.match === 'all' ? values.every(has) : values.some(has);
      });
      return { records: matching, cursor };
    },
  }),
  'lists all records when none matches': (store) => ({
    list: ({ madeOf, ...query }) => {
      const page = store.list({ ...query, madeOf });
      return page.records.length > 0 ? page : store.list(query);
    },
  }),
  'lists expired records as known': byListQuery(() => ({ withExpired: true })),
  'hides expired records that are still stored': (store) => ({
    list: ({ withExpired: _, ...query }) => store.list(query),
    erase: () => null,
  }),
  'lists cleared records as stored, and cannot erase them': (store) => {
    const cleared = new Map<string, SubjectRecord>();
    return {
      reset: (key) => {
        const before = store.reset(key);
        if (before) cleared.set(key, { ...before, failures: 0, lock: null });
        return before;
      },
      list: (query) => {
        const { records, cursor } = store.list(query);
        return { records: [...(query.withExpired ? cleared.values() : []), ...records], cursor };
      },
    };
  },
};
