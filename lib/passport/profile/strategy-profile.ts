/** Determines, once at wrap time, where each strategy checks credentials, where to find the username, and what a failure is. */
import { LockoutConfigError } from '../../errors.js';
import type { StrategyOptions } from '../../options/types.js';
import { KINDS, namesFields } from './kinds.js';
import { passesOnly } from './passes-only.js';
import type { GateRule, Members, Profile } from './profile.js';
import { VERIFY_MEMBERS, verifyMembersOf } from './verify-members.js';

const DEFAULT = {
  username: 'shape',
  gate: undefined,
  countsFailures: true,
  passIsFailure: false,
  areClients: false,
  mayBypass: false,
  passwordsIn: 'either',
  isWrong: undefined,
} as const;

export interface ProfileRules extends Pick<StrategyOptions, 'username' | 'ipOnly' | 'guard'> {
  /** Whether `username` or `ipOnly` was given for this very strategy: then a user is tried there, whatever it looks like. */
  readonly isTold: boolean;
  /** False if nothing is to be guarded; then nothing has to be found. */
  readonly enabled: boolean;
}

/** Applies the strategy option `guard`: whatever members were found, they are not where the strategy judges. */
function guardWhole(kind: Partial<Profile>, label: string, gate: GateRule | undefined): Profile {
  if (gate) return { ...DEFAULT, ...kind, countsFailures: true, hooks: [], gate };
  throw new LockoutConfigError(
    'ERR_LOCKOUT_STRATEGY_OPAQUE',
    `strategy options.guard: expected to be told who tries where 'authenticate' is guarded, got nothing for "${label}". ` +
      'Pass { username: ({ req }) => ... } as well, or { ipOnly: true } to count addresses',
  );
}

/**
 * @param label - the strategy's name, for the error
 * @throws {LockoutConfigError} if nothing would be protected: failing silently would be the worst outcome
 */
export function detectProfile(strategy: object, label: string, rules: ProfileRules): Profile {
  const members = strategy as Members;
  const isNamed = rules.ipOnly === true || rules.username !== undefined;
  const fields = namesFields(members) ? 'fields' : undefined;
  const isKnown = rules.isTold || fields !== undefined;
  const kind = KINDS.find(({ matches, isGuess }) => matches(members) && !(isGuess && isKnown));
  const always = isNamed ? 'always' : undefined;
  if (rules.guard && rules.enabled)
    return guardWhole(kind?.profile ?? {}, label, always ?? kind?.profile.gate ?? fields);
  if (kind?.profile.gate) return { ...DEFAULT, hooks: [], ...kind.profile };
  const hooks = verifyMembersOf(members);
  if (hooks.length > 0) return { ...DEFAULT, ...kind?.profile, hooks };
  if (!rules.enabled || (!rules.isTold && passesOnly(members))) return { ...DEFAULT, hooks };
  const gate = fields ?? always;
  if (gate) return { ...DEFAULT, ...kind?.profile, hooks, gate };
  throw new LockoutConfigError(
    'ERR_LOCKOUT_STRATEGY_OPAQUE',
    `withLockout(): expected a strategy whose verify function can be found, got "${label}", which has none of the ` +
      `members ${VERIFY_MEMBERS.join(', ')}. Pass { username: ({ req }) => ... } to say who tries, or { ipOnly: true } to count addresses`,
  );
}
