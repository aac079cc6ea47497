/**
 * Where each kind of strategy checks credentials, where the username is to be found, and what a failure is.
 *
 * Kinds are told apart by shape, the members a strategy has, not by package name. Decided once, at wrap time.
 */
import { LockoutConfigError } from '../errors.js';
import type { StrategyOptions } from '../options/types.js';

/** How the username is found among the arguments of the verify function (less `req` and `done`). */
export type UsernameRule =
  /** It is the first argument. */
  | 'first'
  /** It is the first of exactly two arguments. */
  | 'pair'
  /** It is the first of exactly two arguments, provided that the client sent both in this request. */
  | 'sent';

/** For strategies that call no verify function before the credentials are checked: what is held back instead. */
type GateRule =
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

/** The first that matches holds; what it does not say is as in `DEFAULT`. */
const KINDS: readonly Kind[] = [
  {
    examples: 'passport-ldapauth: binds first, then calls verify',
    matches: has('getOptions', 'options'),
    profile: { gate: 'ldap' },
  },
  {
    examples: 'passport-activedirectory: binds first, then calls verify',
    matches: has('_ad', '_usernameField', '_passwordField'),
    profile: { gate: 'fields' },
  },
  {
    examples: 'passport-local, passport-2fa-totp: read a username and a password from named fields',
    matches: has('_usernameField', '_passwordField'),
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
    examples: 'passport-oauth2 and its children, openidconnect, oauth1, saml: a provider judges the password',
    matches: (members) => ['_oauth2', '_oauth', '_signonVerify', '_saml'].some((name) => name in members),
    profile: { countsFailures: false },
  },
];

const DEFAULT = {
  username: 'sent',
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
