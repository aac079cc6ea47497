import { expect } from 'chai';
import fc from 'fast-check';
import { KeyFilter } from '../../../lib/stores/memory/key-filter.js';

const names = (of: string, count: number) => Array.from({ length: count }, (_, index) => `${of}=${index}@example.org`);

describe('KeyFilter', () => {
  it('excludes every key at first', () => {
    expect(names('username', 100).filter((key) => !new KeyFilter(100).excludes(key))).to.deep.equal([]);
  });

  it('excludes nearly all keys that were not added', () => {
    const filter = new KeyFilter(10_000);
    for (const key of names('username', 10_000)) filter.add(key);
    const excluded = names('ip', 10_000).filter((key) => filter.excludes(key));
    expect(excluded.length).to.be.above(7_500);
  });

  it('excludes all keys again when those added are removed', () => {
    const filter = new KeyFilter(10_000);
    for (const key of names('username', 10_000)) filter.add(key);
    for (const key of names('username', 10_000)) filter.remove(key);
    expect(names('username', 10_000).filter((key) => !filter.excludes(key))).to.deep.equal([]);
  });

  it('never excludes a key that shares its slot with thousands of removed ones', () => {
    const filter = new KeyFilter(1);
    for (const key of names('username', 10_000)) filter.add(key);
    for (const key of names('username', 9_990)) filter.remove(key);
    expect(
      names('username', 10_000)
        .slice(9_990)
        .some((key) => filter.excludes(key)),
    ).to.equal(false);
  });

  it('never excludes a key that was added and not removed, in any history', () => {
    const step = fc.record({ key: fc.string({ maxLength: 3 }), add: fc.boolean() });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(step, { maxLength: 60, size: 'max' }), (room, steps) => {
        const filter = new KeyFilter(room);
        const inside = new Set<string>();
        for (const { key, add } of steps) {
          if (add && !inside.has(key)) filter.add(key);
          if (!add && inside.has(key)) filter.remove(key);
          if (add) inside.add(key);
          else inside.delete(key);
          expect([...inside].filter((each) => filter.excludes(each))).to.deep.equal([]);
        }
      }),
    );
  });
});
