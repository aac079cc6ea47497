import { expect } from 'chai';
import { RecentCounts } from '../../lib/log/recent-counts.js';

describe('RecentCounts', () => {
  it('counts each text by itself', () => {
    const counts = new RecentCounts();
    expect(['a', 'b', 'a', 'a'].map((text) => counts.add(text))).to.deep.equal([1, 1, 2, 3]);
  });

  it('starts again after a text was deleted', () => {
    const counts = new RecentCounts();
    counts.add('a');
    counts.delete('a');
    expect(counts.add('a')).to.equal(1);
  });

  it('remembers at least the last 5,000 texts', () => {
    const counts = new RecentCounts();
    counts.add('a');
    for (let index = 0; index < 4_999; index += 1) counts.add(`other ${index}`);
    expect(counts.add('a')).to.equal(2);
  });

  it('keeps on counting a text that comes again under a flood of others', () => {
    const counts = new RecentCounts();
    for (let round = 0; round < 100; round += 1) {
      counts.add('a');
      for (let index = 0; index < 1_000; index += 1) counts.add(`other ${round} ${index}`);
    }
    expect(counts.add('a')).to.equal(101);
  });

  it('starts a deleted text again, whatever came before the deletion', () => {
    const counts = new RecentCounts();
    counts.add('a');
    for (let index = 0; index < 5_000; index += 1) counts.add(`other ${index}`);
    counts.add('a');
    counts.delete('a');
    expect(counts.add('a')).to.equal(1);
  });

  it('forgets a text after 10,000 others', () => {
    const counts = new RecentCounts();
    counts.add('a');
    for (let index = 0; index < 10_000; index += 1) counts.add(`other ${index}`);
    expect(counts.add('a')).to.equal(1);
  });
});
