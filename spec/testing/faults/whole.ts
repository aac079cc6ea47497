/** Faults in the store as a whole, and in its description of itself. */
import { byInspection, type Faults } from './kinds.js';

export const WHOLE_FAULTS: Faults = {
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
  'cannot be closed before it is used': (store) => {
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
      'reset',
      'erase',
      'cleanup',
      'revokeDevices',
      'resetLockedBy',
      'restore',
      'countLocked',
      'attemptLog',
      'activityLog',
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
  'claims to be local and answers later': (store) => ({ read: async (key) => store.read(key) }),
  'hides its clock': () => ({ clock: undefined }),
  'exposes another clock': () => ({ clock: Date.now }),
  'does not name its server': byInspection({ server: ' ' }),
  'lacks an index': byInspection({ missingIndexes: ['lockouts.expiresAt_1'] }),
  'counts one and a half subjects': byInspection({ subjects: 1.5 }),
  'does not count its own log': byInspection({ attempts: null }),
  'assumes that its clock equals that of the process': byInspection({ clockSkewMs: 0 }),
};
