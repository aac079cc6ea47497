import { expect } from 'chai';
import { OutageWatch } from '../../../lib/checks/runtime/outage-watch.js';

const SECOND = 1_000;

describe('OutageWatch', () => {
  let now: number;
  let watch: OutageWatch;

  beforeEach(() => {
    now = 0;
    watch = new OutageWatch(() => now);
  });

  const failAt = (...seconds: readonly number[]) =>
    seconds.filter((second) => {
      now = second * SECOND;
      return watch.begins();
    });

  it('treats failures within a minute of each other as one outage, however long it lasts', () => {
    expect(failAt(0, 0, 1, 60, 119, 178, 237)).to.deep.equal([0]);
  });

  it('treats a failure after more than a minute without one as the next outage', () => {
    expect(failAt(5, 64, 125, 126, 500)).to.deep.equal([5, 125, 500]);
  });
});
