/** What happens to logins when the store fails, throws or hangs. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Lockout, LockoutStoreError, MemoryStore, type ProtectResult } from '../../lib/index.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { EventLog } from '../support/tools/events.js';

const ALICE = { username: 'alice', ip: '203.0.113.9' };
const wrong = () => false;
const right = () => true;

describe('A failing store', () => {
  let store: SlowStore;

  beforeEach(() => {
    store = new SlowStore();
  });

  for (const failure of ['reject', 'throw'] as const) {
    it(`makes attempts fail with ERR_LOCKOUT_STORE_UNAVAILABLE and emits store_error when reserve fails by ${failure}`, async () => {
      const lockout = new Lockout({ store });
      const events = new EventLog(lockout);
      store.failing = { reserve: failure };

      const result = await lockout.protect(ALICE, right);

      expect(result).to.have.property('outcome', 'refused');
      expect((result as { locked: { code: string; retryAfter: null } }).locked).to.deep.include({
        code: 'ERR_LOCKOUT_STORE_UNAVAILABLE',
        retryAfter: null,
        dimension: undefined,
      });
      const [first] = events.of('store_error');
      expect(first?.operation).to.equal('reserve');
      expect(first?.error).to.be.instanceOf(LockoutStoreError).with.property('code', 'ERR_LOCKOUT_STORE_FAILED');
      expect(String(first?.error.cause)).to.match(/reserve (rejected|threw)/);
      expect(events.of('attempt_refused').map(({ reason }) => reason)).to.deep.equal(['store_error']);
    });
  }

  it('is used again for the next attempt', async () => {
    const lockout = new Lockout({ store });
    store.failing = { reserve: 'reject' };
    await lockout.protect(ALICE, right);
    store.failing = {};
    expect((await lockout.protect(ALICE, right)).outcome).to.equal('succeeded');
  });

  it("lets attempts pass uncounted with onStoreError: 'allow'", async () => {
    const lockout = new Lockout({ store, onStoreError: 'allow' });
    store.failing = { reserve: 'reject' };
    for (let index = 0; index < 5; index += 1) {
      expect((await lockout.protect(ALICE, wrong)).outcome).to.equal('failed');
    }
    store.failing = {};
    expect((await lockout.status({ username: 'alice' })).failures).to.equal(0);
  });

  it('is replaced by the fallback store, which counts', async () => {
    const lockout = new Lockout({ store, onStoreError: { fallback: new MemoryStore() } });
    const events = new EventLog(lockout);
    store.failing = { reserve: 'reject' };
    const outcomes = [];
    for (let index = 0; index < 4; index += 1) outcomes.push((await lockout.protect(ALICE, wrong)).outcome);
    expect(outcomes).to.deep.equal(['failed', 'failed', 'failed', 'refused']);
    expect(events.count('username_blocked')).to.equal(1);
    await lockout.close();
  });

  it('makes attempts fail when the fallback fails as well', async () => {
    const fallback = new SlowStore();
    const lockout = new Lockout({ store, onStoreError: { fallback } });
    store.failing = { reserve: 'reject' };
    fallback.failing = { reserve: 'throw' };
    expect((await lockout.protect(ALICE, right)).outcome).to.equal('refused');
  });

  it('is reported to an operator by an error', async () => {
    const lockout = new Lockout({ store });
    store.failing = { read: 'reject', list: 'throw', block: 'reject', reset: 'reject' };
    const asked = [
      lockout.status({ username: 'alice' }),
      lockout.list(),
      lockout.block({ username: 'alice' }, { for: 'forever' }),
      lockout.unblock({ username: 'alice' }),
      lockout.reset({ username: 'alice' }),
    ];
    for (const { status, reason } of (await Promise.allSettled(asked)) as PromiseRejectedResult[]) {
      expect(status).to.equal('rejected');
      expect(reason).to.be.instanceOf(LockoutStoreError);
    }
  });

  describe('that hangs', () => {
    let timers: sinon.SinonFakeTimers;
    beforeEach(() => {
      timers = sinon.useFakeTimers({ shouldClearNativeTimers: true });
    });
    afterEach(() => timers.restore());

    it('makes attempts fail after storeTimeout', async () => {
      const lockout = new Lockout({ store, storeTimeout: { seconds: 2 } });
      const events = new EventLog(lockout);
      store.failing = { reserve: 'hang' };
      let result: ProtectResult<boolean> | undefined;
      void lockout.protect(ALICE, right).then((settled) => {
        result = settled;
      });
      await timers.tickAsync(1_999);
      expect(result).to.equal(undefined);
      await timers.tickAsync(1);
      expect(result).to.have.property('outcome', 'refused');
      expect(events.of('store_error')[0]?.error).to.have.property('code', 'ERR_LOCKOUT_STORE_TIMEOUT');
    });

    it('gets back a slot that it granted after the timeout', async () => {
      let pause = 5_000;
      const late = new SlowStore({}, () => new Promise((resolve) => setTimeout(resolve, pause)));
      const lockout = new Lockout({ store: late, dimensions: ['username'] });
      const refused = lockout.protect(ALICE, right);
      await timers.tickAsync(2_000);
      expect((await refused).outcome).to.equal('refused');
      pause = 0;
      await timers.tickAsync(3_000);
      expect(late.calls).to.deep.equal(['reserve username=alice', 'settle username=alice release']);
    });

    it('causes no further error when it fails after the timeout', async () => {
      const late = new SlowStore(
        {},
        () => new Promise((_resolve, reject) => setTimeout(reject, 5_000, new Error('late'))),
      );
      const lockout = new Lockout({ store: late, dimensions: ['username'] });
      const events = new EventLog(lockout);
      const refused = lockout.protect(ALICE, right);
      await timers.tickAsync(6_000);
      expect((await refused).outcome).to.equal('refused');
      expect(events.count('store_error')).to.equal(1);
    });
  });
});
