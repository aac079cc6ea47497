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
  'reports clearing a subject that never existed': (store) => ({
    reset: (key) => {
      const [any] = store.list({ ...ALL, limit: 1 }).records;
      return store.reset(key) ?? any ?? ({ key } as SubjectRecord);
    },
  }),
};
