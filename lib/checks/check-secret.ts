import type { ResolvedOptions } from '../options/resolve.js';
import type { Found } from './finding.js';

const NO_SECRET: Found = {
  code: 'WARN_LOCKOUT_NO_SECRET',
  message:
    'without the option secret no device is known, so anyone who knows a username can keep its owner out; set it to a random string of ' +
    'at least 32 characters, the same in all processes',
  option: 'secret',
};

/** For `check()` only: a quick start and a test need no warning at each start. */
export function checkSecret({ unlockKeys, dimensions, strategy }: ResolvedOptions): readonly Found[] {
  const countsNames = dimensions.countNames() && !strategy.ipOnly;
  return unlockKeys || !countsNames ? [] : [NO_SECRET];
}
