/** Guesses and logins at the same moment, over HTTP. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, withLockout } from '../../lib/index.js';
import { countStatuses, type LoginApp, startLoginApp } from '../support/sites/login-app.js';
import { PasswordCheck, RIGHT_PASSWORD } from '../support/sites/password-strategy.js';
import { describeOnEachStore } from '../support/stores/each-store.js';
import { PATIENT } from '../support/stores/patient.js';
import { atDepth } from '../support/tools/depth.js';
import { EventLog } from '../support/tools/events.js';
import { until } from '../support/tools/until.js';

const LIMIT_3: LockoutOptions = {
  dimensions: ['username'],
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
};
/** Waits for a slot as long as it takes: no login is refused because the machine is slow. */
const ROOM: LockoutOptions = { busyTimeout: { minutes: 1 } };
const LOGIN_ROUNDS = atDepth({ quick: 2, deep: 5 });
const FIRST_ROUNDS = atDepth({ quick: 2, deep: 10 });
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describeOnEachStore('With parallel attempts, a lockout', (stores) => {
  let app: LoginApp;
  let check: PasswordCheck;
  let events: EventLog;
  let lockout: Lockout;

  async function start(options: LockoutOptions = LIMIT_3): Promise<void> {
    check = new PasswordCheck({ takesMs: 20 });
    lockout = new Lockout({ ...PATIENT, ...ROOM, store: await stores.fresh(), ...options });
    events = new EventLog(lockout);
    app = await startLoginApp({ strategies: { local: withLockout(check.strategy(), lockout) } });
  }

  afterEach(() => app.close());

  it('F1 verifies 3 of 60 wrong guesses for one username, answers 2 with 401 and 58 with 429, and emits one event', async () => {
    await start();

    const answers = await Promise.all(times(60, (index) => app.login('alice', `guess ${index}`)));

    expect(check.verified).to.have.length(3);
    expect(countStatuses(answers)).to.deep.equal({ 401: 2, 429: 58 });
    expect(events.count('username_blocked')).to.equal(1);
    expect(events.count('blocked')).to.equal(1);
  });

  it('F3 verifies at most 3 of 99 wrong guesses and the right one, and lets the right one in only if it was verified', async () => {
    for (let round = 0; round < LOGIN_ROUNDS; round += 1) {
      await start();
      const right = Math.floor((round / LOGIN_ROUNDS) * 99);
      const passwords = times(100, (index) => (index === right ? RIGHT_PASSWORD : `guess ${index}`));

      const answers = await Promise.all(passwords.map((password) => app.login('alice', password)));

      const statuses = countStatuses(answers);
      const { locked } = await lockout.status({ username: 'alice' });
      // A right password that was verified forgives, so the guesses after it have a budget of their own.
      const budgets = answers[right]?.status === 200 ? 2 : 1;
      expect(check.verified.length).to.be.at.most(3 * budgets);
      expect(statuses[200] ?? 0).to.equal(answers[right]?.status === 200 ? 1 : 0);
      expect(locked).to.equal(true);
      if (round < LOGIN_ROUNDS - 1) await app.close();
    }
  });

  it('F3 keeps a lock that was set while the right password was being verified', async () => {
    await start();
    const right = app.login('alice', RIGHT_PASSWORD);
    await until(() => check.verified.length === 1);

    await lockout.block({ username: 'alice' }, { for: { hours: 1 } });

    expect((await right).status).to.equal(200);
    expect((await lockout.status({ username: 'alice' })).locked).to.equal(true);
    expect((await app.login('alice', RIGHT_PASSWORD)).status).to.equal(429);
  });

  it('F4 lets 60 parallel right logins of one user all succeed', async () => {
    await start();

    const answers = await Promise.all(times(60, () => app.login('alice', RIGHT_PASSWORD)));

    expect(countStatuses(answers)).to.deep.equal({ 200: 60 });
    expect(check.verified).to.have.length(60);
    expect(events.count('attempt_refused')).to.equal(0);
  });

  it('F4 lets them all succeed with the default options, too, which count the address', async () => {
    await start({});

    const answers = await Promise.all(times(60, () => app.login('alice', RIGHT_PASSWORD)));

    expect(countStatuses(answers)).to.deep.equal({ 200: 60 });
  });

  it('F5 grants exactly 3 of 60 first-ever attempts a slot', async () => {
    for (let round = 0; round < FIRST_ROUNDS; round += 1) {
      await start();
      await Promise.all(times(60, (index) => app.login(`new user ${round}`, `guess ${index}`)));
      expect(check.verified).to.have.length(3);
      if (round < FIRST_ROUNDS - 1) await app.close();
    }
  });

  it('F49 verifies 3 of 60 wrong guesses for one username that come from 60 addresses', async () => {
    await start({ ...LIMIT_3, dimensions: ['username', 'ip'] });

    const answers = await Promise.all(times(60, (index) => app.login('alice', 'wrong', `203.0.113.${index}`)));

    expect(check.verified).to.have.length(3);
    expect(countStatuses(answers)).to.deep.equal({ 401: 2, 429: 58 });
    expect(events.count('username_blocked')).to.equal(1);
    expect(events.count('ip_blocked')).to.equal(0);
  });
});
