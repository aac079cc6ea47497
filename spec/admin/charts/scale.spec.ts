/** Geometry of the charts. */
import { expect } from 'chai';
import { axisTimes, percent, roundLimit, shareOfTime } from '../../../lib/admin/charts/scale.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 26, 13, 24);

describe('scale of charts', () => {
  for (const [value, limit] of [
    [0, 4],
    [4, 4],
    [5, 5],
    [6, 8],
    [9, 10],
    [101, 200],
    [399, 400],
    [8001, 10_000],
  ] as const) {
    it(`ends at ${limit} for ${value}`, () => {
      expect(roundLimit(value)).to.equal(limit);
    });
  }

  it('writes positions that hold at every width', () => {
    expect([percent(0), percent(1 / 3), percent(1)]).to.deep.equal(['0%', '33.33%', '100%']);
  });

  it('keeps instants outside of the axis at its ends', () => {
    expect([shareOfTime(5, 10, 20), shareOfTime(15, 10, 20), shareOfTime(25, 10, 20)]).to.deep.equal([0, 0.5, 1]);
    expect(shareOfTime(5, 5, 5)).to.equal(0);
  });

  for (const [name, span, step] of [
    ['an hour', HOUR, HOUR / 6],
    ['a day', 24 * HOUR, 6 * HOUR],
    ['a week', 168 * HOUR, 48 * HOUR],
  ] as const) {
    it(`labels ${name} at round times, few enough for a telephone`, () => {
      const times = axisTimes(START, START + span, 6);
      expect(times).to.have.length.within(3, 7);
      expect(times.map((at) => at % step)).to.deep.equal(times.map(() => 0));
    });
  }

  it('labels nothing endlessly, however long the time is', () => {
    expect(axisTimes(0, 1e15, 6)).to.have.length.within(1, 7);
  });
});
