/** Faults in what operators do: block, reset, cleanup, erase, resetLockedBy. */
import { ALL, type Faults, withoutSlots } from './kinds.js';

export const OPERATORS_FAULTS: Faults = {
  'never shortens a lock': (store) => ({
    block: (subject, block) => {
      const left = store.read(subject.key)?.lock?.remainingMs ?? 0;
      return store.block(subject, { ...block, forMs: Math.max(left, block.forMs) });
    },
  }),
  'reports no subject as blocked before': (store) => ({
    block: (...args) => ({ ...store.block(...args), wasLocked: false }),
  }),
  'reports every subject as blocked before': (store) => ({
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
  'clears nothing': (store) => ({ reset: (key) => store.read(key) }),
  'does not return what it cleared': (store) => ({
    reset: (key) => {
      store.reset(key);
      return null;
    },
  }),
  'clears everybody': (store) => ({
    reset: (key) => {
      const before = store.reset(key);
      for (const record of store.list(ALL).records) store.reset(record.key);
      return before;
    },
  }),
  'clears the slots, too': withoutSlots((store) => ({ reset: (key) => store.reset(key) })),
  'cleans nothing up': () => ({ cleanup: () => false }),
  'cleans up what still matters': (store) => ({ cleanup: (key) => store.erase(key) !== null }),
  'reports cleaning up records that did not exist': (store) => ({
    cleanup: (key) => {
      store.cleanup(key);
      return true;
    },
  }),
  'erases nothing': (store) => ({ erase: (key) => store.read(key) }),
  'does not return what it erased': (store) => ({
    erase: (key) => {
      store.erase(key);
      return null;
    },
  }),
  'erases the slots, too': withoutSlots((store) => ({ erase: (key) => store.erase(key) })),
  'lifts nothing': (store) => ({ resetLockedBy: (key) => store.read(key) }),
  'does not return what it lifted': (store) => ({
    resetLockedBy: (...args) => {
      store.resetLockedBy(...args);
      return null;
    },
  }),
  'lifts any lock': (store) => ({
    resetLockedBy: (key) => (store.read(key)?.lock ? store.reset(key) : null),
  }),
  'lifts what is over': (store) => ({
    resetLockedBy: (key, lockedBy) => (store.read(key)?.lockedBy === lockedBy ? store.reset(key) : null),
  }),
  'lifts the slots, too': withoutSlots((store) => ({ resetLockedBy: (...args) => store.resetLockedBy(...args) })),
};
