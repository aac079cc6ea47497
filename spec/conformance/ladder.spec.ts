/** Locks, tiers and time, over HTTP, on a clock of our own. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, withLockout } from '../../lib/index.js';
import { type Answer, type LoginApp, startLoginApp } from '../support/sites/login-app.js';
import { PasswordCheck, RIGHT_PASSWORD } from '../support/sites/password-strategy.js';
import { describeOnEachStore } from '../support/stores/each-store.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { PATIENT } from '../support/stores/patient.js';
import { EventLog } from '../support/tools/events.js';

describeOnEachStore('A lockout', (stores) => {
  let clock: ManualClock;
  let app: LoginApp;
  let check: PasswordCheck;
  let lockout: Lockout;
  let events: EventLog;

  async function start(options: LockoutOptions = {}): Promise<void> {
    clock = new ManualClock();
    check = new PasswordCheck();
    lockout = new Lockout({ ...PATIENT, store: await stores.fresh(clock.read), ...options });
    events = new EventLog(lockout);
    app = await startLoginApp({ strategies: { local: withLockout(check.strategy(), lockout) } });
  }

  async function fail(count: number): Promise<Answer> {
    let last: Answer | undefined;
    for (let index = 0; index < count; index += 1) last = await app.login('alice', 'wrong');
    return last as Answer;
  }

  afterEach(() => app.close());

  it('answers the third failure itself with the lock', async () => {
    await start();
    expect([(await fail(1)).status, (await fail(1)).status, (await fail(1)).status]).to.deep.equal([401, 401, 429]);
  });

  it('F11 does not lock again at the first failure after a lock, only at the next tier', async () => {
    await start();
    await fail(3);
    clock.advance({ minutes: 15 });

    expect((await fail(2)).status).to.equal(401);
    expect((await fail(1)).status).to.equal(429);
    expect(events.of('username_blocked').map(({ tier }) => tier)).to.deep.equal([0, 1]);
  });

  it('X47 does not lock an address at the limit of a bare ladder, which is meant for accounts', async () => {
    await start({ tiers: [{ failures: 3, cooloff: { minutes: 15 } }] });
    for (const user of ['anna', 'ben', 'cora', 'dora']) await app.login(user, 'wrong');
    expect((await app.login('alice', RIGHT_PASSWORD)).status).to.equal(200);
    expect((await fail(3)).status).to.equal(429);
  });

  it('F12 refuses the right password while locked without counting, verifying or prolonging, for a whole day', async () => {
    await start({ tiers: [{ failures: 3, cooloff: { days: 1 } }] });
    await fail(3);
    const before = await lockout.status({ username: 'alice' });

    for (let hour = 0; hour < 24; hour += 1) {
      expect((await app.login('alice', RIGHT_PASSWORD)).status).to.equal(429);
      expect((await fail(1)).status).to.equal(429);
      clock.advance({ hours: 1 });
    }

    expect(check.verified).to.have.length(3);
    expect(before.lockedUntil?.getTime()).to.equal(clock.read());
    expect((await lockout.status({ username: 'alice' })).failures).to.equal(3);
    expect((await app.login('alice', RIGHT_PASSWORD)).status).to.equal(200);
  });

  it('F13 climbs 15 minutes, 2 hours, 1 day, then 1 day for each failure, and starts again after forgetAfter', async () => {
    await start();
    const locks: string[] = [];
    for (const [failures, wait] of [
      [3, { minutes: 15 }],
      [3, { hours: 2 }],
      [4, { days: 1 }],
      [1, { days: 1 }],
      [1, { days: 1 }],
    ] as const) {
      const { status, retryAfter } = await fail(failures);
      locks.push(`${status} ${retryAfter}`);
      clock.advance({ ...wait, ms: -1 });
      expect((await fail(1)).status).to.equal(429);
      clock.advance({ ms: 1 });
    }
    expect(locks).to.deep.equal(['429 900', '429 7200', '429 86400', '429 86400', '429 86400']);

    clock.advance({ days: 7, ms: -1 });
    expect((await lockout.status({ username: 'alice' })).failures).to.equal(12);
    clock.advance({ ms: 1 });
    expect((await lockout.status({ username: 'alice' })).failures).to.equal(0);
    expect((await fail(2)).status).to.equal(401);
    expect((await fail(1)).retryAfter).to.equal('900');
  });

  it('F14 shows the time left in whole seconds, rounded up and at least 1', async () => {
    await start();
    expect((await fail(3)).retryAfter).to.equal('900');

    for (const [advance, left] of [
      [{ ms: 1 }, '900'],
      [{ ms: 999 }, '899'],
      [{ seconds: 898, ms: 1 }, '1'],
      [{ ms: 998 }, '1'],
    ] as const) {
      clock.advance(advance);
      expect((await fail(1)).retryAfter).to.equal(left);
    }
    clock.advance({ ms: 1 });
    expect((await app.login('alice', RIGHT_PASSWORD)).status).to.equal(200);
  });

  it('F14 shows no time if the lock holds until reset, or if the option says so', async () => {
    await start({ tiers: [{ failures: 3, cooloff: 'forever' }] });
    expect(await fail(3)).to.include({ status: 429, retryAfter: null });
    await app.close();

    await start({ retryAfterHeader: false });
    expect(await fail(3)).to.include({ status: 429, retryAfter: null });
  });

  it('F15 keeps a lock of 10 years and one for ever', async () => {
    await start({ tiers: [{ failures: 3, cooloff: { years: 10 } }] });
    await fail(3);
    clock.advance({ days: 3649 });
    expect((await app.login('alice', RIGHT_PASSWORD)).status).to.equal(429);
    await app.close();

    await start({ dimensions: ['username'], tiers: [{ failures: 3, cooloff: 'forever' }] });
    await fail(3);
    clock.advance({ days: 100_000 });
    expect((await app.login('alice', RIGHT_PASSWORD)).status).to.equal(429);
    expect(events.of('username_blocked')[0]).to.include({ lockedUntil: null, remaining: null });
    expect(await lockout.unblock({ username: 'alice' }, { by: 'operator' })).to.equal(true);
    expect((await app.login('alice', RIGHT_PASSWORD)).status).to.equal(200);
  });

  it('F37 emits one event for a lock, however many attempts follow', async () => {
    await start();
    await fail(11);
    expect(events.count('username_blocked')).to.equal(1);
    expect(events.count('blocked')).to.equal(1);
    expect(events.count('attempt_refused')).to.equal(8);
  });

  it('F38 emits no unblocked for the success of a user who was never blocked', async () => {
    await start();
    await fail(2);
    await app.login('alice', RIGHT_PASSWORD);
    expect(await lockout.unblock({ username: 'alice' })).to.equal(false);
    expect(events.count('unblocked')).to.equal(0);
    expect(events.count('attempt_succeeded')).to.equal(1);
  });

  it('F50 keeps a lock and failures for 90 days', async () => {
    await start({ tiers: [{ failures: 3, cooloff: { days: 90 } }], forgetAfter: { days: 90 } });
    await fail(2);
    clock.advance({ days: 89 });
    expect(await fail(1)).to.include({ status: 429, retryAfter: String(90 * 86_400) });
    clock.advance({ days: 89 });
    expect((await app.login('alice', RIGHT_PASSWORD)).status).to.equal(429);
    clock.advance({ days: 1 });
    expect((await app.login('alice', RIGHT_PASSWORD)).status).to.equal(200);
  });
});
