/** Attempts that wait for a slot: in order, bounded, and no longer than configured. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Lockout, type LockoutOptions, MemoryStore, type ProtectResult } from '../../lib/index.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { until } from '../support/tools/until.js';

const ONE_SLOT: LockoutOptions = { dimensions: ['username'], tiers: [{ failures: 1, cooloff: { minutes: 15 } }] };
const ALICE = { username: 'alice' };

/** A verify function that answers on demand. */
class Gate {
  readonly entered: string[] = [];
  readonly #answers: ((right: boolean) => void)[] = [];

  verify(name: string): () => Promise<boolean> {
    return () => {
      this.entered.push(name);
      return new Promise((resolve) => this.#answers.push(resolve));
    };
  }

  answer(right: boolean): void {
    this.#answers.shift()?.(right);
  }
}

const STORES = [
  ['the memory store', () => new MemoryStore()],
  ['an asynchronous store', () => new SlowStore()],
] as const;

describe('Waiting for a slot', () => {
  for (const [what, createStore] of STORES) {
    it(`lets attempts be verified in the order of arrival on ${what}`, async () => {
      const gate = new Gate();
      const lockout = new Lockout({ ...ONE_SLOT, store: createStore() });
      const results: Promise<ProtectResult<boolean>>[] = [];
      for (const name of ['a', 'b', 'c', 'd']) {
        results.push(lockout.protect(ALICE, gate.verify(name)));
        for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      }
      for (let count = 1; count <= 4; count += 1) {
        await until(() => gate.entered.length === count);
        gate.answer(true);
      }
      expect(gate.entered).to.deep.equal(['a', 'b', 'c', 'd']);
      expect((await Promise.all(results)).map(({ outcome }) => outcome)).to.deep.equal(Array(4).fill('succeeded'));
    });

    it(`ends with a refusal for all as soon as the subject is locked on ${what}`, async () => {
      const gate = new Gate();
      const lockout = new Lockout({ ...ONE_SLOT, store: createStore() });
      const results = ['a', 'b', 'c'].map((name) => lockout.protect(ALICE, gate.verify(name)));
      await until(() => gate.entered.length === 1);
      gate.answer(false);
      expect((await Promise.all(results)).map(({ outcome }) => outcome)).to.deep.equal([
        'failed',
        'refused',
        'refused',
      ]);
      expect(gate.entered).to.deep.equal(['a']);
    });
  }

  it('ends at once, with a retry after a second, when there is no room', async () => {
    const gate = new Gate();
    const lockout = new Lockout({ ...ONE_SLOT, maxWaiters: 5 });
    const results = Array.from({ length: 20 }, () => lockout.protect(ALICE, gate.verify('alice')));
    const refused = await Promise.all(results.slice(6));
    for (const result of refused) {
      expect(result).to.have.property('outcome', 'refused');
      expect((result as { locked: object }).locked).to.include({ code: 'ERR_LOCKOUT_BUSY', retryAfter: 1 });
    }
    for (let count = 1; count <= 6; count += 1) {
      await until(() => gate.entered.length === count);
      gate.answer(true);
    }
    expect((await Promise.all(results.slice(0, 6))).every(({ outcome }) => outcome === 'succeeded')).to.equal(true);
  });

  it('is separate for two lockouts on one store', async () => {
    const options = { ...ONE_SLOT, store: new MemoryStore(), busyTimeout: { seconds: 0 } };
    void new Lockout(options).protect(ALICE, () => new Promise(() => {}));
    expect((await new Lockout(options).protect(ALICE, () => true)).outcome).to.equal('refused');
  });

  it('ends with a refusal in the same turn when no waiting is allowed', async () => {
    const timers = sinon.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      const lockout = new Lockout({ ...ONE_SLOT, attemptLog: 'off', busyTimeout: { seconds: 0 } });
      void lockout.protect(ALICE, () => new Promise(() => {}));
      const before = timers.countTimers();
      const refused = lockout.protect(ALICE, () => true);

      expect(timers.countTimers()).to.equal(before);
      expect((await refused).outcome).to.equal('refused');
    } finally {
      timers.restore();
    }
  });

  it('costs the store nothing while another attempt already waits', async () => {
    const store = new SlowStore();
    const gate = new Gate();
    const lockout = new Lockout({ ...ONE_SLOT, store });
    const first = lockout.protect(ALICE, gate.verify('a'));
    await until(() => gate.entered.length === 1);
    const second = lockout.protect(ALICE, gate.verify('b'));
    await until(() => store.count('reserve') === 2);
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    const later = [1, 2, 3].map(() => lockout.protect(ALICE, () => true));
    expect(store.count('reserve')).to.equal(2);
    gate.answer(true);
    await until(() => gate.entered.length === 2);
    gate.answer(true);
    await Promise.all([first, second, ...later]);
  });

  it('gives back the slots of other subjects', async () => {
    const gate = new Gate();
    const tiers = { username: ONE_SLOT.tiers as never, ip: [{ failures: 2, cooloff: { minutes: 15 } }] };
    const lockout = new Lockout({ dimensions: ['ip', 'username'], tiers });
    const ip = '203.0.113.9';
    const first = lockout.protect({ username: 'alice', ip }, gate.verify('alice'));
    const waiting = lockout.protect({ username: 'alice', ip }, gate.verify('alice again'));
    const other = lockout.protect({ username: 'bob', ip }, gate.verify('bob'));
    await until(() => gate.entered.length === 2);
    expect(gate.entered).to.deep.equal(['alice', 'bob']);
    for (const _ of [1, 2, 3]) {
      gate.answer(true);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all([first, waiting, other]);
    expect((await lockout.status({ ip })).verifying).to.equal(0);
  });

  describe('within a limited time', () => {
    let timers: sinon.SinonFakeTimers;
    beforeEach(() => {
      timers = sinon.useFakeTimers({ shouldClearNativeTimers: true });
    });
    afterEach(() => timers.restore());

    it('ends with a retry after a second when busyTimeout is over', async () => {
      const lockout = new Lockout({ ...ONE_SLOT, busyTimeout: { seconds: 5 } });
      void lockout.protect(ALICE, () => new Promise(() => {}));
      const waiting = lockout.protect(ALICE, () => true);
      await timers.tickAsync(5_000);
      expect(await waiting).to.deep.include({ outcome: 'refused' });
      expect(((await waiting) as { locked: object }).locked).to.include({ code: 'ERR_LOCKOUT_BUSY', retryAfter: 1 });
    });

    it('finds by polling a slot that was given back without notice to this process', async () => {
      const clock = new ManualClock();
      const store = new MemoryStore({ clock: clock.read });
      const options = { ...ONE_SLOT, store, leaseTimeout: { seconds: 1 } };
      const elsewhere = new Lockout(options);
      void elsewhere.protect(ALICE, () => new Promise(() => {}));
      const waiting = new Lockout(options).protect(ALICE, () => true);
      await timers.tickAsync(1_500);
      clock.advance({ seconds: 1 });
      await timers.tickAsync(1_000);
      expect((await waiting).outcome).to.equal('succeeded');
    });

    it('ends for all at once when another process sets the lock, after one query', async () => {
      const store = new SlowStore();
      const [here, elsewhere] = [new Lockout({ ...ONE_SLOT, store }), new Lockout({ ...ONE_SLOT, store })];
      void elsewhere.protect(ALICE, () => new Promise(() => {}));
      const outcomes: string[] = [];
      for (let index = 0; index < 8; index += 1) {
        void here.protect(ALICE, () => true).then(({ outcome }) => outcomes.push(outcome));
      }
      await timers.tickAsync(0);
      await elsewhere.block(ALICE, { for: 'forever' });
      const asked = store.count('reserve');

      // As long as it takes until the first of them looks again.
      await timers.tickAsync(10);

      expect(outcomes).to.deep.equal(Array(8).fill('refused'));
      expect(store.count('reserve')).to.equal(asked + 1);
    });

    it('polls ever more slowly, at least twice a second', async () => {
      const store = new SlowStore();
      const elsewhere = new Lockout({ ...ONE_SLOT, store });
      void elsewhere.protect(ALICE, () => new Promise(() => {}));
      await timers.tickAsync(0);
      void new Lockout({ ...ONE_SLOT, store, busyTimeout: { seconds: 5 } }).protect(ALICE, () => true);
      await timers.tickAsync(5_000);
      expect(store.count('reserve')).to.be.within(10, 20);
    });
  });
});
