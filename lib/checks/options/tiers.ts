import type { Policy } from '../../policy/state.js';
import type { Dimension } from '../../subject/dimension.js';
import type { Found } from '../finding.js';

/** Finds ladders that are not what their tiers suggest. */
export function checkTiers(dimension: Dimension, policy: Policy): readonly Found[] {
  return [
    ...checkReachable(dimension, policy),
    ...checkHardStop(dimension, policy),
    ...checkGrowing(dimension, policy),
    ...checkForever(dimension, policy),
  ];
}

/**
 * A tier is reached only if failures are not forgotten during the locks before it. With `forgetFrom: 'first'` they are
 * forgotten if those locks last `forgetAfter` or longer in total, however fast the failures come. A lock without an end is
 * lifted by an operator, which also resets the failures.
 */
function checkReachable({ name }: Dimension, { tiers, forgetAfterMs, forgetFrom }: Policy): readonly Found[] {
  let lockedMs = 0;
  for (const { failures, cooloffMs } of tiers) {
    const isForgotten = forgetFrom === 'first' && lockedMs >= forgetAfterMs;
    if (isForgotten || lockedMs === Number.POSITIVE_INFINITY) {
      const why = isForgotten
        ? "the locks before it last at least as long as forgetAfter, and forgetFrom is 'first': the failures are forgotten by then"
        : "the tier before it locks 'forever', and lifting that lock resets the failures";
      const message = `the tier of ${failures} failures of ${name} is never reached: ${why}`;
      return [{ code: 'WARN_LOCKOUT_TIER_UNREACHABLE', message, option: 'tiers' }];
    }
    lockedMs += cooloffMs;
  }
  return [];
}

/** The hard stop counts every failure that the ladder counts, and its lock has no end. */
function checkHardStop({ name }: Dimension, { tiers, hardStop }: Policy): readonly Found[] {
  const unreachable = hardStop && tiers.find(({ failures }) => failures >= hardStop.failures);
  if (!unreachable) return [];
  const message = `the tier of ${unreachable.failures} failures of ${name} is never reached: hardStop locks at ${hardStop.failures}`;
  return [{ code: 'WARN_LOCKOUT_TIER_UNREACHABLE', message, option: 'hardStop' }];
}

function checkGrowing({ name }: Dimension, { tiers }: Policy): readonly Found[] {
  const shorter = tiers.find(({ cooloffMs }, index) => {
    const before = tiers[index - 1]?.cooloffMs ?? 0;
    return cooloffMs < before && before !== Number.POSITIVE_INFINITY;
  });
  if (!shorter) return [];
  const message = `the tier of ${shorter.failures} failures of ${name} locks for less time than the one before it`;
  return [{ code: 'WARN_LOCKOUT_TIERS_SHRINK', message, option: 'tiers' }];
}

/** Addresses change hands, and each lock without an end is a record that is never removed. */
function checkForever({ name, hasUsername }: Dimension, { tiers }: Policy): readonly Found[] {
  if (hasUsername || !tiers.some(({ cooloffMs }) => cooloffMs === Number.POSITIVE_INFINITY)) return [];
  const message = `a tier of ${name} locks 'forever', although people share it and it changes hands; give the tier an end`;
  return [{ code: 'WARN_LOCKOUT_SHARED_FOREVER', message, option: 'tiers' }];
}
