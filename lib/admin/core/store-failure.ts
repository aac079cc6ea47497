/** Distinguishes a store that failed from everything else. */
import type { LockoutStoreError } from '../../errors.js';

/** By its code and not `instanceof`: a store of another copy of this package has a class of its own. */
export function isLockoutStoreError(error: unknown): error is LockoutStoreError {
  const code = (error as { readonly code?: unknown } | null | undefined)?.code;
  return error instanceof Error && typeof code === 'string' && code.startsWith('ERR_LOCKOUT_STORE_');
}
