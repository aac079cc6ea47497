import { expect } from 'chai';
import fc from 'fast-check';
import { ExpiryHeap, type HeapItem } from '../../../lib/stores/memory/expiry-heap.js';

interface Named extends HeapItem {
  readonly name: string;
}

describe('ExpiryHeap', () => {
  const item = (name: string, dueAt: number): Named => ({ name, dueAt, heapIndex: -1 });

  function drain(heap: ExpiryHeap<Named>): number[] {
    const dues: number[] = [];
    for (let head = heap.peek(); head; head = heap.peek()) {
      dues.push(head.dueAt);
      heap.remove(head);
    }
    return dues;
  }

  it('is empty at first', () => {
    const heap = new ExpiryHeap<Named>();
    expect(heap.peek()).to.equal(undefined);
    expect(heap.size).to.equal(0);
  });

  it('returns the item due first, wherever it was added', () => {
    const heap = new ExpiryHeap<Named>();
    for (const each of [item('b', 2), item('a', 1), item('c', 3)]) heap.push(each);
    expect(heap.peek()?.name).to.equal('a');
    expect(heap.size).to.equal(3);
  });

  it('removes its only item', () => {
    const heap = new ExpiryHeap<Named>();
    const only = item('a', 1);
    heap.push(only);
    heap.remove(only);
    expect(heap.peek()).to.equal(undefined);
    expect(only.heapIndex).to.equal(-1);
  });

  it('moves an item up that replaces one below a later branch', () => {
    const heap = new ExpiryHeap<Named>();
    const dues = [1, 10, 2, 11, 12, 3, 4];
    const items = dues.map((dueAt) => item(String(dueAt), dueAt));
    for (const each of items) heap.push(each);
    // The last, due at 4, takes the place of 11, whose parent is due at 10.
    heap.remove(items[3] as Named);
    expect(drain(heap)).to.deep.equal([1, 2, 3, 4, 10, 12]);
  });

  it('keeps items that are never due', () => {
    const heap = new ExpiryHeap<Named>();
    for (const dueAt of [Number.POSITIVE_INFINITY, 5, Number.POSITIVE_INFINITY]) heap.push(item('x', dueAt));
    expect(drain(heap)).to.deep.equal([5, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });

  it('returns in order what was pushed and not removed, in any history', () => {
    const step = fc.oneof(fc.record({ push: fc.integer({ min: 0, max: 50 }) }), fc.record({ remove: fc.nat(1_000) }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100, size: 'max' }), (steps) => {
        const heap = new ExpiryHeap<Named>();
        const inside: Named[] = [];
        for (const each of steps) {
          if ('push' in each) {
            const pushed = item('x', each.push);
            inside.push(pushed);
            heap.push(pushed);
          } else {
            const [removed] = inside.splice(each.remove % Math.max(1, inside.length), 1);
            if (removed) heap.remove(removed);
            expect(removed?.heapIndex ?? -1).to.equal(-1);
          }
          expect(heap.size).to.equal(inside.length);
          expect(heap.peek()?.dueAt).to.equal(
            inside.length ? Math.min(...inside.map(({ dueAt }) => dueAt)) : undefined,
          );
        }
        expect(drain(heap)).to.deep.equal(inside.map(({ dueAt }) => dueAt).sort((a, b) => a - b));
      }),
      { numRuns: 1_000 },
    );
  });
});
