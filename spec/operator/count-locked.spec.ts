/** How many subjects are locked, on a store that counts and on one that only lists. */
import { expect } from 'chai';
import { Lockout, LockoutConfigError, type LockoutStore, LockoutStoreError, MemoryStore } from '../../lib/index.js';
import { PATIENT } from '../support/stores/patient.js';
import { ScanningStore } from '../support/stores/scanning-store.js';
import { SlowStore } from '../support/stores/slow-store.js';

describe('Lockout.countLocked', () => {
  async function locked(store: LockoutStore, names: number): Promise<Lockout> {
    const lockout = new Lockout({ ...PATIENT, store, attemptLog: 'off', dimensions: ['username', 'ip'] });
    for (let n = 0; n < names; n += 1) await lockout.block({ username: `name ${n}` }, { for: 'forever' });
    await lockout.block({ ip: '203.0.113.9' }, { for: '15m' });
    return lockout;
  }

  for (const { title, createStore } of [
    { title: 'a store that counts', createStore: () => new MemoryStore() },
    { title: 'a store that only lists', createStore: () => new SlowStore() },
    { title: 'a store that scans', createStore: () => new ScanningStore() },
  ]) {
    it(`returns how many subjects are locked, of all dimensions or of one, on ${title}`, async () => {
      const lockout = await locked(createStore(), 5);
      expect(await lockout.countLocked()).to.deep.equal({ count: 6, isAtLeast: false });
      expect(await lockout.countLocked({ dimension: 'username' })).to.deep.equal({ count: 5, isAtLeast: false });
      expect(await lockout.countLocked({ dimension: 'ip' })).to.deep.equal({ count: 1, isAtLeast: false });
    });
  }

  it('counts everything in memory, and stops at 1,000 on a store that only lists', async () => {
    const inMemory = await locked(new MemoryStore(), 1_000);
    expect(await inMemory.countLocked()).to.deep.equal({ count: 1_001, isAtLeast: false });
    const store = new SlowStore();
    const listed = await locked(store, 1_000);
    expect(await listed.countLocked()).to.deep.equal({ count: 1_000, isAtLeast: true });
    expect(await listed.countLocked({ dimension: 'username' })).to.deep.equal({ count: 1_000, isAtLeast: false });
    expect(store.count('list')).to.equal(2);
  });

  it('throws for anything but a dimension, and if the store fails', async () => {
    const store = new SlowStore();
    const lockout = await locked(store, 0);
    const thrown = (query: object) => lockout.countLocked(query).catch((error: unknown) => error);
    expect(await thrown({ username: 'alice' })).to.be.an.instanceOf(LockoutConfigError);
    store.failing = { list: 'reject' };
    expect(await thrown({})).to.be.an.instanceOf(LockoutStoreError);
  });
});
