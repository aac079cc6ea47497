/** The entries of the example of a custom store. */
import { expect } from 'chai';
import { MapKeyValue } from '../../examples/custom-store/key-value.js';
import { KeyValueStore } from '../../examples/custom-store/key-value-store.js';
import { policyWith } from '../policy/examples.js';
import { username } from './examples.js';

const ALICE = username('alice');

describe('the example of a custom store', () => {
  it('counts on an entry that an older version wrote', async () => {
    const { key, dimension, storedParts } = ALICE;
    const state = {
      failures: 1,
      leases: [],
      lockedUntil: 0,
      forgetAt: null,
      consecutiveFailures: 0,
      consecutiveUntil: 0,
    };
    const database = new MapKeyValue();
    await database.compareAndSet(key, 0, JSON.stringify({ subject: { key, dimension, storedParts }, state }));
    const store = new KeyValueStore(database);

    const reply = await store.reserve(ALICE, policyWith(), 'mine');

    expect(reply).to.include({ outcome: 'taken', devicesSince: 0 });
    const { lease } = reply as Extract<typeof reply, { outcome: 'taken' }>;
    const marks = { source: { place: 'home', spelling: 'alice' }, guess: 'a' };
    expect(await store.settle(ALICE, policyWith(), lease, 'failure', marks)).to.include({
      failures: 2,
      isRepeat: false,
    });
    expect(await store.read(key)).to.include({ failures: 2, devicesSince: 0 });
  });
});
