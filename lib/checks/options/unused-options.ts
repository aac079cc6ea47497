import { textsReplacedBy } from '../../messages/texts.js';
import type { ResolvedOptions } from '../../options/resolve.js';
import type { LockoutOptions } from '../../options/types.js';
import type { Found } from '../finding.js';

interface Rule {
  readonly option: string;
  readonly because: string;
  isBroken(given: LockoutOptions, resolved: ResolvedOptions): boolean;
}

/** Only certain cases: options that another option leaves without effect. */
const RULES: readonly Rule[] = [
  {
    option: 'username',
    because: 'ipOnly is true',
    isBroken: ({ username, ipOnly }) => username !== undefined && ipOnly === true,
  },
  {
    option: 'resetOnSuccess',
    because:
      "no dimension contains the username, and only there can a success forgive all: elsewhere it takes back its own name's failures",
    isBroken: ({ resetOnSuccess }, { dimensions }) => resetOnSuccess === 'all' && !dimensions.countNames(),
  },
  {
    option: 'attemptsLeft',
    because: "mode is 'monitor', in which clients learn nothing",
    isBroken: ({ attemptsLeft, mode }) => attemptsLeft === true && mode === 'monitor',
  },
  {
    option: 'respondWith.page',
    because: 'respondWith.redirectTo sends browsers elsewhere',
    isBroken: ({ respondWith }) => respondWith?.page !== undefined && respondWith.redirectTo !== undefined,
  },
  {
    option: 'respondWith.backTo',
    because: 'only the built-in page has a link, and respondWith.page or respondWith.redirectTo takes its place',
    isBroken: ({ respondWith }) =>
      respondWith?.backTo !== undefined && (respondWith.page !== undefined || respondWith.redirectTo !== undefined),
  },
  {
    option: 'messages',
    because: 'lockedMessage replaces some of its texts in every locale',
    isBroken: ({ messages = {}, lockedMessage }) =>
      lockedMessage !== undefined &&
      Object.values(messages).some((texts) => textsReplacedBy(lockedMessage).some((name) => texts[name] !== undefined)),
  },
  {
    option: 'attemptLogRetention',
    because: 'no attempt log is kept',
    isBroken: ({ attemptLogRetention }, { attemptLog }) => attemptLogRetention !== undefined && attemptLog === 'off',
  },
];

export function checkUnusedOptions(given: LockoutOptions, resolved: ResolvedOptions): readonly Found[] {
  return RULES.filter(({ isBroken }) => isBroken(given, resolved)).map(({ option, because }) => ({
    code: 'WARN_LOCKOUT_OPTION_UNUSED',
    message: `the option ${option} has no effect, or only a partial one: ${because}`,
    option,
  }));
}
