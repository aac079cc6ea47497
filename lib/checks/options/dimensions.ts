import type { ResolvedOptions } from '../../options/resolve.js';
import type { Found } from '../finding.js';

/** Finds dimensions that leave a way around the lockout, or count nothing at all. */
export function checkDimensions({ dimensions, strategy }: ResolvedOptions): readonly Found[] {
  // What a `dimensions` function returns is unknown here.
  if (dimensions.areDynamic) return [];
  const known = dimensions.known();
  if (strategy.ipOnly && known.every(({ hasUsername }) => hasUsername)) {
    const message = 'ipOnly is true, but every dimension contains the username: nothing is counted';
    return [{ code: 'WARN_LOCKOUT_NOTHING_COUNTED', message, option: 'dimensions' }];
  }
  if (dimensions.countAddresses()) return [];
  const message =
    "no dimension contains 'ip': one client can try one password on any number of accounts, and lock them all";
  return [{ code: 'WARN_LOCKOUT_IP_NOT_COUNTED', message, option: 'dimensions' }];
}
