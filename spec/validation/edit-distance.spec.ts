import { expect } from 'chai';
import fc from 'fast-check';
import { distance } from 'fastest-levenshtein';
import { editDistance } from '../../lib/validation/edit-distance.js';

describe('editDistance', () => {
  it('is 0 for the same name, and the length of a name for none', () => {
    expect(editDistance('tiers', 'tiers')).to.equal(0);
    expect(editDistance('', 'tiers')).to.equal(5);
    expect(editDistance('tiers', '')).to.equal(5);
  });

  it('counts what is inserted, removed and replaced', () => {
    expect(editDistance('lockStatus', 'lockedStatus')).to.equal(2);
    expect(editDistance('onLockeds', 'onLocked')).to.equal(1);
    expect(editDistance('tires', 'tiers')).to.equal(2);
  });

  it('is that of a known implementation', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'D'), maxLength: 12 });
    fc.assert(fc.property(name, name, (a, b) => editDistance(a, b) === distance(a, b)));
  });
});
