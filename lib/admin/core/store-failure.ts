/** Distinguishes a store that failed from everything else, for pages that show what they know without it. */
import type { LockoutStoreError } from '../../errors.js';

/** By its code and not `instanceof`: a store of another copy of this package has a class of its own. */
export function isLockoutStoreError(error: unknown): error is LockoutStoreError {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  return error instanceof Error && typeof code === 'string' && code.startsWith('ERR_LOCKOUT_STORE_');
}

/**
 * Returns what was read, or undefined if the store failed.
 *
 * @throws whatever else `reading` rejects with
 */
export async function unlessStoreFails<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isLockoutStoreError(error)) return undefined;
    throw error;
  }
}
