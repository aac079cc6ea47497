/** Random ladders for property-based specs. */
import fc from 'fast-check';
import type { PolicyTier } from '../../lib/policy/state.js';

/** One to three tiers, each of one to three failures more than the one before. */
export function laddersOf(
  cooloffMs: fc.Arbitrary<number>,
  { maxTiers = 3, maxGap = 3 } = {},
): fc.Arbitrary<readonly PolicyTier[]> {
  const rung = fc.tuple(fc.integer({ min: 1, max: maxGap }), cooloffMs);
  const rungs = fc.array(rung, { minLength: 1, maxLength: maxTiers });
  return rungs.map((steps) => {
    let failures = 0;
    return steps.map(([more, ms]) => {
      failures += more;
      return { failures, cooloffMs: ms };
    });
  });
}
