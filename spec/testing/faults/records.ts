/** Faults in reading and listing the records. */
import { policy, type SubjectRecord } from '../../../lib/index.js';
import { ALL, byListQuery, byRecord, type Faults } from './kinds.js';

export const RECORDS_FAULTS: Faults = {
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
    reset: (key) => {
      const [any] = store.list({ ...ALL, limit: 1 });
      return store.reset(key) ?? any ?? ({ key } as SubjectRecord);
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
  'lists those with any part': byListQuery(({ madeOf }) => ({ madeOf: madeOf && { ...madeOf, match: 'any' } })),
  'lists those with all parts': byListQuery(({ madeOf }) => ({ madeOf: madeOf && { ...madeOf, match: 'all' } })),
  'lists whatever they are made of': byListQuery(() => ({ madeOf: undefined })),
  'lists by values, whatever the part is called': (store) => ({
    list: ({ madeOf, ...query }) => {
      const found = store.list(query);
      if (!madeOf) return found;
      const values = Object.values(madeOf.parts);
      return found.filter(({ parts: own }) => {
        const has = (value: string) => Object.values(own).includes(value);
        return madeOf.match === 'all' ? values.every(has) : values.some(has);
      });
    },
  }),
  'lists all where nobody is meant': (store) => ({
    list: ({ madeOf, ...query }) => {
      const found = store.list({ ...query, madeOf });
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
      reset: (key) => {
        const before = store.reset(key);
        if (before) cleared.set(key, { ...before, failures: 0, lock: null });
        return before;
      },
      list: (query) => [...(query.withExpired ? cleared.values() : []), ...store.list(query)],
    };
  },
};
