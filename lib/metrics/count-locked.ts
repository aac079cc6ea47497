import { LockoutError } from '../errors.js';
import type { Lockout } from '../lockout.js';

/** Bounds what one reading of the metrics costs the store, and how long it takes under an attack. */
const MAX_COUNTED = 10_000;
const PAGE = 1_000;

/**
 * Returns how many subjects are locked now, by dimension, as the index on locks has them: 10,000 at most.
 *
 * @returns nothing counted if the store fails, which is published and measured as an error of the store
 */
export async function countLocked(lockout: Lockout): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let left = MAX_COUNTED;
  try {
    for await (const { dimension } of lockout.list({ limit: PAGE })) {
      counts.set(dimension, (counts.get(dimension) ?? 0) + 1);
      left -= 1;
      if (left === 0) break;
    }
  } catch (error) {
    if (!(error instanceof LockoutError)) throw error;
    return new Map();
  }
  return counts;
}
