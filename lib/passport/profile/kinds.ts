/** The kinds of strategies, recognised by their shape, that is, the members they have, not by the package name. */
import { memberOf } from '../../util/asked.js';
import type { ActionName } from '../strategy-like.js';
import { type Members, memberAt, type Profile } from './profile.js';

export interface Kind {
  /** For readers of this table. */
  readonly examples: string;
  readonly matches: (members: Members) => boolean;
  readonly profile: Partial<Profile>;
  /** Recognised by so little that the fields it names, or the user found by its options, can disprove it. */
  readonly isGuess?: boolean;
}

const has =
  (...names: string[]) =>
  (members: Members) =>
    names.every((name) => name in members);

const hasAny =
  (...names: string[]) =>
  (members: Members) =>
    names.some((name) => name in members);

/** Members that hold the name of a form field: `_usernameField`, `_userEmailField`, `_apiKeyField`. */
const NAME_FIELD = /^_?(user|email|mail|login|account)\w*field$/i;
/** The same for credentials other than passwords: `_apiKeyField`, `apiKeyHeader`, `tokenField`, `_jwtFromRequest`. */
const TOKEN_SOURCE = /^_?\w*(?:(?:token|key)\w*(?:field|header)|jwtFromRequest)$/i;
const SECRET_FIELD = /^_?\w*(pass|pwd|secret|token|key|pin|code)\w*field$/i;

function hasField(members: Members, pattern: RegExp): boolean {
  for (const name in members) if (pattern.test(name) && typeof members[name] === 'string') return true;
  return false;
}

function hasTokenSource(members: Members): boolean {
  for (const name in members) if (TOKEN_SOURCE.test(name)) return true;
  return false;
}

/** Member names in passport-local and its family. */
export const namesFields = has('_usernameField', '_passwordField');

/** Members that identify a provider: a library's client, its addresses, or where it publishes its keys. */
const hasProvider = hasAny(
  ...['_oauth2', '_oauth', '_signonVerify', '_saml', '_wsfed', '_relyingParty', '_getGoogleCerts'],
  ...['_authorizationURL', '_discoveryURL', 'appleIdKeysUrl', 'magicInstance', 'ssoBase', 'ssoBaseURL', 'casBaseUrl'],
);
const PROVIDER_PATHS = ['_options.identityMetadata', '_config.serverMetadata', '_client.callbackParams'] as const;

function isProviders(members: Members): boolean {
  return hasProvider(members) || PROVIDER_PATHS.some((path) => memberAt(members, path) !== undefined);
}

/** Detects google-auth-library under any member name. */
function canVerifyIdTokens(members: Members): boolean {
  return Object.values(members).some((member) => typeof memberOf(member, 'verifyIdToken') === 'function');
}

/** User pool errors that do not indicate an outage. */
const COGNITO_REFUSALS: ReadonlySet<unknown> = new Set(['NotAuthorizedException', 'UserNotFoundException']);

/** Cognito's strategy reports everything as `fail`: outages, and what has to follow a right password (412, 424). */
function isWrongForCognito(action: ActionName, [info, status]: readonly unknown[]): boolean | undefined {
  if (action !== 'fail') return undefined;
  if (status === 412 || status === 424) return false;
  const { code } = (info ?? {}) as { readonly code?: unknown };
  return code === undefined ? undefined : COGNITO_REFUSALS.has(code);
}

/** RFC 6749, section 5.2: the credentials of the resource owner are invalid. */
function isInvalidGrant(action: ActionName, [error]: readonly unknown[]): boolean | undefined {
  return action === 'error' && (error as { readonly code?: unknown } | undefined)?.code === 'invalid_grant'
    ? true
    : undefined;
}

/** The first match wins; members it does not set are taken from `DEFAULT`. */
export const KINDS: readonly Kind[] = [
  {
    examples: 'passport-ldapauth: binds first, then calls verify',
    matches: has('getOptions', 'options'),
    profile: { gate: 'ldap' },
  },
  {
    examples: 'passport-activedirectory, -windowsauth, -atlassian-crowd: ask a directory first, then call verify',
    matches: (members) => namesFields(members) && hasAny('_ad', '_ldapValidator', '_crowdServer')(members),
    profile: { gate: 'fields' },
  },
  {
    examples: 'passport-cognito: asks a user pool first, then calls verify',
    matches: has('_userPoolId', '_verify'),
    profile: { gate: 'fields', isWrong: isWrongForCognito },
  },
  {
    examples: 'passport-oauth2-password-grant: a child of passport-oauth2 that was not made by its constructor',
    matches: (members) => has('_oauth2', 'authorizationParams')(members) && !('_callbackURL' in members),
    profile: { gate: 'options', isWrong: isInvalidGrant },
  },
  {
    examples: 'passport-cas: calls verify through a closure of its constructor',
    matches: has('ssoBase', '_validate'),
    profile: { gate: 'ticket', countsFailures: false },
  },
  {
    examples: 'passport-local, -2fa-totp, -token, -session, -affinity: read a name and a secret from named fields',
    matches: (members) => hasField(members, NAME_FIELD) && hasField(members, SECRET_FIELD),
    profile: { username: 'first', passwordsIn: 'form' },
  },
  {
    examples: 'passport-http Digest (RFC 7616): asks for the secret of a username',
    matches: has('_realm', '_challenge', '_secret'),
    profile: { username: 'first', passwordsIn: 'header' },
  },
  {
    examples: 'passport-http Basic (RFC 7617), and passport-http-bearer, which looks alike but gives a token alone',
    matches: has('_realm', '_challenge'),
    profile: { username: 'pair', passwordsIn: 'header' },
  },
  {
    examples: 'passport-remember-me: lets the next strategy try when a token is wrong',
    matches: has('_verify', '_issue'),
    profile: { passIsFailure: true, passwordsIn: 'nowhere' },
  },
  {
    examples: 'passport-oauth2-client-password: judges the secret of a client; nothing but its name tells it',
    matches: ({ name }) => name === 'oauth2-client-password',
    profile: { areClients: true },
  },
  {
    examples: 'passport-fido2-webauthn: gives the id of a key and the handle of its owner, which are no secrets',
    matches: has('_verify', '_register'),
    profile: { username: 'none', mayBypass: true, passwordsIn: 'nowhere' },
  },
  {
    examples: 'passport-totp: checks a code of somebody who is logged in already',
    matches: has('_setup'),
    profile: { username: 'option', passwordsIn: 'nowhere' },
  },
  {
    examples: 'passport-oauth2 and its children, oauth1, saml, openid, steam, azure-ad: a provider judges the password',
    matches: isProviders,
    profile: { username: 'none', countsFailures: false },
  },
  {
    examples: "passport-google-id-token, -one-tap: a provider's token was verified",
    matches: canVerifyIdTokens,
    profile: { username: 'none', countsFailures: false },
    isGuess: true,
  },
  {
    examples: 'passport-jwt, -headerapikey, -localapikey, -unique-token: judge a token or a key',
    matches: hasTokenSource,
    profile: { passwordsIn: 'nowhere' },
  },
];
