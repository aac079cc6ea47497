/**
 * Where each kind of strategy checks credentials, where the username is to be found, and what a failure is.
 *
 * Kinds are told apart by shape, the members a strategy has, not by package name. Decided once, at wrap time.
 */
import { LockoutConfigError } from '../../errors.js';
import type { StrategyOptions } from '../../options/types.js';
import type { UsernameRule } from './who-tries.js';

/** For strategies that call no verify function before the credentials are checked: what is held back instead. */
export type GateRule =
  /** `authenticate`, once the fields of `options` are filled in; `getOptions` may yield them per request (LDAP). */
  | 'ldap'
  /** `authenticate`, once the fields named by the strategy are filled in. */
  | 'fields'
  /** `authenticate`, always; the username comes from the `username` option or not at all. */
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
}

type Members = Readonly<Record<string, unknown>>;

interface Kind {
  /** For people who read this table. */
  readonly examples: string;
  readonly matches: (members: Members) => boolean;
  readonly profile: Partial<Profile>;
}

/** Members under which strategies keep the functions that judge credentials. */
const HOOKS = [
  '_verify',
  'verify',
  '_verifyUsernameAndPassword',
  '_verifyTotpCode',
  '_secret',
  '_setup',
  '_consumer',
  '_signonVerify',
  'verifyUser',
  '_options.verify',
] as const;

const has =
  (...names: string[]) =>
  (members: Members) =>
    names.every((name) => name in members);

const hasAny =
  (...names: string[]) =>
  (members: Members) =>
    names.some((name) => name in members);

/** Members that hold the name of a form's field: `_usernameField`, `_userEmailField`, `_apiKeyField`. */
const NAME_FIELD = /^_?(user|email|mail|login|account)\w*field$/i;
const SECRET_FIELD = /^_?\w*(pass|pwd|secret|token|key|pin|code)\w*field$/i;

function hasField(members: Members, pattern: RegExp): boolean {
  for (const name in members) if (pattern.test(name) && typeof members[name] === 'string') return true;
  return false;
}

/** How strategies know their provider: a library's client, its addresses, or where it publishes its keys. */
const hasProvider = hasAny(
  ...['_oauth2', '_oauth', '_signonVerify', '_saml', '_wsfed', '_relyingParty', '_getGoogleCerts'],
  ...['_authorizationURL', '_discoveryURL', 'appleIdKeysUrl', 'magicInstance', 'ssoBase', 'ssoBaseURL', 'casBaseUrl'],
);
const PROVIDER_PATHS = ['_options.identityMetadata', '_config.serverMetadata', '_client.callbackParams'] as const;

function isProviders(members: Members): boolean {
  if (hasProvider(members) || PROVIDER_PATHS.some((path) => memberAt(members, path) !== undefined)) return true;
  // google-auth-library, under whatever name.
  return Object.values(members).some((member) => typeof (member as Members | null)?.['verifyIdToken'] === 'function');
}

/** The first that matches holds; what it does not say is as in `DEFAULT`. */
const KINDS: readonly Kind[] = [
  {
    examples: 'passport-ldapauth: binds first, then calls verify',
    matches: has('getOptions', 'options'),
    profile: { gate: 'ldap' },
  },
  {
    examples: 'passport-activedirectory, -windowsauth, -atlassian-crowd: ask a directory first, then call verify',
    matches: (members) =>
      has('_usernameField', '_passwordField')(members) && hasAny('_ad', '_ldapValidator', '_crowdServer')(members),
    profile: { gate: 'fields' },
  },
  {
    examples: 'passport-local, -2fa-totp, -token, -session, -affinity: read a name and a secret from named fields',
    matches: (members) => hasField(members, NAME_FIELD) && hasField(members, SECRET_FIELD),
    profile: { username: 'first' },
  },
  {
    examples: 'passport-http Digest (RFC 7616): asks for the secret of a username',
    matches: has('_realm', '_challenge', '_secret'),
    profile: { username: 'first' },
  },
  {
    examples: 'passport-http Basic (RFC 7617), and passport-http-bearer, which looks alike but gives a token alone',
    matches: has('_realm', '_challenge'),
    profile: { username: 'pair' },
  },
  {
    examples: 'passport-remember-me: lets the next strategy try when a token is wrong',
    matches: has('_verify', '_issue'),
    profile: { passIsFailure: true },
  },
  {
    examples: 'passport-oauth2-client-password: judges the secret of a client; nothing but its name tells it',
    matches: ({ name }) => name === 'oauth2-client-password',
    profile: { areClients: true },
  },
  {
    examples: 'passport-fido2-webauthn: gives the id of a key and the handle of its owner, which are no secrets',
    matches: has('_verify', '_register'),
    profile: { username: 'none' },
  },
  {
    examples: 'passport-totp: checks a code of somebody who is logged in already',
    matches: has('_setup'),
    profile: { username: 'option' },
  },
  {
    examples: 'passport-oauth2 and its children, oauth1, saml, openid, steam, azure-ad: a provider judges the password',
    matches: isProviders,
    profile: { username: 'none', countsFailures: false },
  },
];

const DEFAULT = {
  username: 'shape',
  gate: undefined,
  countsFailures: true,
  passIsFailure: false,
  areClients: false,
} as const;

/** They judge no credentials of their own; there is nothing to guess. */
const WITHOUT_CREDENTIALS = new Set(['session', 'anonymous']);

/**
 * @param label - the strategy's name, for the error
 * @throws {LockoutConfigError} where nothing would be protected: silence would be the worst outcome
 */
export function detectProfile(strategy: object, label: string, { username, ipOnly }: StrategyOptions): Profile {
  const members = strategy as Members;
  if (WITHOUT_CREDENTIALS.has(label)) return { ...DEFAULT, hooks: [] };
  const kind = KINDS.find(({ matches }) => matches(members));
  if (kind?.profile.gate) return { ...DEFAULT, hooks: [], ...kind.profile };
  const hooks = HOOKS.filter((path) => typeof memberAt(members, path) === 'function');
  if (hooks.length > 0) return { ...DEFAULT, ...kind?.profile, hooks };
  if (ipOnly || username) return { ...DEFAULT, ...kind?.profile, hooks, gate: 'always' };
  throw new LockoutConfigError(
    'ERR_LOCKOUT_STRATEGY_OPAQUE',
    `withLockout(): expected a strategy whose verify function can be found, got "${label}", which has none of the ` +
      `members ${HOOKS.join(', ')}. Pass { username: ({ req }) => ... } to say who tries, or { ipOnly: true } to count addresses`,
  );
}

/** The member at `a` or `a.b`. */
function memberAt(members: Members, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Members | null | undefined)?.[name], members);
}
