/** What the page Now makes out of counts per minute. */
import { expect } from 'chai';
import type { Bucket } from '../../../../lib/admin/charts/bucket.js';
import {
  bucketsOf,
  chartOf,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  usualPerMinute,
  yesterdayOf,
} from '../../../../lib/admin/pages/now/counts.js';

const NOW = Date.UTC(2026, 10, 26, 14, 23, 22);

/** @param ago - how long ago; the counts are of the minute which that was in */
function minute(ago: number, counts: Partial<Bucket> = { failed: 1 }): Bucket {
  const at = NOW - ago;
  return { failed: 0, refused: 0, succeeded: 0, locks: 0, ...counts, at: at - (at % MINUTE_MS) };
}

/** The same counts in each minute from one time to another. */
function each(from: number, to: number, counts: Partial<Bucket>): readonly Bucket[] {
  return Array.from({ length: (from - to) / MINUTE_MS }, (_, index) => minute(from - index * MINUTE_MS, counts));
}

describe('bucketsOf', () => {
  it('has no holes, and ends with the period under way', () => {
    const buckets = bucketsOf([minute(2 * MINUTE_MS, { failed: 3, locks: 1 })], NOW, MINUTE_MS, 4);
    expect(buckets.map(({ failed }) => failed)).to.deep.equal([0, 3, 0, 0]);
    expect(buckets.map(({ locks }) => locks)).to.deep.equal([0, 1, 0, 0]);
    expect(buckets.at(-1)?.at).to.equal(Date.UTC(2026, 10, 26, 14, 23));
  });

  it('leaves out what is older, and counts what a clock ahead of ours has written as now', () => {
    const buckets = bucketsOf([minute(9 * MINUTE_MS), minute(-MINUTE_MS), minute(0)], NOW, MINUTE_MS, 4);
    expect(buckets.map(({ failed }) => failed)).to.deep.equal([0, 0, 0, 2]);
  });
});

describe('chartOf', () => {
  for (const [span, bucketMs, length] of [
    ['hour', MINUTE_MS, 60],
    ['day', 15 * MINUTE_MS, 96],
    ['week', HOUR_MS, 168],
  ] as const) {
    it(`draws a span of one ${span} as ${length} bars`, () => {
      const chart = chartOf([minute(0)], NOW, span);
      expect(chart.bucketMs).to.equal(bucketMs);
      expect(chart.buckets).to.have.length(length);
      expect(chart.buckets.at(-1)).to.include({ failed: 1, at: NOW - (NOW % bucketMs) });
    });
  }
});

describe('yesterdayOf', () => {
  it('returns the same minutes of the day before', () => {
    const buckets = yesterdayOf([minute(DAY_MS, { failed: 2 }), minute(0, { failed: 9 })], NOW);
    expect(buckets).to.have.length(60);
    expect(buckets.at(-1)).to.include({ failed: 2, at: minute(DAY_MS).at });
  });

  it('returns nothing if counting began later', () => {
    expect(yesterdayOf(each(20 * HOUR_MS, 0, { failed: 1 }), NOW)).to.deep.equal([]);
  });
});

describe('usualPerMinute', () => {
  it('returns the failed and refused attempts of a minute', () => {
    const minutes = each(25 * HOUR_MS, HOUR_MS, { failed: 2, refused: 1, succeeded: 50 });
    expect(usualPerMinute(minutes, NOW)).to.equal(3);
  });

  it('is not moved by an attack of some hours', () => {
    const minutes = [
      ...each(25 * HOUR_MS, 12 * HOUR_MS, { failed: 2 }),
      ...each(5 * HOUR_MS, HOUR_MS, { failed: 900 }),
    ];
    const filled = [...minutes, ...each(12 * HOUR_MS, 5 * HOUR_MS, { failed: 2 })];
    expect(usualPerMinute(filled, NOW)).to.equal(2);
  });

  it('is not moved by what happens now', () => {
    const minutes = each(25 * HOUR_MS, HOUR_MS, { failed: 2 });
    expect(usualPerMinute([...minutes, ...each(HOUR_MS, 0, { failed: 900 })], NOW)).to.equal(2);
  });

  it('is of the hours since counting began', () => {
    expect(usualPerMinute(each(6 * HOUR_MS, HOUR_MS, { failed: 4 }), NOW)).to.equal(4);
  });

  it('is unknown before 3 hours are counted', () => {
    expect(usualPerMinute(each(3 * HOUR_MS, 0, { failed: 4 }), NOW)).to.equal(null);
    expect(usualPerMinute([], NOW)).to.equal(null);
  });
});
