/** Stores with one fault each, for the contract to find. */
import { type LockoutStore, MemoryStore } from '../../lib/index.js';
import { ACTS_FAULTS } from './faults/acts.js';
import type { Fault, Faults } from './faults/kinds.js';
import { LISTS_FAULTS } from './faults/lists.js';
import { LOG_FAULTS } from './faults/log.js';
import { OPERATORS_FAULTS } from './faults/operators.js';
import { PAGES_FAULTS } from './faults/pages.js';
import { RECORDS_FAULTS } from './faults/records.js';
import { SEVERAL_FAULTS } from './faults/several.js';
import { SLOTS_FAULTS } from './faults/slots.js';
import { VERDICTS_FAULTS } from './faults/verdicts.js';
import { WHOLE_FAULTS } from './faults/whole.js';

export const FAULTS: Faults = {
  ...SLOTS_FAULTS,
  ...SEVERAL_FAULTS,
  ...VERDICTS_FAULTS,
  ...RECORDS_FAULTS,
  ...LISTS_FAULTS,
  ...PAGES_FAULTS,
  ...OPERATORS_FAULTS,
  ...WHOLE_FAULTS,
  ...LOG_FAULTS,
  ...ACTS_FAULTS,
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
