/** Where a strategy calls out before it judges credentials, and the guard that is put there. */

import type { Members } from './strategy-child.js';

export type Verify = (...args: unknown[]) => unknown;
/** Puts a guard around a verify function. */
export type Guarding = (verify: Verify) => Verify;

/**
 * Puts a guard in the place of the verify function at `a` or `a.b`.
 *
 * @param self - has the member as it is now, for some replace theirs per request
 * @param members - what is to be put in the place of its members
 */
export function guardHook(self: Members, members: Members, path: string, guard: Guarding): void {
  const [name, inner] = path.split('.') as [string, string | undefined];
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
