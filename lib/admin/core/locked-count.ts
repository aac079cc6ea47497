/** How many subjects are locked, for the navigation: at most 99 are counted, whatever the store holds. */
import type { Lockout } from '../../lockout.js';

const MAX_COUNTED = 99;

/** @returns e.g. `7` or `99+` */
export async function lockedCount(lockout: Lockout): Promise<string> {
  const { items, cursor } = await lockout.list({ order: 'lockedUntil', limit: MAX_COUNTED });
  return cursor === null ? String(items.length) : `${items.length}+`;
}
