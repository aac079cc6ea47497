/** A ladder is a list of tiers, ascending by `failures`. */
import type { Policy, PolicyTier, SubjectState } from './state.js';

/**
 * Returns the number of failures that sets the next lock: the smallest threshold above `failures`. Past the last tier every
 * further failure locks.
 */
export function nextThreshold(tiers: readonly PolicyTier[], failures: number): number {
  for (const tier of tiers) if (tier.failures > failures) return tier.failures;
  return failures + 1;
}

/**
 * Returns how many more failures lock: up to the next tier or the hard stop, whichever is nearer; at least 1. If only
 * consecutive failures count, up to the hard stop.
 */
export function failuresUntilLock(
  { failures, consecutiveFailures }: Pick<SubjectState, 'failures' | 'consecutiveFailures'>,
  { tiers, hardStop, rowOnly }: Policy,
): number {
  if (rowOnly) return failuresUntilHardStop({ consecutiveFailures }, { hardStop });
  const untilTier = nextThreshold(tiers, failures) - failures;
  return hardStop ? Math.min(untilTier, failuresUntilHardStop({ consecutiveFailures }, { hardStop })) : untilTier;
}

/** Returns how many more consecutive failures lock until reset; at least 1, and `Infinity` without a hard stop. */
export function failuresUntilHardStop(
  { consecutiveFailures }: Pick<SubjectState, 'consecutiveFailures'>,
  { hardStop }: Pick<Policy, 'hardStop'>,
): number {
  return hardStop ? Math.max(1, hardStop.failures - consecutiveFailures) : Number.POSITIVE_INFINITY;
}

/** Returns the index of the tier that exactly this number of failures reaches, or -1; past the last tier, the last one. */
export function tierReachedAt(tiers: readonly PolicyTier[], failures: number): number {
  let index = 0;
  for (const tier of tiers) {
    if (tier.failures >= failures) return tier.failures === failures ? index : -1;
    index += 1;
  }
  return tiers.length - 1;
}
