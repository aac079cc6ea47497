/** Functions in the options answer at once: a promise, taken for a value, would count as "yes" or as a name. */
import { LockoutConfigError } from '../errors.js';
import { isThenable } from '../util/awaitable.js';
import type { AccessList } from './types.js';

const NAMES = ['username', 'isFailure', 'canonicalUsername', 'clientIp', 'skip'] as const;
const LISTS = ['allow', 'deny', 'restrictTo'] as const;

/**
 * The options with their functions guarded. Without that an `async` function as `skip` or `when` would hand every login
 * through unprotected, and nobody would notice.
 *
 * @param options - of a lockout, of one strategy, or of `protect`
 * @param label - what stands before the option's name in the error
 */
export function withGuardedFunctions<T extends object>(options: T, label: string): T {
  const guarded = { ...options } as Record<string, unknown>;
  for (const name of NAMES) {
    if (guarded[name] !== undefined) guarded[name] = answeringAtOnce(guarded[name], `${label}.${name}`);
  }
  for (const name of LISTS) {
    const list = guarded[name] as AccessList | undefined;
    if (list?.when) guarded[name] = { ...list, when: answeringAtOnce(list.when, `${label}.${name}.when`) };
  }
  return guarded as unknown as T;
}

/** @throws {LockoutConfigError} when called, if the function returns a promise */
function answeringAtOnce(fn: unknown, option: string): (...args: unknown[]) => unknown {
  return (...args) => {
    const value: unknown = Reflect.apply(fn as () => unknown, undefined, args);
    if (!isThenable(value)) return value;
    // What it comes to does not matter any more, but must not end the process.
    value.then(undefined, () => {});
    const message = `${option}: expected a function that answers at once, got a promise; look things up before Passport, in a middleware`;
    throw new LockoutConfigError('ERR_LOCKOUT_OPTION_INVALID', message);
  };
}
