import { expect } from 'chai';
import { OutageWatch } from '../../../lib/checks/runtime/outage-watch.js';

const SECOND = 1_000;

describe('the watch over outages', () => {
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

  it('takes failures that follow each other within a minute for one outage, however long it is', () => {
    expect(failAt(0, 0, 1, 60, 119, 178, 237)).to.deep.equal([0]);
  });

  it('takes a failure after more than a minute without one for the next outage', () => {
    expect(failAt(5, 64, 125, 126, 500)).to.deep.equal([5, 125, 500]);
  });
});
