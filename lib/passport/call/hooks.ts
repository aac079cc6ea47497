/** The hooks through which a strategy calls out before it judges credentials, and the guards put there. */

import type { Members } from './strategy-child.js';

export type Verify = (...args: unknown[]) => unknown;
/** Returns the guard of a verify function. */
export type Guarding = (verify: Verify) => Verify;

/** Where a verify function is: at `name`, or at `name.inner`. */
export interface Hook {
  readonly name: string;
  readonly inner: string | undefined;
}

/** @param path - `a` or `a.b` */
export function toHook(path: string): Hook {
  const [name, inner] = path.split('.') as [string, string | undefined];
  return { name, inner };
}

/**
 * Replaces a verify function by a guard.
 *
 * @param self - has the current member, since some strategies replace theirs per request
 * @param members - receives the replacements of its members
 */
export function guardHook(self: Members, members: Members, { name, inner }: Hook, guard: Guarding): void {
  const member = members[name] ?? self[name];
  if (inner === undefined) {
    if (typeof member === 'function') members[name] = guard(member as Verify);
    return;
  }
  const holder = member as object;
  const verify = (holder as Readonly<Record<string, unknown>>)[inner];
  if (typeof verify !== 'function') return;
  const guarded = guard(verify as Verify);
  const get = (target: object, key: PropertyKey, receiver: unknown) =>
    key === inner ? guarded : Reflect.get(target, key, receiver);
  members[name] = new Proxy(holder, { get });
}
