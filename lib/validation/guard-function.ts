/** A function that somebody else wrote: it may throw, answer with a promise by mistake, or with something else. */

import type { LockoutConfigError } from '../errors.js';
import { isThenable } from '../util/awaitable.js';
import { describeKind } from './describe-value.js';
import { invalidOption } from './invalid-option.js';

export interface Guarding {
  /** How the function is called in errors, e.g. `options.skip`. */
  readonly name: string;
  /** Completes "expected a function that returns ...". */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** What to do instead of returning a promise. */
  readonly advice?: string;
}

const anything = () => true;

/**
 * The function, which then answers at once and with what is expected. What it throws goes on.
 *
 * @throws {LockoutConfigError} when called, for a promise and for what is not expected
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

/** The same where what is returned is checked by whoever calls it. */
export function answeringAtOnce<F extends (...args: never[]) => unknown>(fn: F, name: string, advice?: string): F {
  return guardFunction(fn, { name, expected: '', accepts: anything, ...(advice !== undefined && { advice }) });
}

/** What the promise comes to does not matter any more, but must not end the process. */
export function promised(value: PromiseLike<unknown>, name: string, advice = ''): LockoutConfigError {
  value.then(undefined, () => {});
  return invalidOption(name, 'a function that answers at once', `a promise${advice}`);
}
