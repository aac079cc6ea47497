/** A ladder is a list of tiers, ascending by `failures`. */
import type { Policy, PolicyTier, SubjectState } from './state.js';

/**
 * The number of failures at which the next lock falls: the smallest threshold above `failures`. Past the last tier
 * every further failure locks.
 */
export function nextThreshold(tiers: readonly PolicyTier[], failures: number): number {
  for (const tier of tiers) if (tier.failures > failures) return tier.failures;
  return failures + 1;
}

/**
 * How many more failures lock: up to the next tier or the hard stop, whichever is nearer; at least 1. Where only the row counts, up
 * to the hard stop.
 */
export function failuresUntilLock(
  { failures, consecutiveFailures }: Pick<SubjectState, 'failures' | 'consecutiveFailures'>,
  { tiers, hardStop, rowOnly }: Policy,
): number {
  if (rowOnly) return failuresUntilHardStop({ consecutiveFailures }, { hardStop });
  const untilTier = nextThreshold(tiers, failures) - failures;
  return hardStop ? Math.min(untilTier, failuresUntilHardStop({ consecutiveFailures }, { hardStop })) : untilTier;
}

/** How many more failures in a row lock until reset; at least 1, and `Infinity` without a hard stop. */
export function failuresUntilHardStop(
  { consecutiveFailures }: Pick<SubjectState, 'consecutiveFailures'>,
  { hardStop }: Pick<Policy, 'hardStop'>,
): number {
  return hardStop ? Math.max(1, hardStop.failures - consecutiveFailures) : Number.POSITIVE_INFINITY;
}

/** The index of the tier that exactly this number of failures reaches, or -1. Past the last tier, the last one. */
export function tierReachedAt(tiers: readonly PolicyTier[], failures: number): number {
  for (const [index, tier] of tiers.entries()) {
    if (tier.failures >= failures) return tier.failures === failures ? index : -1;
  }
  return tiers.length - 1;
}
