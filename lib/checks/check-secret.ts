import type { ResolvedOptions } from '../options/resolve.js';
import type { Found } from './finding.js';
import { readEnvironment } from './options/environment.js';

const NO_SECRET: Found = {
  code: 'WARN_LOCKOUT_NO_SECRET',
  message:
    'without the option secret no device is known, so anyone who knows a username can keep its owner out; set it to a random string of ' +
    'at least 32 characters, the same in all processes',
  option: 'secret',
};

/** Only in production, and only by `check()`: development and tests need no warning at each start. */
export function checkSecret({ unlockKeys, dimensions, strategy }: ResolvedOptions): readonly Found[] {
  const isNeeded = readEnvironment().isProduction && dimensions.countNames() && !strategy.ipOnly;
  return isNeeded && !unlockKeys ? [NO_SECRET] : [];
}
