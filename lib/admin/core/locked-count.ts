/** How many subjects are locked: at most 99 are counted, whatever the store holds. */
import type { Lockout } from '../../lockout.js';

const MAX_COUNTED = 99;

export interface CappedCount {
  readonly count: number;
  /** Whether there may be more. */
  readonly isAtLeast: boolean;
}

/** @param dimension - all if not given */
export async function lockedCount(lockout: Lockout, dimension?: string): Promise<CappedCount> {
  const { items, cursor } = await lockout.list({ dimension, order: 'lockedUntil', limit: MAX_COUNTED });
  return { count: items.length, isAtLeast: cursor !== null };
}
