/** What is known of a guarded strategy: where it judges credentials, who is tried, and what a failure is. */

import { memberOf } from '../../util/asked.js';
import type { ActionName } from '../strategy-like.js';
import type { UsernameRule } from './who-tries.js';

/** For strategies that judge before they call a verify function: `authenticate` itself is held back. */
export type GateRule =
  /** Once the fields of `options` are filled in; `getOptions` may return different options per request (LDAP). */
  | 'ldap'
  /** Once the fields named by the strategy are filled in. */
  | 'fields'
  /** Once `authenticate` is given a username and a password as options (OAuth's password grant). */
  | 'options'
  /** Once a provider's ticket is sent (CAS). */
  | 'ticket'
  /** Always; the username comes from the `username` option or is unknown. */
  | 'always';

export interface Profile {
  /** Members that hold verify functions, `a.b` for a nested one; empty if a gate is used or nothing is judged. */
  readonly hooks: readonly string[];
  readonly username: UsernameRule;
  readonly gate: GateRule | undefined;
  /** False if a failure is not a guess: a provider has judged the credentials and the application refuses the account. */
  readonly countsFailures: boolean;
  /** True if wrong credentials, once verified, end in `pass` instead of `fail`. */
  readonly passIsFailure: boolean;
  /** True if those who log in are OAuth clients. */
  readonly areClients: boolean;
  /** True if a success is not a login, but a registration. */
  readonly mayBypass: boolean;
  /** Where strategies of this kind look for a name together with a password; `'nowhere'` if they take no password. */
  readonly passwordsIn: 'form' | 'header' | 'either' | 'nowhere';
  /** Recognises wrong credentials that this kind reports in its own way; undefined if it follows the usual rules. */
  readonly isWrong: ((action: ActionName, args: readonly unknown[]) => boolean | undefined) | undefined;
}

export type Members = Readonly<Record<string, unknown>>;

/** Returns the member at `a` or `a.b`; its owner may throw for an unknown name, as a strict environment does. */
export function memberAt(members: Members, path: string): unknown {
  const [name, inner] = path.split('.') as [string, string | undefined];
  const member = members[name];
  return inner === undefined ? member : memberOf(member, inner);
}
