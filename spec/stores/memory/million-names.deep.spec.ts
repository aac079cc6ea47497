/** A flood of random names, as large as the requirement says. */
import { expect } from 'chai';
import { MemoryStore } from '../../../lib/stores/memory/memory-store.js';
import { DAY, HOUR, NOON, policyWith } from '../../policy/examples.js';
import { username } from '../examples.js';

const ROOM = 100_000;

describe('MemoryStore under a flood', () => {
  it('F39 accepts 1,000,000 random usernames and keeps maxSubjects of them, without losing a lock', () => {
    const policy = policyWith();
    const store = new MemoryStore({ clock: () => NOON, maxSubjects: ROOM });
    store.block(username('victim'), { forMs: HOUR, forgetAfterMs: DAY, reason: null, by: 'admin' });

    for (let name = 0; name < 1_000_000; name += 1) {
      const subject = username(`${(name * 2_654_435_761) % 4_294_967_296}`);
      store.settle(subject, policy, { id: 'late', until: 0 }, 'failure');
    }

    expect(store.size).to.equal(ROOM);
    expect(store.reserve(username('victim'), policy, 'x').outcome).to.equal('locked');
  });
});
