/** Random ladders for property-based specs. */
import fc from 'fast-check';
import type { PolicyTier } from '../../lib/policy/state.js';

/** One to three tiers, each of one to three failures more than the one before. */
export function laddersOf(cooloffMs: fc.Arbitrary<number>): fc.Arbitrary<readonly PolicyTier[]> {
  const rungs = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), cooloffMs), { minLength: 1, maxLength: 3 });
  return rungs.map((steps) => {
    let failures = 0;
    return steps.map(([more, ms]) => {
      failures += more;
      return { failures, cooloffMs: ms };
    });
  });
}
