/**
 * Who is tried, told by the arguments of a verify function. A client that could choose whether its name is counted would
 * have guesses without end; so where the arguments alone do not tell, either all such attempts are one, or it is told
 * that nobody is known.
 */
import type { LockoutRequest } from '../../subject/attempt.js';
import { asked } from '../../util/asked.js';
import { isObject } from '../../util/is-object.js';
import type { Profile } from './profile.js';
import { basicName, hasFilledCredentials } from './sent-credentials.js';
import { isSent, isTooLong, type SentFields, sentFields } from './sent-fields.js';

/** How the username is found among the arguments of the verify function (less `req` and `done`). */
export type UsernameRule =
  /** It is the first argument. */
  | 'first'
  /** It is the first of exactly two arguments. */
  | 'pair'
  /** By what the arguments are: two that a client can give are a name and a secret. */
  | 'shape'
  /** There is none: what is judged names nobody, or a provider has judged. */
  | 'none'
  /** Only the application knows it. */
  | 'option';

export interface WhoTries {
  /** Undefined where there is none; an object for all who are told apart by nothing. */
  readonly username: unknown;
  /** Whether somebody is tried of whom nothing can be said, so that the application has to. */
  readonly isUnknown: boolean;
}

/** More members no strategy gives to the credentials that it makes. */
const MAX_MEMBERS = 64;

type Fold = (name: unknown) => string | undefined;

const NOBODY: WhoTries = { username: undefined, isUnknown: false };
const UNKNOWN: WhoTries = { username: undefined, isUnknown: true };

/** A name that nobody can have: what makes it so only a client does, and all of them are one. */
export const AMBIGUOUS: unknown = Object.freeze([]);

/** OpenID Connect gives an issuer and a subject; no user store takes an address for a name. */
const ISSUER = /^https?:\/\//i;

interface Circumstances {
  readonly req: LockoutRequest;
  /** One spelling for all that a user store may take for the same name. */
  readonly fold: Fold;
}

export function whoTries(
  credentials: readonly unknown[],
  { username: rule, passwordsIn }: Pick<Profile, 'username' | 'passwordsIn'>,
  { req, fold }: Circumstances,
): WhoTries {
  // As passport-local and its family are called.
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
 * Whether verify is given the name that came with a password, alone or in an object. Nothing tells then that it is one and no
 * token: a client may send its token in a field for names as well. So it is not counted, but told of.
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
      // The strategy gave the request alone, and verify finds its way in it.
      return UNKNOWN;
    case 1:
      // A token names nobody, nor does what a token holds. The form itself holds a name somewhere.
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

/** The name among the arguments, where the fields of the request leave no doubt; undefined where they do. */
export function sentName(
  credentials: readonly unknown[],
  { req, fold }: { readonly req: LockoutRequest; readonly fold: Fold },
): string | undefined {
  const { username } = byFields(credentials, req, fold);
  return username === AMBIGUOUS ? undefined : fold(username);
}

/** Which of several is the name: one that a field of that kind holds, in front of one that a field for secrets holds. */
function byFields(credentials: readonly unknown[], req: LockoutRequest, fold: Fold): WhoTries {
  const fields = sentFields(req);
  const [isName, isSecret] = [matcher(fields.names, fold), matcher(fields.secrets, fold)];
  const found = new Map<unknown, unknown>();
  for (const [index, name] of credentials.slice(0, -1).entries()) {
    if (isName(name) && isSecret(credentials[index + 1])) found.set(isObject(name) ? AMBIGUOUS : fold(name), name);
  }
  return found.size === 0 && fields.isWhole ? ofProfile(credentials) : named(onlyOne(found, fields));
}

/** Which fields a strategy reads is not known, so with two names that fit a client may have sent one for show. */
function onlyOne(found: ReadonlyMap<unknown, unknown>, { isWhole }: SentFields): unknown {
  const [name] = found.values();
  return isWhole && found.size === 1 ? name : AMBIGUOUS;
}

/** Folded, for a strategy may have tidied what it read. */
function matcher(values: readonly unknown[], fold: Fold): (value: unknown) => boolean {
  const toComparable = (value: unknown) => (isText(value) && !isTooLong(value) ? fold(value) : value);
  const comparable = new Set(values.map(toComparable));
  return (value) => !isMissing(value) && comparable.has(toComparable(value));
}

/** A provider or a directory has judged, where one argument is what it knows of an account. */
function ofProfile(credentials: readonly unknown[]): WhoTries {
  return credentials.some(isProfile) || credentials.every((value) => !isText(value)) ? NOBODY : UNKNOWN;
}

/** As Passport has it: https://www.passportjs.org/reference/normalized-profile/. */
function isProfile(value: unknown): boolean {
  return isObject(value) && typeof (value as { provider?: unknown }).provider === 'string' && 'id' in value;
}

/**
 * Whether a client may have given this: a text; bytes; a list, which nobody's profile is; or an object that the request
 * holds, since some user stores read `{ $ne: '' }` as a password. Any other object the strategy has made.
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
