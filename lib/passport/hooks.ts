/** Where a strategy calls out before it judges credentials, and the guards that are put there. */
import type { FieldOptions } from './credentials.js';
import type { Self } from './strategy-child.js';
import type { Receiver } from './strategy-like.js';

export type Verify = (...args: unknown[]) => unknown;
/** Puts a guard around a verify function. */
export type Guarding = (verify: Verify) => Verify;

/** Puts a guard in the place of the verify function at `a` or `a.b`; the member as it is now, for some replace theirs per request. */
export function guardHook(
  { self, set }: Pick<Self, 'self' | 'set'>,
  from: Receiver,
  path: string,
  guard: Guarding,
): void {
  const [name, inner] = path.split('.') as [string, string | undefined];
  const member = from[name];
  if (inner === undefined) {
    if (typeof member === 'function') set(self, name, guard(member as Verify));
    return;
  }
  const holder = member as object;
  const verify = (holder as Readonly<Record<string, unknown>>)[inner];
  if (typeof verify !== 'function') return;
  const guarded = guard(verify as Verify);
  const get = (target: object, key: PropertyKey, receiver: unknown) =>
    key === inner ? guarded : Reflect.get(target, key, receiver);
  set(self, name, new Proxy(holder, { get }));
}

/**
 * Puts a gate behind the function that looks up an LDAP strategy's options, and with them the names of the fields, per
 * request.
 *
 * @param admit - calls `go` when the attempt may be verified
 */
export function gateOptions(
  { self, set }: Pick<Self, 'self' | 'set'>,
  getOptions: object,
  admit: (options: FieldOptions, go: () => unknown) => unknown,
): void {
  const apply = (target: object, thisArg: unknown, args: readonly unknown[]) => {
    const last = args.length - 1;
    const done = args[last] as (error: unknown, found: FieldOptions) => unknown;
    const gated = (error: unknown, found: FieldOptions) =>
      error ? done(error, found) : admit(found, () => done(error, found));
    return Reflect.apply(target as Verify, thisArg, [...args.slice(0, last), gated]);
  };
  set(self, 'getOptions', new Proxy(getOptions, { apply }));
}
