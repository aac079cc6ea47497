/** Functions in the options must be synchronous: a promise, taken for a value, would count as "yes" or as a name. */
import { answeringAtOnce, type Guarding, guardFunction } from '../validation/guard-function.js';
import type { AccessList, LockoutOptions } from './types.js';

type AnyFunction = (...args: never[]) => unknown;

const ADVICE = '; look things up before Passport, in a middleware';
const isOptionalText = (value: unknown) => value === undefined || typeof value === 'string';
const isOptionalBoolean = (value: unknown) => value === undefined || typeof value === 'boolean';
const YES_OR_NO = { expected: 'true or false', accepts: isOptionalBoolean } as const;

/** What each function must return; for functions missing here, the caller checks it. */
const RETURNS: Readonly<Record<string, Pick<Guarding, 'expected' | 'accepts'>>> = {
  skip: YES_OR_NO,
  when: YES_OR_NO,
  // A number, such as an account id, would not be taken for a name, and nothing would be counted.
  canonicalUsername: { expected: 'a string or undefined', accepts: isOptionalText },
  clientIp: { expected: 'a string or undefined', accepts: (value) => value === null || isOptionalText(value) },
  locale: { expected: 'a locale or undefined', accepts: (value) => value === null || isOptionalText(value) },
  page: { expected: 'a string', accepts: (value) => typeof value === 'string' },
  info: {
    expected: 'an object or a string',
    accepts: (value) => typeof value === 'string' || (typeof value === 'object' && value !== null),
  },
};
const NAMES = [
  ...['username', 'isFailure', 'canonicalUsername', 'clientIp', 'skip'],
  ...['tiers', 'dimensions', 'locale', 'info'],
] as const;
const LISTS = ['allow', 'deny', 'restrictTo'] as const;

/**
 * Returns the options with their functions guarded. Otherwise an `async` function as `skip` or `when` would let every login
 * pass unprotected, and nobody would notice.
 *
 * @param options - options of a lockout, of one strategy, or of `protect`
 * @param label - prefix of the option's name in errors
 */
export function withGuardedFunctions<T extends object>(options: T, label: string): T {
  const guarded = { ...options } as Record<string, unknown>;
  for (const name of NAMES) {
    if (typeof guarded[name] === 'function') guarded[name] = guard(guarded[name] as AnyFunction, label, name);
  }
  for (const name of LISTS) {
    const list = guarded[name] as AccessList | undefined;
    if (list?.when) guarded[name] = { ...list, when: guard(list.when, `${label}.${name}`, 'when') };
  }
  const { respondWith } = guarded as LockoutOptions;
  if (respondWith?.page) {
    guarded['respondWith'] = { ...respondWith, page: guard(respondWith.page, `${label}.respondWith`, 'page') };
  }
  return guarded as unknown as T;
}

function guard<F extends AnyFunction>(fn: F, label: string, name: string): F {
  const returns = RETURNS[name];
  const at = `${label}.${name}`;
  return returns ? guardFunction(fn, { name: at, advice: ADVICE, ...returns }) : answeringAtOnce(fn, at, ADVICE);
}
