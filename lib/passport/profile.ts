/** Where a strategy checks credentials, and where the username is to be found. Decided once, at wrap time. */
import { LockoutConfigError } from '../errors.js';

/** How the username is found among the arguments of the verify function (less `req` and `done`). */
export type UsernameRule =
  /** It is the first argument. */
  | 'first'
  /** It is the first of exactly two arguments, provided that the client sent both in this request. */
  | 'sent';

export interface Profile {
  /** Names of the members that hold verify functions; none for strategies that are handed through. */
  readonly hooks: readonly string[];
  readonly username: UsernameRule;
}

/** Members under which Passport strategies keep the functions that judge credentials. */
const HOOKS = [
  '_verify',
  'verify',
  '_verifyUsernameAndPassword',
  '_verifyTotpCode',
  '_secret',
  '_setup',
  '_signonVerify',
  'verifyUser',
] as const;

/** They judge no credentials of their own; there is nothing to guess. */
const WITHOUT_CREDENTIALS = new Set(['session', 'anonymous']);

const HANDED_THROUGH: Profile = { hooks: [], username: 'sent' };

type Members = Readonly<Record<string, unknown>>;

/**
 * @param label - the strategy's name, for the error
 * @throws {LockoutConfigError} where nothing would be protected: silence would be the worst outcome
 */
export function detectProfile(strategy: object, label: string): Profile {
  const members = strategy as Members;
  if (WITHOUT_CREDENTIALS.has(label)) return HANDED_THROUGH;
  if (verifiesAfterTheCheck(members)) {
    throw opaque(
      label,
      'it asks the directory before it calls its verify function, so a wrong password never gets there',
    );
  }
  const hooks = HOOKS.filter((name) => typeof members[name] === 'function');
  if (hooks.length === 0) throw opaque(label, `it has none of the members ${HOOKS.join(', ')}`);
  return { hooks, username: namesItsFields(members) || isBasicOrDigest(members) ? 'first' : 'sent' };
}

/** ldapauth and activedirectory bind first; their verify function only ever sees right passwords. */
function verifiesAfterTheCheck(members: Members): boolean {
  return 'getOptions' in members || '_ad' in members;
}

/** passport-local and its kin read a username and a password from named fields. */
function namesItsFields(members: Members): boolean {
  return typeof members['_usernameField'] === 'string' && typeof members['_passwordField'] === 'string';
}

/** RFC 7617 and RFC 7616: the credentials come in the Authorization header. */
function isBasicOrDigest(members: Members): boolean {
  return typeof members['_realm'] === 'string' && typeof members['_challenge'] === 'function' && !('_scope' in members);
}

function opaque(label: string, reason: string): LockoutConfigError {
  return new LockoutConfigError(
    'ERR_LOCKOUT_STRATEGY_OPAQUE',
    `withLockout(): expected a strategy whose verify function can be intercepted, got "${label}": ${reason}. ` +
      'Guard the route with lockout.protect() instead',
  );
}
