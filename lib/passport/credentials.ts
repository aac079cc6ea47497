/** Reads the arguments of a verify function. */

import { usernameUnknown } from '../checks/runtime/findings.js';
import type { LockoutRequest } from '../subject/attempt.js';
import { asked } from '../util/asked.js';
import type { GuardParts } from './guard-parts.js';
import { AMBIGUOUS, whoTries } from './profile/who-tries.js';
import type { Receiver } from './strategy-like.js';

/** The arguments of one call of a verify function. */
export interface VerifyArguments {
  /** Index of the callback, the last function; -1 if there is none. */
  readonly at: number;
  /** The arguments without the request, recognised by identity, and without the callback. */
  readonly credentials: readonly unknown[];
  /**
   * Distinguishes one guess from another: the values the client sent. Lists and objects are compared by identity, otherwise all
   * passwords in lists would be one guess. Functions are included: one may hold the password and compare it with the hash that
   * verify has.
   */
  readonly values: readonly unknown[];
}

export function readArguments(args: readonly unknown[], req: LockoutRequest): VerifyArguments {
  let at = args.length - 1;
  while (at >= 0 && typeof args[at] !== 'function') at -= 1;
  const credentials: unknown[] = [];
  const values: unknown[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const value = args[index];
    if (index === at || value === req) continue;
    credentials.push(value);
    if (value !== undefined && value !== null) values.push(value);
  }
  return { at, credentials, values };
}

/** Where a strategy that reads its own fields looks for credentials. */
export interface FieldOptions {
  readonly usernameField?: unknown;
  readonly passwordField?: unknown;
  /** Takes precedence over the fields, as in passport-ldapauth. */
  readonly credentialsLookup?: unknown;
  /** Whether objects and lists count as values too; some directories read `['alice']` as alice. */
  readonly takesAnything?: boolean;
}

/** Returns username and password as the strategy itself will read them; undefined if one is missing, so nothing is guessed. */
export function readFields(req: LockoutRequest, options: FieldOptions): readonly [unknown, unknown] | undefined {
  const { usernameField = 'username', passwordField = 'password', credentialsLookup, takesAnything } = options;
  const read = takesAnything ? anythingOf : fieldOf;
  const [username, password] =
    typeof credentialsLookup === 'function'
      ? fromLookup(credentialsLookup(req))
      : [read(req, usernameField), read(req, passwordField)];
  return username && password ? [username, password] : undefined;
}

function fromLookup(found: unknown): readonly [unknown, unknown] {
  const credentials = (found ?? {}) as Readonly<Record<string, unknown>>;
  return [credentials['username'] || credentials['name'], credentials['password'] || credentials['pass']];
}

/**
 * Reads the body, then the query; `user[email]` is nested. An object is not a value, as in passport-local and passport-ldapauth.
 */
function fieldOf(req: LockoutRequest, field: unknown): unknown {
  const path = pathOf(field);
  return valueAt(containerOf(req, 'body'), path) || valueAt(containerOf(req, 'query'), path);
}

/** Like `fieldOf`, but of any type, and by the literal or the nested name: strategies differ, and a client may send both. */
function anythingOf(req: LockoutRequest, field: unknown): unknown {
  const read = (container: unknown) => {
    const asNamed = (container as Readonly<Record<string, unknown>> | null | undefined)?.[String(field)];
    const nested = valueAt(container, pathOf(field));
    return asNamed && nested && asNamed !== nested ? AMBIGUOUS : asNamed || nested;
  };
  return read(containerOf(req, 'body')) || read(containerOf(req, 'query'));
}

function containerOf(req: LockoutRequest, name: 'body' | 'query'): unknown {
  return asked(() => (req as Readonly<Record<string, unknown>>)[name]);
}

function pathOf(field: unknown): readonly string[] {
  return String(field).replaceAll(']', '').split('[');
}

function valueAt(container: unknown, path: readonly string[]): unknown {
  let value = container;
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined && typeof value !== 'object') return value;
  }
  return undefined;
}

/** Returns the fields that a directory strategy of the passport-local family is configured to read. */
export function fieldOptionsOf({ _usernameField, _passwordField }: Receiver): FieldOptions {
  return { usernameField: _usernameField, passwordField: _passwordField, takesAnything: true };
}

/**
 * Returns `'second'` for a strategy that is given the user and takes a single value from the client: it checks a code that follows
 * the name. Undefined if that value is the name itself, as with Digest: a first factor must not have a budget of its own beside the
 * name's.
 *
 * @param parts - of a strategy that may check a second factor, see `GuardParts.mayBeSecond`
 * @param username - as determined by the options
 */
export function factorOf(
  { rules, profile, engine }: Pick<GuardParts, 'rules' | 'profile' | 'engine'>,
  credentials: readonly unknown[],
  username: unknown,
): 'second' | undefined {
  const { canonicalUsername: fold } = engine.options;
  if (rules.factor === 'second') return 'second';
  if (credentials.length !== 1) return undefined;
  // The strategy may know a user who is already logged in by name alone.
  const [value] = credentials;
  const isName = profile.username !== 'option' && typeof value === 'string' && fold(value) === fold(username);
  return isName ? undefined : 'second';
}

/** Returns the username according to the options, else to the strategy's profile. Warns if it is unknown. */
export function usernameOf(
  { rules, profile, engine, label }: Pick<GuardParts, 'rules' | 'profile' | 'engine' | 'label'>,
  credentials: readonly unknown[],
  req: LockoutRequest,
): unknown {
  if (rules.ipOnly) return undefined;
  if (rules.username) return rules.username({ req, args: credentials });
  // The strategy will read the same fields as the gate.
  if (profile.gate) return credentials[0];
  const { dimensions, canonicalUsername } = engine.options;
  const { username, isUnknown } = whoTries(credentials, profile, { req, fold: canonicalUsername });
  if (isUnknown && dimensions.countNames()) engine.report.onFinding(usernameUnknown(label));
  return username;
}
