import type { ResolvedOptions } from '../../options/resolve.js';
import type { Found } from '../finding.js';

/** What is counted leaves a way around, or nothing is counted at all. */
export function checkDimensions({ dimensions, strategy }: ResolvedOptions): readonly Found[] {
  // What a function of the attempt returns is not known here.
  if (dimensions.areDynamic) return [];
  const known = dimensions.known();
  if (strategy.ipOnly && known.every(({ hasUsername }) => hasUsername)) {
    const message = 'ipOnly is true, but every dimension contains the username: nothing is counted';
    return [{ code: 'WARN_LOCKOUT_NOTHING_COUNTED', message, option: 'dimensions' }];
  }
  if (dimensions.countAddresses()) return [];
  const message =
    "no dimension contains 'ip': one client may try one password on any number of accounts, and lock them all";
  return [{ code: 'WARN_LOCKOUT_IP_NOT_COUNTED', message, option: 'dimensions' }];
}
