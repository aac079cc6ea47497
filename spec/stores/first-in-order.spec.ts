import { expect } from 'chai';
import fc from 'fast-check';
import { FirstInOrder } from '../../lib/stores/first-in-order.js';
import type { PagePosition } from '../../lib/stores/page-cursor.js';
import type { StoreOrder } from '../../lib/stores/store.js';

const FOREVER = Number.POSITIVE_INFINITY;
const at = (key: string, lockedUntil = 0): PagePosition => ({ key, lockedUntil });

describe('FirstInOrder', () => {
  const pageOf = (
    limit: number,
    items: readonly PagePosition[],
    order: StoreOrder = 'key',
    after: PagePosition | null = null,
  ) => {
    const page = new FirstInOrder(limit, order, after);
    for (const item of items) if (page.wants(item.key, item.lockedUntil)) page.add(item);
    return page;
  };
  const keysOf = (...page: Parameters<typeof pageOf>) => pageOf(...page).items.map(({ key }) => key);

  it('holds items in ascending order of their keys', () => {
    expect(keysOf(3, [at('b'), at('c'), at('a')])).to.deep.equal(['a', 'b', 'c']);
  });

  it('holds items in the order in which locks end, those until reset last, and by key if they end together', () => {
    const locks = [at('a', FOREVER), at('d', 2), at('c', 1), at('b', 2), at('0', FOREVER)];
    expect(keysOf(5, locks, 'lockedUntil')).to.deep.equal(['c', 'b', 'd', '0', 'a']);
  });

  it('drops the last beyond its limit', () => {
    expect(keysOf(2, [at('b'), at('c'), at('a')])).to.deep.equal(['a', 'b']);
    expect(keysOf(2, [at('a', 3), at('b', 2), at('c', 1)], 'lockedUntil')).to.deep.equal(['c', 'b']);
  });

  it('holds only what comes after a place', () => {
    expect(keysOf(3, [at('a'), at('b'), at('c')], 'key', at('b'))).to.deep.equal(['c']);
    const locks = [at('a', 1), at('b', 2), at('c', 2), at('a2', 3)];
    expect(keysOf(3, locks, 'lockedUntil', at('b', 2))).to.deep.equal(['c', 'a2']);
    expect(keysOf(3, [at('a', FOREVER), at('b', FOREVER)], 'lockedUntil', at('a', FOREVER))).to.deep.equal(['b']);
  });

  it('is empty at first, and always with a limit of 0', () => {
    expect(keysOf(2, [])).to.deep.equal([]);
    expect(keysOf(0, [at('a')])).to.deep.equal([]);
  });

  it('wants any item until it is full, then only earlier ones', () => {
    const page = pageOf(2, [at('b')]);
    expect(page.wants('z', 0)).to.equal(true);
    page.add(at('d'));
    expect([page.wants('c', 0), page.wants('e', 0)]).to.deep.equal([true, false]);
  });

  it('equals a page of the sorted whole', () => {
    const item = fc.record({ key: fc.string({ minLength: 1 }), lockedUntil: fc.constantFrom(1, 2, 2, 3, FOREVER) });
    const items = fc.uniqueArray(item, { selector: ({ key }) => key });
    const isBefore = (order: StoreOrder, a: PagePosition, b: PagePosition) =>
      order === 'lockedUntil' && a.lockedUntil !== b.lockedUntil ? a.lockedUntil < b.lockedUntil : a.key < b.key;
    fc.assert(
      fc.property(
        fc.nat(10),
        items,
        fc.constantFrom<StoreOrder>('key', 'lockedUntil'),
        fc.option(item),
        (limit, whole, order, after) => {
          const expected = whole
            .filter((one) => after === null || isBefore(order, after, one))
            .sort((a, b) => (isBefore(order, a, b) ? -1 : 1))
            .slice(0, limit);
          expect(pageOf(limit, whole, order, after).items).to.deep.equal(expected);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
