/** What is known of a strategy that is guarded: where it judges credentials, who is tried, and what a failure is. */

import { memberOf } from '../../util/asked.js';
import type { ActionName } from '../strategy-like.js';
import type { UsernameRule } from './who-tries.js';

/** For strategies that judge before they call a verify function: what is held back is `authenticate` itself. */
export type GateRule =
  /** Once the fields of `options` are filled in; `getOptions` may yield them per request (LDAP). */
  | 'ldap'
  /** Once the fields named by the strategy are filled in. */
  | 'fields'
  /** Once `authenticate` is given a username and a password as options (OAuth's password grant). */
  | 'options'
  /** Once a provider's ticket is sent (CAS). */
  | 'ticket'
  /** Always; the username comes from the `username` option or not at all. */
  | 'always';

export interface Profile {
  /** Members that hold verify functions, `a.b` for one inside another; none where a gate is used, or nothing is judged. */
  readonly hooks: readonly string[];
  readonly username: UsernameRule;
  readonly gate: GateRule | undefined;
  /** False where a failure is no guess: a provider has judged the credentials, the application refuses the account. */
  readonly countsFailures: boolean;
  /** True where a wrong credential, once verified, ends in `pass` instead of `fail`. */
  readonly passIsFailure: boolean;
  /** True where those who log in are OAuth clients. */
  readonly areClients: boolean;
  /** True where a success is no login, but a registration. */
  readonly mayBypass: boolean;
  /** Where strategies of this kind look for a name together with a password; `'nowhere'` where what they take is no password. */
  readonly passwordsIn: 'form' | 'header' | 'either' | 'nowhere';
  /** What this kind says in a way of its own; undefined for what is judged as usual. */
  readonly isWrong: ((action: ActionName, args: readonly unknown[]) => boolean | undefined) | undefined;
}

export type Members = Readonly<Record<string, unknown>>;

/** The member at `a` or `a.b`; what holds it may throw for a name that it does not know, as a strict environment does. */
export function memberAt(members: Members, path: string): unknown {
  const [name, inner] = path.split('.') as [string, string | undefined];
  const member = members[name];
  return inner === undefined ? member : memberOf(member, inner);
}
