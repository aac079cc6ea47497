/** The dates of a subject after a success has taken back some of its failures. */
import { expect } from 'chai';
import { takeBack } from '../../lib/policy/sources.js';
import { DAY, HOUR, MINUTE, NOON, policyWith } from './examples.js';
import { CAFE, count, failedFrom, HOME } from './sources.js';

const FOREVER = Number.POSITIVE_INFINITY;
const LATER = NOON + HOUR;
const policy = policyWith({ tiers: [{ failures: 200, cooloffMs: HOUR }] });

describe('The dates after a success', () => {
  const forgettingLast = { ...policy, forgetFrom: 'last' } as const;
  const forgettingFirst = { ...policy, forgetFrom: 'first' } as const;

  it('are those of the failures that remain', () => {
    const state = failedFrom(count(HOME, 2, NOON, NOON + 3 * MINUTE), count(CAFE, 2, NOON + MINUTE, NOON + 2 * MINUTE));

    expect(takeBack(state, forgettingLast, LATER, HOME)).to.deep.include({
      firstFailureAt: NOON + MINUTE,
      lastFailureAt: NOON + 2 * MINUTE,
      forgetAt: NOON + 2 * MINUTE + DAY,
    });
  });

  it('have forgetAt counted from the first failure that remains if forgetFrom is first', () => {
    const state = { ...failedFrom(count(HOME), count(CAFE, 1, LATER)), forgetAt: NOON + DAY };

    const after = takeBack(state, forgettingFirst, LATER, HOME);

    expect(after).to.include({ firstFailureAt: LATER, forgetAt: LATER + DAY });
  });

  it('have forgetAt counted from the end of the lock that the remaining failures reached by themselves', () => {
    const tiers = [{ failures: 2, cooloffMs: HOUR }];
    const state = { ...failedFrom(count(CAFE, 2), count(HOME, 1, LATER)), forgetAt: FOREVER };

    expect(takeBack(state, policyWith({ tiers }), LATER, HOME).forgetAt).to.equal(NOON + HOUR + DAY);
  });

  it('have forgetAt no later than before if forgetFrom is last', () => {
    const state = { ...failedFrom(count(CAFE), count(HOME, 1, LATER)), forgetAt: LATER + 1 };

    expect(takeBack(state, forgettingLast, LATER, HOME).forgetAt).to.equal(LATER + 1);
  });

  it('stay the same if failures have no source, as in a record of 0.1.0', () => {
    const state = { ...failedFrom(count(HOME, 1, LATER)), failures: 3, firstFailureAt: NOON };

    expect(takeBack(state, forgettingLast, LATER, HOME)).to.deep.include({
      failures: 2,
      firstFailureAt: NOON,
      lastFailureAt: LATER,
      forgetAt: LATER + DAY,
    });
  });

  it('stay unknown if the record has none', () => {
    const state = { ...failedFrom(count(HOME)), failures: 3, firstFailureAt: null, lastFailureAt: null };

    for (const rules of [forgettingFirst, forgettingLast]) {
      expect(takeBack(state, rules, LATER, HOME)).to.include({ failures: 2, forgetAt: NOON + DAY });
    }
  });
});
