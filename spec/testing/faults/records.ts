/** Faults in reading and listing the records. */
import { policy, type SubjectRecord } from '../../../lib/index.js';
import { ALL, byListQuery, byRecord, type Faults } from './kinds.js';

export const RECORDS_FAULTS: Faults = {
  'returns no failures': byRecord(() => ({ failures: 0 })),
  'returns no attempts being verified': byRecord(() => ({ verifying: 0 })),
  'shows no lock': byRecord(() => ({ lock: null })),
  'shows no operator': byRecord(() => ({ by: null })),
  'shows the time of the last failure as that of the first': byRecord(({ lastFailureAt }) => ({
    firstFailureAt: lastFailureAt,
  })),
  'returns records that never existed': (store) => ({
    read: (key) =>
      store.read(key) ?? policy.toStoredRecord({ key, dimension: '', storedParts: {} }, policy.UNKNOWN_SUBJECT, 0),
  }),
  'reports clearing a subject that never existed': (store) => ({
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
  'ignores lockedOnly': (store) => ({ list: (query) => store.list({ ...query, lockedOnly: false }) }),
  'lists only subjects with failures': (store) => ({
    list: (query) => store.list(query).filter(({ failures }) => failures > 0),
  }),
  'lists the first page again and again': (store) => ({ list: (query) => store.list({ ...query, after: undefined }) }),
  'repeats the last record of the previous page': (store) => ({
    list: ({ after, ...query }) => {
      const records = store.list({ ...query, after: undefined });
      return after === undefined ? records : records.filter(({ key }) => key >= after);
    },
  }),
  'continues only after an existing key': (store) => ({
    list: (query) => (query.after !== undefined && !store.read(query.after) ? [] : store.list(query)),
  }),
  'ignores the limit of a list': (store) => ({ list: (query) => store.list({ ...query, limit: 1_000 }) }),
  'filters only after cutting the page': (store) => ({
    list: ({ dimension, ...query }) =>
      store.list({ ...query, dimension: undefined }).filter((record) => !dimension || record.dimension === dimension),
  }),
  'treats all parts as any part': byListQuery(({ madeOf }) => ({ madeOf: madeOf && { ...madeOf, match: 'any' } })),
  'treats any part as all parts': byListQuery(({ madeOf }) => ({ madeOf: madeOf && { ...madeOf, match: 'all' } })),
  'ignores the match of a list': byListQuery(() => ({ madeOf: undefined })),
  'matches values under any part': (store) => ({
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
  'lists all records when none matches': (store) => ({
    list: ({ madeOf, ...query }) => {
      const found = store.list({ ...query, madeOf });
      return found.length > 0 ? found : store.list(query);
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
      list: (query) => [...(query.withExpired ? cleared.values() : []), ...store.list(query)],
    };
  },
};
