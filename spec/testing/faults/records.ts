/** Faults in reading the records. */
import { policy, type SubjectRecord } from '../../../lib/index.js';
import { ALL, byRecord, type Faults } from './kinds.js';

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
  'reads several in another order': (store) => ({ readAll: (keys) => store.readAll(keys).toReversed() }),
  'reads of several only what exists': (store) => ({
    readAll: (keys) => store.readAll(keys).filter((record) => record !== null),
  }),
  'reads of several only the first': (store) => ({
    readAll: (keys) => store.readAll(keys).map((record, index) => (index === 0 ? record : null)),
  }),
  'reads something of no keys': (store) => ({ readAll: (keys) => (keys.length > 0 ? store.readAll(keys) : [null]) }),
  'reports clearing a subject that never existed': (store) => ({
    reset: (key) => {
      const [any] = store.list({ ...ALL, limit: 1 }).records;
      return store.reset(key) ?? any ?? ({ key } as SubjectRecord);
    },
  }),
};
