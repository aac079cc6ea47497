/** Tells a lockout's info from a strategy's. */
import { REFUSAL_CODES } from '../errors.js';
import { asked } from '../util/asked.js';
import type { LockedInfo } from './answer-types.js';

/**
 * Whether an `info`, from a custom callback or `authInfo`, describes a refusal by a lockout. Otherwise it is the strategy's own.
 *
 * Checks the contents, not the class: an info of the other module format or of another copy of the package is recognized, and so
 * are copies, parsed JSON and a `LockoutRefusedError`. With the option `info` it is what your function returned: true if that kept
 * `code`, `message` and `retryAfter`, as `{ ...locked, msg: locked.message }` does.
 *
 * @example
 * ```ts
 * export function toText(info: unknown): string {
 *   return isLockedInfo(info) ? `${info.message} (${info.retryAfter ?? 'until reset'})` : 'Wrong username or password.';
 * }
 * ```
 */
export function isLockedInfo(info: unknown): info is LockedInfo {
  return asked(() => hasLockedInfo(info)) ?? false;
}

/** A strategy may pass on anything, even what a client sent. */
function hasLockedInfo(info: unknown): boolean {
  if (typeof info !== 'object' || info === null) return false;
  const { code, message, retryAfter } = info as Partial<Record<keyof LockedInfo, unknown>>;
  return (
    (REFUSAL_CODES as readonly unknown[]).includes(code) &&
    typeof message === 'string' &&
    (retryAfter === null || typeof retryAfter === 'number')
  );
}
