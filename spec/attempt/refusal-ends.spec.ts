/** A long-lived request, such as that of a WebSocket: its refusal ends together with the reason. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Lockout, type LockoutOptions, MemoryStore, type StrategyLike, withLockout } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';
import { PasswordCheck, RIGHT_PASSWORD } from '../support/sites/password-strategy.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { EventLog } from '../support/tools/events.js';
import { until } from '../support/tools/until.js';

const SOCKET = { ip: '203.0.113.9', headers: {}, body: { username: 'alice', password: RIGHT_PASSWORD } };
const CACHE = { seconds: 1 };

describe('The refusal of a request that keeps retrying', () => {
  let clock: ManualClock;
  let lockout: Lockout;
  let strategy: StrategyLike;

  function make(options: LockoutOptions): void {
    lockout = new Lockout({ dimensions: ['username'], lockCacheTtl: CACHE, ...options });
    strategy = withLockout(new PasswordCheck().strategy(), lockout);
  }

  /** The same request with the same password, as often as it is called. */
  async function attempt(): Promise<unknown> {
    const { actions } = drive(strategy, SOCKET);
    await until(() => actions.length > 0, 'the attempt is answered');
    const [name, info] = actions[0] as readonly [string, { readonly code?: string }];
    return name === 'fail' ? info.code : name;
  }

  beforeEach(() => {
    clock = new ManualClock();
  });
  afterEach(() => lockout.close());

  for (const [name, createStore] of [
    ['the memory store', () => new MemoryStore({ clock: clock.read })],
    ['an asynchronous store', () => new SlowStore({ clock: clock.read })],
  ] as const) {
    it(`X42 ends when an operator lifts the lock, on ${name}`, async () => {
      make({ store: createStore() });
      await lockout.block({ username: 'alice' }, { for: 'forever' });
      expect([await attempt(), await attempt()]).to.deep.equal(['ERR_LOCKOUT_LOCKED', 'ERR_LOCKOUT_LOCKED']);

      await lockout.unblock({ username: 'alice' });

      expect(await attempt()).to.equal('success');
    });

    it(`X42 ends when the lock expires, on ${name}`, async () => {
      make({ store: createStore() });
      await lockout.block({ username: 'alice' }, { for: { minutes: 15 } });
      expect(await attempt()).to.equal('ERR_LOCKOUT_LOCKED');

      clock.advance({ minutes: 15 });

      expect(await attempt()).to.equal('success');
    });

    it(`X42 ends within lockCacheTtl after another process has lifted the lock, on ${name}`, async () => {
      const store = createStore();
      make({ store });
      await lockout.block({ username: 'alice' }, { for: 'forever' });
      expect(await attempt()).to.equal('ERR_LOCKOUT_LOCKED');

      await new Lockout({ store }).unblock({ username: 'alice' });
      clock.advance(CACHE);

      expect(await attempt()).to.equal('success');
    });
  }

  it('X42 ends when the deny list no longer contains the client', async () => {
    let isDenied = true;
    make({ deny: { when: () => isDenied } });
    expect(await attempt()).to.equal('ERR_LOCKOUT_DENIED');

    isDenied = false;

    expect(await attempt()).to.equal('success');
  });

  it('X42 ends a moment after the store has recovered; until then no other strategy of the login waits for the store again', async () => {
    const timers = sinon.useFakeTimers({ toFake: ['performance'] });
    try {
      const store = new SlowStore();
      store.failing = { reserve: 'reject' };
      make({ store });
      const unavailable = 'ERR_LOCKOUT_STORE_UNAVAILABLE';
      expect([await attempt(), await attempt()]).to.deep.equal([unavailable, unavailable]);
      expect(store.count('reserve')).to.equal(1);

      store.failing = {};
      timers.tick(1_000);

      expect(await attempt()).to.equal('success');
    } finally {
      timers.restore();
    }
  });

  it('is emitted once while the strategies of one login run, and again for a later try', async () => {
    const timers = sinon.useFakeTimers({ toFake: ['performance'] });
    try {
      make({ store: new MemoryStore({ clock: clock.read }) });
      const events = new EventLog(lockout);
      await lockout.block({ username: 'alice' }, { for: 'forever' });

      await attempt();
      await attempt();
      timers.tick(1_000);
      await attempt();

      expect(events.of('attempt_refused')).to.have.length(2);
    } finally {
      timers.restore();
    }
  });
});
