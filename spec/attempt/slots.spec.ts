/** Slots over a store and what stands in for it: where each is taken, and where it is given back. */
import { expect } from 'chai';
import { GuardedStore } from '../../lib/attempt/guarded-store.js';
import { LockCache } from '../../lib/attempt/lock-cache.js';
import { type Candidate, type Hold, type Reserved, Slots } from '../../lib/attempt/slots.js';
import { LockoutStoreError } from '../../lib/errors.js';
import type { ResolvedOptions } from '../../lib/options/resolve.js';
import { KeyMaker } from '../../lib/subject/key.js';
import { policyWith } from '../policy/examples.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { SlowStore } from '../support/stores/slow-store.js';

const keys = new KeyMaker();
const policy = policyWith({ tiers: [{ failures: 1, cooloffMs: 60_000 }] });
const of = (username: string): Candidate => ({ subject: keys.toSubject('username', { username }), policy });
const ALICE = of('alice');

describe('attempt/slots', () => {
  let clock: ManualClock;
  let store: SlowStore;
  let fallback: SlowStore;
  let errors: string[];

  beforeEach(() => {
    clock = new ManualClock();
    store = new SlowStore({ clock: clock.read });
    fallback = new SlowStore({ clock: clock.read });
    errors = [];
  });

  function slotsWith(onStoreError: ResolvedOptions['onStoreError'] = 'deny'): Slots {
    const guard = (port: SlowStore) => new GuardedStore(port, 2_000, (operation) => errors.push(operation));
    return new Slots(onStoreError, {
      store: guard(store),
      fallback: onStoreError === 'fallback' ? guard(fallback) : undefined,
      onFailed: () => {},
      locks: new LockCache(1_000, clock.read),
    });
  }

  const reserve = (slots: Slots, ...candidates: readonly Candidate[]): Promise<readonly Reserved[]> =>
    Promise.all(slots.reserveAll(candidates));

  async function take(slots: Slots): Promise<Hold> {
    const [reserved] = await reserve(slots, ALICE);
    if (reserved?.outcome !== 'taken') throw new Error(`no slot: ${reserved?.outcome}`);
    return reserved.hold;
  }

  it('takes one for each subject, with a lease of its own', async () => {
    const reserved = await reserve(slotsWith(), ALICE, of('bob'));
    const leases = reserved.map((item) => item.outcome === 'taken' && item.hold.lease.id);
    expect(reserved.map(({ outcome }) => outcome)).to.deep.equal(['taken', 'taken']);
    expect(new Set(leases).size).to.equal(2);
  });

  it('tells which subject is busy, and which one is locked', async () => {
    const slots = slotsWith();
    await take(slots);
    await store.block(of('bob').subject, { forMs: 60_000, forgetAfterMs: 60_000, reason: 'theft', by: null });

    const [busy, locked] = await reserve(slots, ALICE, of('bob'));

    expect(busy).to.deep.equal({ outcome: 'busy', candidate: ALICE });
    expect(locked).to.deep.include({ outcome: 'locked', candidate: of('bob') });
    expect(locked).to.have.nested.property('lock.reason', 'theft');
  });

  it('remembers a lock that its own verdict has set, and asks for none of the subjects while it holds', async () => {
    const slots = slotsWith();
    await slots.settle(await take(slots), 'failure');
    store.calls.length = 0;

    const reserved = await reserve(slots, of('bob'), ALICE);

    expect(reserved.map(({ outcome }) => outcome)).to.deep.equal(['locked']);
    expect(store.calls).to.deep.equal([]);
  });

  it('answers with the error for a verdict that the store did not take', async () => {
    const slots = slotsWith();
    const hold = await take(slots);
    store.failing = { settle: 'reject' };
    expect(await slots.settle(hold, 'failure')).to.be.instanceOf(LockoutStoreError);
    expect(errors).to.deep.equal(['settle']);
  });

  for (const [onStoreError, outcome] of [
    ['deny', 'failed'],
    ['allow', 'uncounted'],
  ] as const) {
    it(`answers '${outcome}' with onStoreError '${onStoreError}' when the store fails`, async () => {
      store.failing = { reserve: 'reject' };
      const [reserved] = await reserve(slotsWith(onStoreError), ALICE);
      expect(reserved).to.have.property('outcome', outcome);
    });
  }

  it('takes and gives back on the fallback when the store fails', async () => {
    const slots = slotsWith('fallback');
    store.failing = { reserve: 'reject' };

    const hold = await take(slots);
    store.failing = {};
    const reply = await slots.settle(hold, 'failure');

    expect(reply).to.include({ failures: 1, didLock: true });
    expect([store.count('settle'), fallback.count('settle')]).to.deep.equal([0, 1]);
  });

  it('asks the fallback once, and answers that all have failed when it fails as well', async () => {
    store.failing = { reserve: 'reject' };
    fallback.failing = { reserve: 'reject' };
    const [reserved] = await reserve(slotsWith('fallback'), ALICE);
    expect(reserved).to.have.property('outcome', 'failed');
    expect([store.count('reserve'), fallback.count('reserve')]).to.deep.equal([1, 1]);
  });
});
