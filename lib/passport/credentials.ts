/** Reads the arguments of a verify function. */

import type { StrategyOptions } from '../options/types.js';
import type { LockoutRequest } from '../subject/attempt.js';
import type { Receiver } from './strategy-like.js';
import type { Profile, UsernameRule } from './strategy-profile.js';

/**
 * How deep a parsed body is searched; strategies read nested fields such as `user[email]`. In breadth there is no limit
 * but the body parser's, or a client could hide its username behind enough other fields.
 */
const MAX_DEPTH = 6;

/** The arguments without the request, recognised by identity, and without the callback, the last function. */
export function credentialArgs(args: readonly unknown[], req: LockoutRequest): readonly unknown[] {
  let done = args.length - 1;
  while (done >= 0 && typeof args[done] !== 'function') done -= 1;
  return args.filter((arg, index) => index !== done && arg !== req);
}

/** What tells one guess from another: the values the client sent. */
export function guessOf(credentials: readonly unknown[]): readonly unknown[] {
  return credentials.filter((value) => value !== null && typeof value !== 'object' && typeof value !== 'function');
}

/** Where a strategy that reads its own fields finds its credentials. */
export interface FieldOptions {
  readonly usernameField?: unknown;
  readonly passwordField?: unknown;
  /** Wins over the fields; as passport-ldapauth has it. */
  readonly credentialsLookup?: unknown;
}

/** Username and password as the strategy itself will read them; undefined when one is missing, so nothing is guessed. */
export function readFields(req: LockoutRequest, options: FieldOptions): readonly [unknown, unknown] | undefined {
  const [username, password] =
    typeof options.credentialsLookup === 'function'
      ? fromLookup(options.credentialsLookup(req))
      : [fieldOf(req, options.usernameField ?? 'username'), fieldOf(req, options.passwordField ?? 'password')];
  return username && password ? [username, password] : undefined;
}

function fromLookup(found: unknown): readonly [unknown, unknown] {
  const credentials = (found ?? {}) as Readonly<Record<string, unknown>>;
  return [credentials['username'] || credentials['name'], credentials['password'] || credentials['pass']];
}

/** Body, else query; `user[email]` is nested. An object is no value, as in passport-local and passport-ldapauth. */
function fieldOf(req: LockoutRequest, field: unknown): unknown {
  const { body, query } = req as { readonly body?: unknown; readonly query?: unknown };
  const path = String(field).replaceAll(']', '').split('[');
  return valueAt(body, path) || valueAt(query, path);
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

export function usernameIn(credentials: readonly unknown[], rule: UsernameRule, req: LockoutRequest): unknown {
  if (rule === 'first') return credentials[0];
  if (credentials.length !== 2) return undefined;
  // The count alone is not enough: other strategies pass two values of their provider, e.g. an issuer and a subject.
  if (rule === 'sent' && !credentials.every((value) => wasSent(value, req))) return undefined;
  return credentials[0];
}

function wasSent(value: unknown, req: LockoutRequest): boolean {
  if (value === undefined || value === null) return false;
  const { body, query } = req as { readonly body?: unknown; readonly query?: unknown };
  return contains(body, value, MAX_DEPTH) || contains(query, value, MAX_DEPTH);
}

function contains(container: unknown, wanted: unknown, depth: number): boolean {
  if (typeof container !== 'object' || container === null || ArrayBuffer.isView(container)) return false;
  return Object.values(container).some(
    (value) => value === wanted || (depth > 1 && contains(value, wanted, depth - 1)),
  );
}

/** Which fields a strategy of the family of passport-local was told to read. */
export function fieldOptionsOf({ _usernameField, _passwordField }: Receiver): FieldOptions {
  return { usernameField: _usernameField, passwordField: _passwordField };
}

/** Who logs in: as the options say, else as the strategy's profile has it. */
export function usernameOf(
  { rules, profile }: { readonly rules: StrategyOptions; readonly profile: Profile },
  credentials: readonly unknown[],
  req: LockoutRequest,
): unknown {
  if (rules.ipOnly) return undefined;
  if (rules.username) return rules.username({ req, args: credentials });
  return usernameIn(credentials, profile.gate ? 'first' : profile.username, req);
}
