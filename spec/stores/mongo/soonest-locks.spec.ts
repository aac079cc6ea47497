/** How much of 100,000 locks is sorted for a page, on a server that looks at them in no order. */
import { expect } from 'chai';
import type { LockoutDocument } from '../../../lib/stores/mongo/lockout-document.js';
import {
  type DocumentFilter,
  type DocumentFinder,
  firstByKey,
  soonest,
} from '../../../lib/stores/mongo/soonest-locks.js';

const LOCKS = 100_000;
const PAGE = 51;
const START = Date.UTC(2100, 0, 1);

/** Scattered, so that the first ones found are those of no particular time or name. */
const locks = Array.from({ length: LOCKS }, (_, index) => {
  const number = (index * 7919) % LOCKS;
  return { _id: `username=${String(number).padStart(6, '0')}`, lockedUntil: new Date(START + 1_000 + number) };
}) as unknown as readonly LockoutDocument[];

type Bounds = { readonly $gt?: unknown; readonly $lt?: unknown; readonly $lte?: unknown };

function isWithin(value: unknown, wanted: unknown): boolean {
  const order = (one: unknown) => (one instanceof Date ? one.getTime() : String(one));
  if (wanted === undefined) return true;
  if (wanted instanceof Date || typeof wanted !== 'object') return order(value) === order(wanted);
  const { $gt, $lt, $lte } = wanted as Bounds;
  return (
    ($gt === undefined || order(value) > order($gt)) &&
    ($lt === undefined || order(value) < order($lt)) &&
    ($lte === undefined || order(value) <= order($lte))
  );
}

describe('A page of many locks on MongoDB', () => {
  let sorted: number[];
  const matching = ({ _id, lockedUntil }: DocumentFilter) =>
    locks.filter((lock) => isWithin(lock._id, _id) && isWithin(lock.lockedUntil, lockedUntil));
  const find: DocumentFinder = {
    ends: async (filter, limit) => matching(filter).slice(0, limit),
    sorted: async (filter, _sort, limit) => {
      const found = matching(filter);
      sorted.push(found.length);
      // Of these locks, the order of their ends is that of their keys.
      return found.sort((a, b) => (a._id < b._id ? -1 : 1)).slice(0, limit);
    },
  };
  const names = (page: readonly LockoutDocument[]) => page.map(({ _id }) => Number(_id.replace('username=', '')));
  const first = (from: number) => Array.from({ length: PAGE }, (_, index) => from + index);

  beforeEach(() => {
    sorted = [];
  });

  for (const from of [0, 40_000]) {
    it(`has those that end soonest after ${from} others, of no more than a thousand that are sorted`, async () => {
      const page = await soonest(find, new Date(START + 999 + from), {}, PAGE);
      expect(names(page)).to.deep.equal(first(from));
      expect(Math.max(...sorted)).to.be.within(PAGE - 1, 1_000);
    });
  }

  it('has the first ones by key, of no more than a thousand that are sorted', async () => {
    const page = await firstByKey(find, {}, PAGE, 'username=039999');
    expect(names(page)).to.deep.equal(first(40_000));
    expect(Math.max(...sorted)).to.be.within(PAGE, 1_000);
  });
});
