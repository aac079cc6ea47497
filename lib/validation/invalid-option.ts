/** Makes the error for a wrong option or argument. */
import { LockoutConfigError } from '../errors.js';

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
  return new LockoutConfigError('ERR_LOCKOUT_OPTION_INVALID', `${at}: expected ${expected}, got ${got}`, options);
}
