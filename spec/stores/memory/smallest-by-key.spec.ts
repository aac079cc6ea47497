import { expect } from 'chai';
import fc from 'fast-check';
import { SmallestByKey } from '../../../lib/stores/memory/smallest-by-key.js';

describe('SmallestByKey', () => {
  const pageOf = (limit: number, keys: readonly string[]) => {
    const page = new SmallestByKey<{ readonly key: string }>(limit);
    for (const key of keys) page.add({ key });
    return page;
  };

  it('holds items in ascending order', () => {
    expect(pageOf(3, ['b', 'c', 'a']).items).to.deep.equal([{ key: 'a' }, { key: 'b' }, { key: 'c' }]);
  });

  it('drops the largest beyond its limit', () => {
    expect(pageOf(2, ['b', 'c', 'a']).items).to.deep.equal([{ key: 'a' }, { key: 'b' }]);
  });

  it('is empty at first, and always with a limit of 0', () => {
    expect(pageOf(2, []).items).to.deep.equal([]);
    expect(pageOf(0, ['a']).items).to.deep.equal([]);
  });

  it('accepts any key until it is full, then only smaller ones', () => {
    const page = pageOf(2, ['b']);
    expect(page.wants('z')).to.equal(true);
    page.add({ key: 'd' });
    expect([page.wants('c'), page.wants('d'), page.wants('e')]).to.deep.equal([true, false, false]);
  });

  it('accepts no key with a limit of 0', () => {
    expect(pageOf(0, []).wants('a')).to.equal(false);
  });

  it('equals the first page of the sorted whole, and accepts exactly what would be on it', () => {
    fc.assert(
      fc.property(fc.nat(10), fc.uniqueArray(fc.string({ minLength: 1 })), (limit, keys) => {
        const page = new SmallestByKey<{ readonly key: string }>(limit);
        keys.forEach((key, index) => {
          const wanted = page.wants(key);
          page.add({ key });
          const expected = keys
            .slice(0, index + 1)
            .sort()
            .slice(0, limit);
          expect(page.items.map((item) => item.key)).to.deep.equal(expected);
          expect(wanted).to.equal(expected.includes(key));
        });
      }),
      { numRuns: 1_000 },
    );
  });
});
