import { expect } from 'chai';
import { nextThreshold, tierReachedAt } from '../../lib/policy/ladder.js';
import { LADDER } from './examples.js';

describe('The ladder', () => {
  const RUNGS = [
    { failures: 0, threshold: 3, reached: -1 },
    { failures: 1, threshold: 3, reached: -1 },
    { failures: 2, threshold: 3, reached: -1 },
    { failures: 3, threshold: 6, reached: 0 },
    { failures: 4, threshold: 6, reached: -1 },
    { failures: 5, threshold: 6, reached: -1 },
    { failures: 6, threshold: 10, reached: 1 },
    { failures: 7, threshold: 10, reached: -1 },
    { failures: 9, threshold: 10, reached: -1 },
    { failures: 10, threshold: 11, reached: 2 },
    { failures: 11, threshold: 12, reached: 2 },
    { failures: 100_000, threshold: 100_001, reached: 2 },
  ];

  for (const { failures, threshold, reached } of RUNGS) {
    it(`has its next lock at ${threshold} after ${failures} failures`, () => {
      expect(nextThreshold(LADDER, failures)).to.equal(threshold);
    });

    it(`reaches ${reached < 0 ? 'no tier' : `tier ${reached}`} with exactly ${failures} failures`, () => {
      expect(tierReachedAt(LADDER, failures)).to.equal(reached);
    });
  }

  it('locks at every failure if its only tier is one failure', () => {
    const single = [{ failures: 1, cooloffMs: 1 }];
    expect([0, 1, 2].map((failures) => nextThreshold(single, failures))).to.deep.equal([1, 2, 3]);
    expect([0, 1, 2].map((failures) => tierReachedAt(single, failures))).to.deep.equal([-1, 0, 0]);
  });

  it('never locks without a tier', () => {
    expect([0, 1, 1_000].map((failures) => tierReachedAt([], failures))).to.deep.equal([-1, -1, -1]);
  });
});
