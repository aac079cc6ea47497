/** Verdicts that the store did not accept: they are not disclosed, and the store is called again. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Lockout, type LockoutOptions, MemoryStore, type ProtectResult } from '../../lib/index.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { EventLog } from '../support/tools/events.js';

const LIMIT_3: LockoutOptions = {
  dimensions: ['username'],
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
};
const ALICE = { username: 'alice', ip: '203.0.113.9' };
const UNTOLD = 'ERR_LOCKOUT_STORE_UNAVAILABLE';
const wrong = () => false;
const right = () => true;

function toldOf(result: ProtectResult<boolean>): string {
  return result.outcome === 'refused' ? result.locked.code : result.outcome;
}

describe('A verdict that the store does not accept', () => {
  let timers: sinon.SinonFakeTimers;
  let store: SlowStore;
  let lockout: Lockout;
  let events: EventLog;

  beforeEach(() => {
    timers = sinon.useFakeTimers({ shouldClearNativeTimers: true });
    store = new SlowStore();
    lockout = create();
  });
  afterEach(() => timers.restore());

  function create(options: LockoutOptions = {}): Lockout {
    const created = new Lockout({ ...LIMIT_3, store, ...options });
    events = new EventLog(created);
    return created;
  }

  async function guess(verify: () => boolean = wrong): Promise<string> {
    return toldOf(await lockout.protect(ALICE, verify));
  }

  const failures = async () => (await lockout.status({ username: 'alice' })).failures;

  for (const failure of ['reject', 'throw'] as const) {
    it(`X17 is refused, right or wrong, if settle fails by ${failure}`, async () => {
      store.failing = { settle: failure };
      expect([await guess(right), await guess(wrong)]).to.deep.equal([UNTOLD, UNTOLD]);
      expect(events.of('attempt_refused').map(({ reason }) => reason)).to.deep.equal(['store_error', 'store_error']);
      expect(events.count('attempt_failed') + events.count('attempt_succeeded')).to.equal(0);
    });
  }

  it('X17 is refused, right or wrong, if settle hangs', async () => {
    store.failing = { settle: 'hang' };
    const answers = Promise.all([guess(right), guess(wrong)]);
    await timers.tickAsync(2_000);
    expect(await answers).to.deep.equal([UNTOLD, UNTOLD]);
  });

  it('X17 is counted once the store is back, and locks with one event', async () => {
    store.failing = { settle: 'reject' };
    expect([await guess(), await guess(), await guess()]).to.deep.equal([UNTOLD, UNTOLD, UNTOLD]);
    await timers.tickAsync(1_000);
    expect(await failures()).to.equal(0);

    store.failing = {};
    await timers.tickAsync(10_000);

    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 3, locked: true, verifying: 0 });
    expect(events.count('username_blocked')).to.equal(1);
    expect(events.of('username_blocked')[0]?.attempt).to.include(ALICE);
  });

  it('X17 keeps its slot until the store has accepted it or the lease is over, so that there are no extra guesses', async () => {
    lockout = create({ busyTimeout: { seconds: 0 } });
    store.failing = { settle: 'reject' };
    let verified = 0;
    const count = () => {
      verified += 1;
      return false;
    };
    for (let attempt = 0; attempt < 10; attempt += 1) await guess(count);
    expect(verified).to.equal(3);
  });

  it('X17 lets a waiting attempt go on as soon as the store has accepted it', async () => {
    store.failing = { settle: 'reject' };
    for (let slot = 0; slot < 2; slot += 1) await guess();
    await guess(right);
    const waiting = guess(right);
    store.failing = {};
    await timers.tickAsync(1_000);
    expect(await waiting).to.equal('succeeded');
  });

  it('X17 is retried at growing intervals of at most 10 s', async () => {
    store.failing = { settle: 'reject' };
    await guess();
    await timers.tickAsync(60_000);
    expect(store.count('settle')).to.be.within(10, 15);
  });

  it('X17 counts once if the store had accepted it and only its answer was late', async () => {
    let pauseMs = 0;
    store = new SlowStore({}, async () => {
      if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    });
    lockout = create({ tiers: [{ failures: 1, cooloff: { minutes: 15 } }], storeTimeout: { seconds: 4 } });
    const answer = guess(() => {
      pauseMs = 5_000;
      return false;
    });
    await timers.tickAsync(7_000);
    expect(await answer).to.equal(UNTOLD);
    pauseMs = 0;
    await timers.tickAsync(60_000);

    expect(await failures()).to.equal(1);
    expect(events.count('username_blocked')).to.equal(1);
  });

  it('X17 counts once if the store hangs for longer than the lease and then executes every call', async () => {
    let goOn: () => void = () => undefined;
    let pause = Promise.resolve();
    store = new SlowStore({}, () => pause);
    lockout = create();
    const answer = guess(() => {
      pause = new Promise((resolve) => (goOn = resolve));
      return false;
    });
    await timers.tickAsync(60_000);
    expect(await answer).to.equal(UNTOLD);
    pause = Promise.resolve();
    goOn();
    await timers.tickAsync(60_000);

    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, locked: false });
  });

  it('X17 is retried if the store fails after it had hung', async () => {
    let fail: () => void = () => undefined;
    let pause = Promise.resolve();
    store = new SlowStore({}, () => pause);
    lockout = create();
    const answer = guess(() => {
      pause = new Promise((_, reject) => (fail = () => reject(new Error('cut'))));
      return false;
    });
    await timers.tickAsync(5_000);
    expect(await answer).to.equal(UNTOLD);
    pause = Promise.resolve();
    fail();
    await timers.tickAsync(10_000);

    expect(await failures()).to.equal(1);
  });

  it('X17 does not keep a lockout from being closed while the store hangs', async () => {
    store.failing = { settle: 'hang' };
    const answer = guess();
    await timers.tickAsync(2_000);
    expect(await answer).to.equal(UNTOLD);
    await lockout.close();
    expect(store.count('settle')).to.equal(1);
  });

  it('X17 is retried even if the store keeps failing for another subject', async () => {
    const settle: SlowStore['settle'] = (subject, ...rest) =>
      subject.key === 'username=mallory' ? Promise.reject(new Error('broken record')) : store.settle(subject, ...rest);
    lockout = create({ store: Object.assign(Object.create(store) as SlowStore, { settle }) });
    await lockout.protect({ username: 'mallory' }, wrong);
    store.failing = { settle: 'reject' };
    await guess();
    store.failing = {};
    await timers.tickAsync(30_000);
    expect(await failures()).to.equal(1);
  });

  it('X17 is retried once more when the lockout is closed, and no timer is left', async () => {
    const before = timers.countTimers();
    store.failing = { settle: 'reject' };
    await guess();
    store.failing = {};
    await lockout.close();
    expect(store.calls.slice(-2)).to.deep.equal(['settle username=alice failure', 'close ']);
    expect(timers.countTimers()).to.equal(before);
  });

  it('X17 is dropped if the store fails once more while the lockout is closed', async () => {
    const before = timers.countTimers();
    store.failing = { settle: 'reject' };
    await guess();
    await lockout.close();
    expect(store.count('settle')).to.equal(2);
    expect(timers.countTimers()).to.equal(before);
  });

  it("X17 is passed on with onStoreError: 'allow', and counted once the store is back", async () => {
    lockout = create({ onStoreError: 'allow' });
    store.failing = { settle: 'reject' };
    expect([await guess(right), await guess(wrong)]).to.deep.equal(['succeeded', 'failed']);
    store.failing = {};
    await timers.tickAsync(1_000);
    expect(await failures()).to.equal(1);
  });

  it('X17 is settled on the fallback, and passed on', async () => {
    const fallback = new MemoryStore();
    lockout = create({ onStoreError: { fallback } });
    store.failing = { settle: 'reject' };
    expect([await guess(right), await guess(wrong), await guess(wrong)]).to.deep.equal([
      'succeeded',
      'failed',
      'failed',
    ]);
    expect(fallback.read('username=alice')).to.include({ failures: 2, verifying: 0 });
  });

  it('X17 emits one event for a lock on the fallback, even when the store accepts it later', async () => {
    lockout = create({ onStoreError: { fallback: new MemoryStore() } });
    store.failing = { settle: 'reject' };
    const last = [await guess(), await guess(), await guess()].at(-1);
    store.failing = {};
    await timers.tickAsync(10_000);

    expect(last).to.equal('failed');
    expect(await lockout.status({ username: 'alice' })).to.include({ locked: true });
    expect(events.count('username_blocked')).to.equal(1);
  });

  it('X17 is refused if the fallback does not accept it either', async () => {
    const fallback = new SlowStore();
    lockout = create({ onStoreError: { fallback } });
    store.failing = { settle: 'reject' };
    fallback.failing = { settle: 'reject' };
    expect(await guess(right)).to.equal(UNTOLD);
  });

  it('X17 is passed on in monitor mode', async () => {
    lockout = create({ mode: 'monitor' });
    store.failing = { settle: 'reject' };
    expect([await guess(right), await guess(wrong)]).to.deep.equal(['succeeded', 'failed']);
  });
});
