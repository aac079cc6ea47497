/** The default bound of the memory store, filled to the last subject. */
import { getHeapStatistics } from 'node:v8';
import { expect } from 'chai';
import { username } from '../examples.js';
import { MemoryUnderTest, POLICY } from './memory-under-test.js';

/** 4 KiB for each, and half of the heap at most. */
const DEFAULT_BOUND = Math.min(1_000_000, Math.floor(getHeapStatistics().heap_size_limit / 8_192));

describe('MemoryStore', function () {
  this.timeout(120_000);

  it(`F39 X29 keeps ${DEFAULT_BOUND} subjects by default, and not one more`, () => {
    const { store } = new MemoryUnderTest();
    const fail = (count: number) =>
      store.settle(username(`user-${count}`), POLICY, { id: 'late', until: 0 }, 'failure');

    for (let count = 1; count <= DEFAULT_BOUND; count += 1) fail(count);
    expect(store.size).to.equal(DEFAULT_BOUND);
    fail(DEFAULT_BOUND + 1);
    expect(store.size).to.equal(DEFAULT_BOUND);
  });
});
