/**
 * Checks a caller's description of an attempt, before anything is verified or written. By hand, not by a schema, because it runs
 * with every login. Errors do not repeat strings, which may be a name or a password.
 */

import { LockoutConfigError } from '../errors.js';
import type { AnyRequest } from '../subject/attempt.js';
import { asked } from '../util/asked.js';
import { isObject } from '../util/is-object.js';
import { describeKind } from '../validation/describe-value.js';
import { invalidOption } from '../validation/invalid-option.js';
import { unknownName } from '../validation/validate.js';

/** What a caller knows about an attempt; the rest is read from `req`. */
export interface AttemptInput {
  /** The request, from which address, path, user agent and device are read. */
  readonly req?: AnyRequest | undefined;
  /** As the client wrote it; the lockout folds it. */
  readonly username?: unknown;
  /**
   * Whether `username` is the id of an OAuth client, which is counted separately from a user of that name.
   * @default false
   */
  readonly isClient?: boolean | undefined;
  /** Overrides the request's address. */
  readonly ip?: string | undefined;
  /** The name of the strategy or of the guarded action, for events and the attempt log. */
  readonly action?: string | undefined;
}

const MEMBERS: readonly string[] = ['req', 'username', 'isClient', 'ip', 'action'] satisfies (keyof AttemptInput)[];
const TEXTS = ['url', 'originalUrl', 'method'] as const;
const OBJECTS = ['headers', 'socket'] as const;

/** @throws {LockoutConfigError} if it is not an attempt, or has an unknown member: with a mistyped name nothing would be counted */
export function checkAttempt(input: unknown): asserts input is AttemptInput {
  if (!isObject(input) || Array.isArray(input)) {
    throw wrong('attempt', "an object such as { username: 'alice', req }", input);
  }
  for (const name of Object.keys(input)) {
    if (!MEMBERS.includes(name)) throw unknown(unknownName('attempt', name, MEMBERS));
  }
  const { req, isClient, ip, action } = input as Readonly<Record<keyof AttemptInput, unknown>>;
  if (isClient !== undefined && typeof isClient !== 'boolean')
    throw wrong('attempt.isClient', 'true or false', isClient);
  if (ip !== undefined && typeof ip !== 'string') throw wrong('attempt.ip', 'an address as a string', ip);
  if (action !== undefined && typeof action !== 'string') throw wrong('attempt.action', 'a string', action);
  if (req !== undefined) checkRequest(req, 'attempt.req');
}

/**
 * Checks the members of a request that are cheap to read. Some frameworks look the address up, so {@link checkAddress} checks it
 * when it is read.
 */
export function checkRequest(req: unknown, label: string): asserts req is AnyRequest {
  if (!isObject(req)) throw wrong(label, 'a request', req);
  const members = req as Readonly<Record<string, unknown>>;
  for (const name of TEXTS) {
    const value = asked(() => members[name]);
    if (!isMissing(value) && typeof value !== 'string') throw wrong(`${label}.${name}`, 'a string', value);
  }
  for (const name of OBJECTS) {
    const value = asked(() => members[name]);
    if (!isMissing(value) && typeof value !== 'object') throw wrong(`${label}.${name}`, 'an object', value);
  }
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

export function wrong(what: string, expected: string, value: unknown): LockoutConfigError {
  return invalidOption(what, expected, describeKind(value));
}

function unknown(message: string): LockoutConfigError {
  return new LockoutConfigError('ERR_LOCKOUT_OPTION_UNKNOWN', message);
}
