/** Guards a function of the application: it may throw, return a promise by mistake, or something else unexpected. */

import type { LockoutConfigError } from '../errors.js';
import { isThenable } from '../util/awaitable.js';
import { describeKind } from './describe-value.js';
import { invalidOption } from './invalid-option.js';

export interface Guarding {
  /** The name of the function in errors, e.g. `options.skip`. */
  readonly name: string;
  /** Completes "expected a function that returns ...". */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** What to do instead of returning a promise. */
  readonly advice?: string;
}

const anything = () => true;

/**
 * Returns a function that rejects promises and unexpected return values. What the original throws is passed on.
 *
 * @throws {LockoutConfigError} when called, if the original returns a promise or an unexpected value
 */
export function guardFunction<F extends (...args: never[]) => unknown>(fn: F, guarding: Guarding): F {
  const { name, expected, accepts, advice } = guarding;
  const guarded = (...args: unknown[]): unknown => {
    const value: unknown = Reflect.apply(fn as () => unknown, undefined, args);
    if (isThenable(value)) throw promised(value, name, advice);
    if (accepts(value)) return value;
    throw invalidOption(name, `a function that returns ${expected}`, describeKind(value));
  };
  return guarded as unknown as F;
}

/** Rejects only promises; the caller checks the value. */
export function answeringAtOnce<F extends (...args: never[]) => unknown>(fn: F, name: string, advice?: string): F {
  return guardFunction(fn, { name, expected: '', accepts: anything, ...(advice !== undefined && { advice }) });
}

/** Makes the error for a promise, whose outcome no longer matters but must not end the process. */
export function promised(value: PromiseLike<unknown>, name: string, advice = ''): LockoutConfigError {
  value.then(undefined, () => {});
  return invalidOption(name, 'a synchronous function', `a promise${advice}`);
}
