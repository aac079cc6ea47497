/**
 * Determines who is tried from the arguments of a verify function. A client that could choose whether its name is counted would
 * have unlimited guesses; so if the arguments alone are not conclusive, either all such attempts count as one user, or the user is
 * reported as unknown.
 */
import type { LockoutRequest } from '../../subject/attempt.js';
import { asked } from '../../util/asked.js';
import { isObject } from '../../util/is-object.js';
import type { Profile } from './profile.js';
import { basicName, hasFilledCredentials } from './sent-credentials.js';
import { isSent, isTooLong, type SentFields, sentFields } from './sent-fields.js';

/** How to find the username among the arguments of the verify function (without `req` and `done`). */
export type UsernameRule =
  /** It is the first argument. */
  | 'first'
  /** It is the first of exactly two arguments. */
  | 'pair'
  /** Determined by the types of the arguments: two values that a client can send are a name and a secret. */
  | 'shape'
  /** There is none: the credentials name nobody, or a provider has judged them. */
  | 'none'
  /** Only the application knows it. */
  | 'option';

export interface WhoTries {
  /** Undefined if there is none; an object shared by all users that cannot be told apart. */
  readonly username: unknown;
  /** Whether a user is tried whose name cannot be determined, so the application has to supply it. */
  readonly isUnknown: boolean;
}

/** No strategy puts more members into the credentials it creates. */
const MAX_MEMBERS = 64;

type Fold = (name: unknown) => string | undefined;

const NOBODY: WhoTries = { username: undefined, isUnknown: false };
const UNKNOWN: WhoTries = { username: undefined, isUnknown: true };

/** A name nobody can have: only a client can cause the ambiguity, and all such attempts count as one user. */
export const AMBIGUOUS: unknown = Object.freeze([]);

/** OpenID Connect passes an issuer and a subject; no user store uses a URL as a name. */
const ISSUER = /^https?:\/\//i;

interface Circumstances {
  readonly req: LockoutRequest;
  /** Maps all spellings that a user store may treat as the same name to one. */
  readonly fold: Fold;
}

export function whoTries(
  credentials: readonly unknown[],
  { username: rule, passwordsIn }: Pick<Profile, 'username' | 'passwordsIn'>,
  { req, fold }: Circumstances,
): WhoTries {
  // The call signature of passport-local and its family.
  if (rule === 'first' && typeof credentials[0] === 'string') return { username: credentials[0], isUnknown: false };
  const who = byRule(credentials, rule, { req, fold });
  const isHeard = who === NOBODY && rule !== 'none' && hearsOfName(credentials, passwordsIn, { req, fold });
  return isHeard ? UNKNOWN : who;
}

function byRule(credentials: readonly unknown[], rule: UsernameRule, { req, fold }: Circumstances): WhoTries {
  switch (rule) {
    case 'none':
      return NOBODY;
    case 'option':
      return UNKNOWN;
    case 'first':
      return isGiven(credentials[0], req) ? named(credentials[0]) : UNKNOWN;
    case 'pair':
      return credentials.length === 2 ? named(credentials[0]) : NOBODY;
    default:
      return byShape(credentials, req, fold);
  }
}

/**
 * Whether verify is given the name that came with a password, alone or in an object. It cannot be distinguished from a token then:
 * a client may send its token in a field for names as well. So it is not counted, but reported.
 */
function hearsOfName(
  credentials: readonly unknown[],
  passwordsIn: Profile['passwordsIn'],
  { req, fold }: Circumstances,
): boolean {
  if (credentials.some(isProfile) || !hasFilledCredentials(req, passwordsIn)) return false;
  const isName = matcher([...sentFields(req).names, basicName(req)], fold);
  return credentials.some((value) => (isObject(value) ? membersOf(value).some(isName) : isName(value)));
}

function membersOf(object: object): readonly unknown[] {
  return asked(() => Object.values(object).slice(0, MAX_MEMBERS)) ?? [];
}

function named(username: unknown): WhoTries {
  return { username, isUnknown: false };
}

function byShape(credentials: readonly unknown[], req: LockoutRequest, fold: Fold): WhoTries {
  const [first, second] = credentials;
  switch (credentials.length) {
    case 0:
      // The strategy passed only the request, from which verify reads what it needs.
      return UNKNOWN;
    case 1:
      // A token names nobody, nor does its content. The form itself holds a name somewhere.
      return isObject(first) && isSent(first, req) === 'yes' ? UNKNOWN : NOBODY;
    case 2: {
      if (isMissing(first)) return NOBODY;
      const isPair = isGiven(first, req) && (isObject(first) || isMissing(second) || isGiven(second, req));
      if (!isPair) return ofProfile(credentials);
      return isText(second) && typeof first === 'string' && ISSUER.test(first)
        ? byFields(credentials, req, fold)
        : named(first);
    }
    default:
      return byFields(credentials, req, fold);
  }
}

/** Returns the name among the arguments if the fields of the request identify it beyond doubt, else undefined. */
export function sentName(
  credentials: readonly unknown[],
  { req, fold }: { readonly req: LockoutRequest; readonly fold: Fold },
): string | undefined {
  const { username } = byFields(credentials, req, fold);
  return username === AMBIGUOUS ? undefined : fold(username);
}

/** Picks the name among several values: one from a field for names takes precedence over one from a field for secrets. */
function byFields(credentials: readonly unknown[], req: LockoutRequest, fold: Fold): WhoTries {
  const fields = sentFields(req);
  const [isName, isSecret] = [matcher(fields.names, fold), matcher(fields.secrets, fold)];
  const found = new Map<unknown, unknown>();
  for (const [index, name] of credentials.slice(0, -1).entries()) {
    if (isName(name) && isSecret(credentials[index + 1])) found.set(isObject(name) ? AMBIGUOUS : fold(name), name);
  }
  return found.size === 0 && fields.isWhole ? ofProfile(credentials) : named(onlyOne(found, fields));
}

/** It is unknown which fields the strategy reads, so of two matching names a client may have sent one as a decoy. */
function onlyOne(found: ReadonlyMap<unknown, unknown>, { isWhole }: SentFields): unknown {
  const [name] = found.values();
  return isWhole && found.size === 1 ? name : AMBIGUOUS;
}

/** Compares folded values, since a strategy may have normalised what it read. */
function matcher(values: readonly unknown[], fold: Fold): (value: unknown) => boolean {
  const toComparable = (value: unknown) => (isText(value) && !isTooLong(value) ? fold(value) : value);
  const comparable = new Set(values.map(toComparable));
  return (value) => !isMissing(value) && comparable.has(toComparable(value));
}

/** If one argument is an account profile, a provider or a directory has judged. */
function ofProfile(credentials: readonly unknown[]): WhoTries {
  return credentials.some(isProfile) || credentials.every((value) => !isText(value)) ? NOBODY : UNKNOWN;
}

/** A normalised profile of Passport: https://www.passportjs.org/reference/normalized-profile/. */
function isProfile(value: unknown): boolean {
  return isObject(value) && typeof (value as { provider?: unknown }).provider === 'string' && 'id' in value;
}

/**
 * Whether the value may come from a client: a string; bytes; a list, which is never a profile; or an object that the request holds,
 * since some user stores read `{ $ne: '' }` as a password. Any other object was created by the strategy.
 */
function isGiven(value: unknown, req: LockoutRequest): boolean {
  if (value === undefined || value === null || typeof value === 'function') return false;
  if (typeof value !== 'object') return true;
  return Array.isArray(value) || ArrayBuffer.isView(value) || isSent(value, req) !== 'no';
}

function isText(value: unknown): boolean {
  return !isMissing(value) && typeof value !== 'object' && typeof value !== 'function';
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}
