/** Slots over a store and what stands in for it: where each is taken, and where it is given back. */
import { expect } from 'chai';
import sinon from 'sinon';
import { GuardedStore } from '../../lib/attempt/guarded-store.js';
import { LockCache } from '../../lib/attempt/lock-cache.js';
import { type Candidate, type HeldVerdict, type Hold, type Reserved, Slots } from '../../lib/attempt/slots.js';
import { LockoutStoreError } from '../../lib/errors.js';
import { type LockoutStore, MemoryStore, type SettleReply } from '../../lib/index.js';
import type { ResolvedOptions } from '../../lib/options/resolve.js';
import { KeyMaker } from '../../lib/subject/key.js';
import { policyWith } from '../policy/examples.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { SlowStore } from '../support/stores/slow-store.js';

const keys = new KeyMaker();
const policy = policyWith({ tiers: [{ failures: 1, cooloffMs: 60_000 }] });
const of = (username: string): Candidate => ({ subject: keys.toSubject('username', { username }), policy, keys });
const ALICE = of('alice');
const failed = (hold: Hold): readonly HeldVerdict[] => [{ hold, verdict: 'failure', marks: undefined }];

describe('Slots', () => {
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

  async function take(slots: Slots): Promise<Hold> {
    const { holds, obstacle } = await slots.reserveAll([ALICE]);
    expect(obstacle).to.equal(undefined);
    return holds[0] as Hold;
  }

  it('takes one slot for each subject, each with its own lease', async () => {
    const { holds, obstacle } = await slotsWith().reserveAll([ALICE, of('bob')]);
    expect(holds.map(({ subject }) => subject.parts)).to.deep.equal([{ username: 'alice' }, { username: 'bob' }]);
    expect(new Set(holds.map(({ lease }) => lease.id)).size).to.equal(2);
    expect(obstacle).to.equal(undefined);
  });

  it('reports which subject is busy, together with the slots already taken', async () => {
    const slots = slotsWith();
    await take(slots);

    const { holds, obstacle } = await slots.reserveAll([of('bob'), ALICE]);

    expect(obstacle).to.deep.equal({ outcome: 'busy', candidate: ALICE });
    expect(holds.map(({ subject }) => subject.parts)).to.deep.equal([{ username: 'bob' }]);
  });

  it('reports the longest lock rather than a busy subject, whatever the order', async () => {
    const slots = slotsWith();
    await take(slots);
    for (const [username, forMs] of [
      ['bob', 60_000],
      ['carol', 90_000],
      ['dave', 30_000],
    ] as const) {
      await store.block(of(username).subject, { forMs, forgetAfterMs: 60_000, reason: 'theft', by: null });
    }

    const { obstacle } = await slots.reserveAll([ALICE, of('bob'), of('carol'), of('dave')]);

    expect(obstacle).to.deep.include({ outcome: 'locked', candidate: of('carol') });
    expect(obstacle).to.have.nested.property('lock.remainingMs', 90_000);
  });

  it('remembers a lock set by its own verdict, and asks for none of the subjects while it holds', async () => {
    const slots = slotsWith();
    await slots.settleAll(failed(await take(slots)));
    store.calls.length = 0;

    const { holds, obstacle } = await slots.reserveAll([of('bob'), ALICE]);

    expect(obstacle).to.deep.include({ outcome: 'locked', candidate: ALICE });
    expect(holds).to.deep.equal([]);
    expect(store.calls).to.deep.equal([]);
  });

  it('returns the error for a verdict that the store did not take', async () => {
    const slots = slotsWith();
    const hold = await take(slots);
    store.failing = { settle: 'reject' };
    const [answer] = await slots.settleAll(failed(hold));
    expect(answer).to.be.instanceOf(LockoutStoreError);
    expect(errors).to.deep.equal(['settle']);
  });

  for (const [onStoreError, name, outcome] of [
    ['deny', 'keeps the attempt from going on', 'failed'],
    ['allow', 'lets the attempt go on without a slot', undefined],
  ] as const) {
    it(`${name} with onStoreError '${onStoreError}' when the store fails`, async () => {
      store.failing = { reserve: 'reject' };
      const { holds, obstacle } = await slotsWith(onStoreError).reserveAll([ALICE]);
      expect([holds, obstacle?.outcome]).to.deep.equal([[], outcome]);
    });
  }

  it('takes and gives back slots on the fallback when the store fails', async () => {
    const slots = slotsWith('fallback');
    store.failing = { reserve: 'reject' };

    const hold = await take(slots);
    store.failing = {};
    const [reply] = await slots.settleAll(failed(hold));

    expect(reply).to.include({ failures: 1, didLock: true });
    expect([store.count('settle'), fallback.count('settle')]).to.deep.equal([0, 1]);
  });

  it('asks the fallback once, and reports a failure when the fallback fails as well', async () => {
    store.failing = { reserve: 'reject' };
    fallback.failing = { reserve: 'reject' };
    const { holds, obstacle } = await slotsWith('fallback').reserveAll([ALICE]);
    expect([holds, obstacle?.outcome]).to.deep.equal([[], 'failed']);
    expect([store.count('reserve'), fallback.count('reserve')]).to.deep.equal([1, 1]);
  });
});

describe('attempt/slots over a store with a step for several subjects', () => {
  const steps: string[] = [];
  const errors: string[] = [];
  let store: MemoryStore;
  let fail: { reserveAll?: unknown; settleAll?: unknown };

  beforeEach(() => {
    steps.length = 0;
    errors.length = 0;
    fail = {};
    store = new MemoryStore();
  });

  /** Named, and answering what the spec says instead. */
  function slotsOver(port: LockoutStore): Slots {
    const told = new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          steps.push(String(name));
          return Object.hasOwn(fail, name) ? fail[name as 'reserveAll'] : Reflect.apply(value, target, args);
        };
      },
    });
    return new Slots('deny', {
      store: new GuardedStore(told, 2_000, (operation) => errors.push(operation)),
      fallback: undefined,
      onFailed: () => {},
      locks: new LockCache(1_000, () => 0),
    });
  }

  const stepsOfSlots = () => steps.filter((name) => name !== 'clock');

  it('asks once for all and settles once for all, in the same turn', () => {
    const slots = slotsOver(store);
    const { holds } = slots.reserveAll([ALICE, of('bob')]) as Reserved;
    const replies = slots.settleAll(holds.flatMap(failed)) as readonly SettleReply[];
    expect(replies.map(({ didLock }) => didLock)).to.deep.equal([true, true]);
    expect(stepsOfSlots()).to.deep.equal(['reserveAll', 'settleAll']);
  });

  it('holds nothing where one of them is refused', () => {
    const slots = slotsOver(store);
    slots.reserveAll([ALICE]);
    expect(slots.reserveAll([of('bob'), ALICE])).to.deep.equal({
      holds: [],
      obstacle: { outcome: 'busy', candidate: ALICE },
      devicesSince: 0,
    });
    expect(store.read(of('bob').subject.key)).to.equal(null);
  });

  for (const [what, answer] of [
    ['nothing', undefined],
    ['too few replies', [{ outcome: 'busy' }]],
    ['a reply that is none', [{ outcome: 'busy' }, null]],
  ] as const) {
    it(`takes a store that answers ${what} for one that fails`, () => {
      const slots = slotsOver(store);
      fail = { reserveAll: answer };
      const { holds, obstacle } = slots.reserveAll([ALICE, of('bob')]) as Reserved;
      expect([holds, obstacle?.outcome, errors]).to.deep.equal([[], 'failed', ['reserve']]);
    });
  }

  it('answers for each verdict with the error of a store that fails at all of them', () => {
    const slots = slotsOver(store);
    const { holds } = slots.reserveAll([ALICE, of('bob')]) as Reserved;
    fail = { settleAll: undefined };
    const [first, second] = slots.settleAll(holds.flatMap(failed)) as readonly unknown[];
    expect(first).to.be.instanceOf(LockoutStoreError).and.equal(second);
    expect(errors).to.deep.equal(['settle']);
  });

  it('gives back all slots that were granted after the time was over', async () => {
    const timers = sinon.useFakeTimers({ shouldClearNativeTimers: true });
    try {
      const slots = slotsOver(store);
      let grant = () => {};
      fail = {
        reserveAll: new Promise((resolve) => {
          grant = () => {
            const leases = ['a', 'b'].map((id) => ({ id, until: 1 }));
            resolve(leases.map((lease) => ({ outcome: 'taken', lease, freeSlots: 0, devicesSince: 0 })));
          };
        }),
      };
      const reserved = slots.reserveAll([ALICE, of('bob')]);
      await timers.tickAsync(2_000);
      expect((await reserved).obstacle?.outcome).to.equal('failed');
      grant();
      await timers.tickAsync(0);
      expect(stepsOfSlots()).to.deep.equal(['reserveAll', 'settleAll']);
    } finally {
      timers.restore();
    }
  });
});
