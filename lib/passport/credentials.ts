/** Reads the arguments of a verify function. */

import { usernameUnknown } from '../checks/runtime/findings.js';
import type { LockoutRequest } from '../subject/attempt.js';
import { asked } from '../util/asked.js';
import type { GuardParts } from './guard-parts.js';
import { AMBIGUOUS, whoTries } from './profile/who-tries.js';
import type { Receiver } from './strategy-like.js';

/** What a verify function is called with. */
export interface VerifyArguments {
  /** Where the callback stands, the last function; -1 without one. */
  readonly at: number;
  /** The arguments without the request, recognised by identity, and without the callback. */
  readonly credentials: readonly unknown[];
  /**
   * What tells one guess from another: the values the client sent; lists and objects by identity, or all passwords in lists would
   * be one guess. So are functions: one may hold the password, and compare it with the hash that verify has.
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

/** Where a strategy that reads its own fields finds its credentials. */
export interface FieldOptions {
  readonly usernameField?: unknown;
  readonly passwordField?: unknown;
  /** Wins over the fields; as passport-ldapauth has it. */
  readonly credentialsLookup?: unknown;
  /** Whether an object or a list is a value, too; some directories read `['alice']` as alice. */
  readonly takesAnything?: boolean;
}

/** Username and password as the strategy itself will read them; undefined when one is missing, so nothing is guessed. */
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

/** Body, else query; `user[email]` is nested. An object is no value, as in passport-local and passport-ldapauth. */
function fieldOf(req: LockoutRequest, field: unknown): unknown {
  const path = pathOf(field);
  return valueAt(containerOf(req, 'body'), path) || valueAt(containerOf(req, 'query'), path);
}

/** The same, of any type, under the field's name as it is or nested: strategies differ, and a client may send both. */
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

/** Which fields a directory strategy of the family of passport-local was told to read. */
export function fieldOptionsOf({ _usernameField, _passwordField }: Receiver): FieldOptions {
  return { usernameField: _usernameField, passwordField: _passwordField, takesAnything: true };
}

/**
 * A strategy that is told who logs in, and whose client sends one value, checks what comes after the name: a code. Not if the value
 * is the name itself, as with Digest: a first factor must have no budget beside that of the name.
 *
 * @param parts - of a strategy that may check one, see `GuardParts.mayBeSecond`
 * @param username - as the options say
 */
export function factorOf(
  { rules, profile, engine }: Pick<GuardParts, 'rules' | 'profile' | 'engine'>,
  credentials: readonly unknown[],
  username: unknown,
): 'second' | undefined {
  const { canonicalUsername: fold } = engine.options;
  if (rules.factor === 'second') return 'second';
  if (credentials.length !== 1) return undefined;
  // Who is logged in already may be known to it by the name alone.
  const [value] = credentials;
  const isName = profile.username !== 'option' && typeof value === 'string' && fold(value) === fold(username);
  return isName ? undefined : 'second';
}

/** Who logs in: as the options say, else as the strategy's profile has it. That nobody is known is told. */
export function usernameOf(
  { rules, profile, engine, label }: Pick<GuardParts, 'rules' | 'profile' | 'engine' | 'label'>,
  credentials: readonly unknown[],
  req: LockoutRequest,
): unknown {
  if (rules.ipOnly) return undefined;
  if (rules.username) return rules.username({ req, args: credentials });
  // What a gate found in the fields is what the strategy will read.
  if (profile.gate) return credentials[0];
  const { dimensions, canonicalUsername } = engine.options;
  const { username, isUnknown } = whoTries(credentials, profile, { req, fold: canonicalUsername });
  if (isUnknown && dimensions.countNames()) engine.report.onFinding(usernameUnknown(label));
  return username;
}
