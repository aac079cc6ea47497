/** Counts per minute in memory: their bound. */
import { expect } from 'chai';
import { CountsByMinute } from '../../../lib/stores/memory/counts-by-minute.js';
import { HOUR, MINUTE, NOON } from '../../policy/examples.js';
import { entryWith } from '../../support/fixtures/attempt-entries.js';

describe('CountsByMinute', () => {
  it('keeps the hours of the last 8 days, and drops older ones as new ones begin', () => {
    const counts = new CountsByMinute();
    for (let hour = 0; hour < 500; hour += 1) counts.add(entryWith(), NOON + hour * HOUR);
    const found = counts.find({ since: 0, until: Number.POSITIVE_INFINITY });

    expect(found).to.have.length(193);
    expect(found[0]?.at).to.equal(NOON + 307 * HOUR);
  });

  it('counts nothing of a logout', () => {
    const counts = new CountsByMinute();
    counts.add(entryWith({ outcome: 'logout' }), NOON);
    expect(counts.find({ since: NOON, until: NOON + MINUTE })).to.deep.equal([]);
  });
});
