/** Frees subjects one after the other, under the name of the operator. */
import type { Lockout } from '../../../lockout.js';
import type { ActorOptions } from '../../../operator/types.js';
import { PageError } from '../../core/page-error.js';
import { isLockoutStoreError } from '../../core/store-failure.js';

/** @returns the keys of those that were locked */
export async function unblockAll(
  lockout: Lockout,
  keys: readonly string[],
  actor: ActorOptions,
): Promise<readonly string[]> {
  const freed: string[] = [];
  for (const [done, key] of keys.entries()) {
    try {
      if (await lockout.unblock({ key }, actor)) freed.push(key);
    } catch (error) {
      // With nothing done, the general answer is right.
      if (done === 0 || !isLockoutStoreError(error)) throw error;
      throw new PageError(503, `The store failed after ${done} of ${keys.length} were unblocked. ${error.message}`);
    }
  }
  return freed;
}
