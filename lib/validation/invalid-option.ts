/** Makes the error for a wrong option or argument. */
import { LockoutConfigError } from '../errors.js';

const CODE = 'ERR_LOCKOUT_OPTION_INVALID';

/**
 * @param at - the wrong option or argument, e.g. `options.tiers`
 * @param expected - completes "expected ..."
 * @param got - the value as it may be shown: see `describeValue` and `describeKind`
 */
export function invalidOption(
  at: string,
  expected: string,
  got: string,
  options?: { readonly cause?: unknown },
): LockoutConfigError {
  return new LockoutConfigError(CODE, `${at}: expected ${expected}, got ${got}`, options);
}

/** By its code and not `instanceof`: a store of another copy of this package has a class of its own. */
export function isInvalidOption(error: unknown): boolean {
  return (error as { readonly code?: unknown } | null | undefined)?.code === CODE;
}
