/** An act that lifted a lock, taken back. */
import { expect } from 'chai';
import { Lockout, LockoutConfigError, type LockoutOptions, type LockoutStore, MemoryStore } from '../../lib/index.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { EventLog } from '../support/tools/events.js';

const ALICE = { username: 'alice' } as const;
const wrong = () => false;

describe('Lockout.undo', () => {
  let clock: ManualClock;
  let lockout: Lockout;

  function start(options: LockoutOptions = {}): void {
    clock = new ManualClock();
    const store = new MemoryStore({ clock: clock.read });
    const tiers = [
      { failures: 3, cooloff: '15m' },
      { failures: 4, cooloff: '2h' },
    ] as const;
    lockout = new Lockout({ store, dimensions: ['username', 'ip'], tiers: { username: tiers }, ...options });
  }

  beforeEach(() => start());
  afterEach(() => lockout.close());

  async function lock(): Promise<void> {
    for (let failures = 0; failures < 3; failures += 1) await lockout.protect(ALICE, wrong);
  }

  /** Returns the id of the act. */
  async function unblock(): Promise<string> {
    // Of acts at the same instant, any may be listed first.
    clock.advance({ ms: 1 });
    await lockout.unblock(ALICE, { by: 'carol' });
    return lastId();
  }

  const lastId = async () => String((await lockout.activity()).items[0]?.id);
  const isLocked = async () => (await lockout.status(ALICE)).locked;

  it('locks again until the lock would have ended, with its failures, so that the ladder goes on', async () => {
    await lock();
    const before = await lockout.status(ALICE);
    const id = await unblock();
    clock.advance({ minutes: 5 });

    expect(await lockout.undo(id, { by: 'carol' })).to.equal(true);
    const { lockedUntil, failures, cause, tier, by } = await lockout.status(ALICE);
    expect({ lockedUntil, failures, cause, tier, by }).to.deep.equal({
      lockedUntil: before.lockedUntil,
      failures: 3,
      cause: 'tier',
      tier: 0,
      by: null,
    });
    clock.advance({ minutes: 10 });
    await lockout.protect(ALICE, wrong);
    expect((await lockout.status(ALICE)).tier).to.equal(1);
  });

  it('sets the lock of an operator again, with their reason and name', async () => {
    await lockout.block(ALICE, { for: 'forever', reason: 'ticket 4711', by: 'dave' });
    // Of two acts at the same instant, none is the newer one.
    clock.advance({ seconds: 1 });
    expect(await lockout.undo(await unblock())).to.equal(true);
    expect(await lockout.status(ALICE)).to.include({ lockedUntil: null, reason: 'ticket 4711', by: 'dave' });
  });

  it('undoes a reset that freed one subject, and none that freed several', async () => {
    await lock();
    await lockout.reset({ username: 'alice', by: 'carol' });
    expect(await lockout.undo(await lastId())).to.equal(true);

    await lockout.block({ username: 'bob' }, { for: '1h' });
    clock.advance({ ms: 1 });
    await lockout.reset({ all: true });
    expect(await lockout.undo(await lastId())).to.equal(false);
  });

  it('does it once, even if the subject is freed again', async () => {
    await lock();
    const id = await unblock();
    const answers = await Promise.all(Array.from({ length: 3 }, () => lockout.undo(id)));
    expect(answers.filter(Boolean)).to.have.length(1);
    await lockout.unblock(ALICE);

    expect(await lockout.undo(id)).to.equal(false);
    expect(await isLocked()).to.equal(false);
  });

  it('does nothing if the subject has been locked anew, or the lock would have ended', async () => {
    await lock();
    const id = await unblock();
    await lockout.block(ALICE, { for: '1m', by: 'dave' });
    expect(await lockout.undo(id)).to.equal(false);
    expect((await lockout.status(ALICE)).by).to.equal('dave');
    clock.advance({ minutes: 16 });

    expect(await lockout.undo(id)).to.equal(false);
    expect(await isLocked()).to.equal(false);
  });

  it('can itself be undone only by unblocking, and is recorded', async () => {
    await lock();
    const id = await unblock();
    const [unblocked] = (await lockout.activity()).items;
    expect(unblocked).to.include({ undoable: true });
    await lockout.undo(id, { by: 'dave', reason: 'wrong alice' });
    clock.advance({ seconds: 1 });

    const acts = (await lockout.activity()).items;
    const undo = acts.find(({ action }) => action === 'undo');
    expect(undo).to.deep.include({ by: 'dave', reason: 'wrong alice', undoOf: id, counts: { locked: 1 } });
    expect(acts.map(({ undoable }) => undoable)).to.deep.equal([false, false]);
    expect(await lockout.undo(String(undo?.id))).to.equal(false);
  });

  it('shows until when an act can be undone, and no longer', async () => {
    await lock();
    const { lockedUntil } = await lockout.status(ALICE);
    await unblock();
    const undoable = async () => {
      const [act] = (await lockout.activity()).items;
      return [act?.undoable, act?.undoableUntil];
    };

    expect(await undoable()).to.deep.equal([true, lockedUntil]);
    clock.advance({ minutes: 15 });
    expect(await undoable()).to.deep.equal([false, null]);
  });

  it('emits `blocked`, as no first lock of the day', async () => {
    await lock();
    const id = await unblock();
    const events = new EventLog(lockout);
    await lockout.undo(id, { by: 'carol' });
    const [blocked, ...others] = events.of('blocked');

    expect(others).to.deep.equal([]);
    expect(blocked).to.include({ key: 'username=alice', by: 'carol', firstToday: false, attempt: null });
  });

  it('undoes what was done under a pseudonym', async () => {
    start({ pseudonymize: 'a secret of more than 32 characters' });
    await lock();
    expect(await lockout.undo(await unblock())).to.equal(true);
    expect(await isLocked()).to.equal(true);
  });

  it('locks again under each secret that the lock was set under, while the secret is being changed', async () => {
    const [current, previous] = ['a secret of more than 32 characters', 'an older secret, longer than 32 characters'];
    const store = new MemoryStore({ clock: clock.read });
    const old = new Lockout({ store, dimensions: ['username'], pseudonymize: previous });
    lockout = new Lockout({ store, dimensions: ['username'], pseudonymize: { current, previous } });
    await lockout.block(ALICE, { for: '1h' });

    expect(await lockout.undo(await unblock())).to.equal(true);
    expect(await isLocked()).to.equal(true);
    expect((await old.status(ALICE)).locked).to.equal(true);
    await old.close();
  });

  it('answers false, and stores no name, where names have become pseudonyms since', async () => {
    const store = new MemoryStore({ clock: clock.read });
    lockout = new Lockout({ store, dimensions: ['username'] });
    await lock();
    const id = await unblock();
    await lockout.close();
    lockout = new Lockout({ store, dimensions: ['username'], pseudonymize: 'a secret of more than 32 characters' });

    expect(await lockout.undo(id)).to.equal(false);
    expect(store.read('username=alice')?.lock ?? null).to.equal(null);
  });

  it('answers false for an act that is not known', async () => {
    expect(await lockout.undo('0'.repeat(24))).to.equal(false);
    expect(await lockout.undo('not an id')).to.equal(false);
  });

  it('refuses anything but an id, and stores that cannot', async () => {
    const errorOf = (id: unknown) => lockout.undo(id as string).catch((thrown: unknown) => thrown);
    for (const id of [undefined, 5, '', {}]) expect(await errorOf(id)).to.be.instanceOf(LockoutConfigError);
    const slow: LockoutStore = Object.assign(new SlowStore(), { activityLog: new MemoryStore().activityLog });
    start({ store: slow, attemptLog: 'off' });

    expect(await errorOf('0'.repeat(24)))
      .to.have.property('message')
      .that.includes('a store that can set a lock again');
  });
});
