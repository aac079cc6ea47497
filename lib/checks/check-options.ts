/** Finds everything that a configuration shows without a login and without the store. */
import type { ResolvedOptions } from '../options/resolve.js';
import type { LockoutOptions } from '../options/types.js';
import { UNKNOWN_ATTEMPT } from '../subject/attempt.js';
import type { Found } from './finding.js';
import { checkAttemptLog } from './options/attempt-log.js';
import { checkDimensions } from './options/dimensions.js';
import { readEnvironment } from './options/environment.js';
import { checkMemoryStore } from './options/memory-store.js';
import { checkMode } from './options/mode.js';
import { checkTiers } from './options/tiers.js';
import { checkUnusedOptions } from './options/unused-options.js';

/**
 * @param given - the options as the application wrote them
 * @param resolved - the same options with defaults filled in
 */
export function staticFindings(given: LockoutOptions, resolved: ResolvedOptions): readonly Found[] {
  const environment = readEnvironment();
  const { dimensions, policyFor, store } = resolved;
  // A `tiers` function depends on the attempt, so its ladders are unknown here.
  const ladders = typeof given.tiers === 'function' ? [] : dimensions.known();
  return [
    ...checkMemoryStore(given, store, environment),
    ...checkAttemptLog(resolved, environment),
    ...checkMode(resolved, environment),
    ...checkDimensions(resolved),
    ...ladders.flatMap((dimension) => checkTiers(dimension, policyFor(dimension, UNKNOWN_ATTEMPT))),
    ...checkUnusedOptions(given, resolved),
  ];
}
