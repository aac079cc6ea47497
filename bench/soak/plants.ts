/** Faults put in on purpose: what the checker must find, each as a store that does one thing wrong now and then. */
import type { LockoutStore } from '../../lib/stores/store.js';
import { PLANTS_OF_COUNTS } from './plants/counts.js';
import { PLANTS_OF_LOCKS } from './plants/locks.js';
import type { Plant, Plants } from './plants/plant.js';
import { PLANTS_OF_REFUSALS } from './plants/refusals.js';

export const PLANTS: Plants = { ...PLANTS_OF_COUNTS, ...PLANTS_OF_LOCKS, ...PLANTS_OF_REFUSALS };

/** @returns the store with the fault */
export function plant(name: string, store: LockoutStore): LockoutStore {
  const { into, every } = PLANTS[name] as Plant;
  let count = 0;
  const strikes = () => {
    count += 1;
    return count % every === 0;
  };
  const faulty = into(store as Parameters<Plant['into']>[0], strikes);
  return new Proxy(store, {
    get: (target, property) => {
      if (Object.hasOwn(faulty, property)) return Reflect.get(faulty, property);
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
