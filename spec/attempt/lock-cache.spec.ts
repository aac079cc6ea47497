/** What a process remembers of locks, seen through the calls that reach the store. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions } from '../../lib/index.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { SlowStore } from '../support/stores/slow-store.js';

const OPTIONS: LockoutOptions = { dimensions: ['username'], tiers: [{ failures: 3, cooloff: { minutes: 15 } }] };
const ALICE = { username: 'alice' };

describe('LockCache', () => {
  let clock: ManualClock;
  let store: SlowStore;
  let lockout: Lockout;

  const knock = async () => (await lockout.protect(ALICE, () => true)).outcome;

  beforeEach(async () => {
    clock = new ManualClock();
    store = new SlowStore({ clock: clock.read });
    lockout = new Lockout({ ...OPTIONS, store });
    for (let index = 0; index < 3; index += 1) await lockout.protect(ALICE, () => false);
    store.calls.length = 0;
  });

  it('refuses without asking the store within lockCacheTtl', async () => {
    for (let index = 0; index < 10; index += 1) expect(await knock()).to.equal('refused');
    expect(store.calls).to.deep.equal([]);
  });

  it('asks for none of the subjects while one of them is known to be locked', async () => {
    const both = new Lockout({ store, lockCacheTtl: { seconds: 1 } });
    const address = { ...ALICE, ip: '203.0.113.9' };
    expect((await both.protect(address, () => true)).outcome).to.equal('refused');
    store.calls.length = 0;
    expect((await both.protect(address, () => true)).outcome).to.equal('refused');
    expect(store.calls).to.deep.equal([]);
  });

  it('reports the longest of the known locks', async () => {
    const both = new Lockout({ store });
    const address = { ...ALICE, ip: '203.0.113.9' };
    await both.block({ ip: address.ip }, { for: { hours: 1 } });
    for (const known of ['after asking', 'from memory']) {
      const result = await both.protect(address, () => true);
      expect((result as { locked: object }).locked, known).to.include({ dimension: 'ip', retryAfter: 3600 });
    }
  });

  it('asks again after lockCacheTtl, once', async () => {
    clock.advance({ seconds: 1 });
    for (let index = 0; index < 10; index += 1) expect(await knock()).to.equal('refused');
    expect(store.calls).to.deep.equal(['reserve username=alice']);
  });

  it('reports the time left now, not the time left when the lock was read', async () => {
    clock.advance({ ms: 500 });
    const result = await lockout.protect(ALICE, () => true);
    expect((result as { locked: object }).locked).to.include({ retryAfter: 900 });
    clock.advance({ ms: 499 });
    expect(((await lockout.protect(ALICE, () => true)) as { locked: object }).locked).to.include({ retryAfter: 900 });
    expect(store.calls).to.deep.equal([]);
  });

  it('drops at once what was unblocked or reset in this process', async () => {
    await lockout.unblock(ALICE);
    expect(await knock()).to.equal('succeeded');
    await lockout.block(ALICE, { for: 'forever' });
    expect(await knock()).to.equal('refused');
    await lockout.reset(ALICE);
    expect(await knock()).to.equal('succeeded');
  });

  it('F42 notices a block of another process at once, and an unblock after at most lockCacheTtl', async () => {
    const other = new Lockout({ ...OPTIONS, store });
    await other.block({ username: 'bob' }, { for: 'forever', reason: 'asked for it' });
    expect(await lockout.status({ username: 'bob' })).to.deep.include({ locked: true, reason: 'asked for it' });
    expect((await lockout.protect({ username: 'bob' }, () => true)).outcome).to.equal('refused');

    await other.unblock(ALICE);
    expect((await lockout.status(ALICE)).locked).to.equal(false);
    expect(await knock()).to.equal('refused');
    clock.advance({ seconds: 1 });
    expect(await knock()).to.equal('succeeded');
  });

  it('does not outlive the lock', async () => {
    lockout = new Lockout({ ...OPTIONS, store, lockCacheTtl: { days: 1 } });
    expect(await knock()).to.equal('refused');
    clock.advance({ minutes: 15 });
    expect(await knock()).to.equal('succeeded');
  });

  it('can be turned off', async () => {
    lockout = new Lockout({ ...OPTIONS, store, lockCacheTtl: { seconds: 0 } });
    await knock();
    await knock();
    expect(store.count('reserve')).to.equal(2);
  });
});
