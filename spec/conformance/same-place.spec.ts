/** X7, X8: whose login forgives whose failures, for an attacker with accounts of their own and a victim who logs in often. */
import { expect } from 'chai';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, type LockoutOptions, withLockout } from '../../lib/index.js';
import { type LoginApp, startApp, startLoginApp } from '../support/sites/login-app.js';
import { RIGHT_PASSWORD } from '../support/sites/password-strategy.js';
import { describeOnEachStore } from '../support/stores/each-store.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { EventLog } from '../support/tools/events.js';

const HOME = '203.0.113.1';
const MINUTES_A_DAY = 24 * 60;
const REFUSED = 'refused';

/** Passwords by name, as a store knows it. */
function strategyOf(find: (name: string) => string | undefined, judged: (name: string) => void): LocalStrategy {
  return new LocalStrategy((name, password, done) => {
    judged(name);
    if (find(name) === password) done(null, { name });
    else done(null, false);
  });
}

describeOnEachStore('The same-place rule', (stores) => {
  let clock: ManualClock;
  let lockout: Lockout;
  let events: EventLog;
  let app: LoginApp | undefined;

  async function start(options: LockoutOptions = {}): Promise<void> {
    clock = new ManualClock();
    lockout = new Lockout({ store: await stores.fresh(clock.read), attemptLog: 'off', ...options });
    events = new EventLog(lockout);
  }

  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  /** The attempts that were let through to the verification, of two a minute for a day, with a right login after each two. */
  async function judgedInADay(guess: () => Promise<string>, logIn: () => Promise<unknown>): Promise<number> {
    let judged = 0;
    for (let minute = 0; minute < MINUTES_A_DAY; minute += 1) {
      const outcomes = [await guess(), await guess()];
      judged += outcomes.filter((outcome) => outcome !== REFUSED).length;
      const { lockedUntil } = await lockout.status({ username: 'alice' });
      // Under a lock no attempt has any effect.
      const waited = lockedUntil ? Math.max(0, Math.ceil((lockedUntil.getTime() - clock.read()) / 60_000) - 1) : 0;
      minute += waited;
      clock.advance({ minutes: 1 + waited });
      await logIn();
    }
    return judged;
  }

  const attempt = async (ip: string | undefined, isRight: boolean, username = 'alice') =>
    (await lockout.protect({ username, ...(ip && { ip }) }, () => isRight)).outcome;

  it('X7 allows no more guesses at alice than the ladder if the attacker logs in to their own ALICE in between', async () => {
    await start();
    const passwords: Readonly<Record<string, string>> = { alice: RIGHT_PASSWORD, ALICE: 'mallory' };
    const judged: string[] = [];
    const strategy = strategyOf(
      (name) => passwords[name],
      (name) => judged.push(name),
    );
    app = await startLoginApp({ strategies: { local: withLockout(strategy, lockout) } });

    for (let round = 0; round < 20; round += 1) {
      for (const password of ['a', 'b']) await app.login('alice', `${password} ${round}`, '198.51.100.7');
      await app.login('ALICE', 'mallory', '198.51.100.7');
    }

    expect(judged.filter((name) => name === 'alice')).to.have.length(3);
    expect(events.count('username_blocked')).to.equal(1);
  });

  it("keeps the count of an attacker's failures at the address, whatever else they log in to", async () => {
    await start({ tiers: { ip: [{ failures: 6, cooloff: { hours: 1 } }] } });

    for (let round = 0; round < 4; round += 1) {
      for (const victim of ['bob', 'carol']) await attempt('198.51.100.7', false, `${victim} ${round}`);
      await attempt('198.51.100.7', true, 'mallory');
    }

    expect(events.of('ip_blocked')).to.have.length(1);
    expect(await lockout.status({ ip: '198.51.100.7' })).to.include({ failures: 6, places: 6, takenBack: 0 });
  });

  it('X8 allows at most 10 guesses on the first day while the owner logs in elsewhere every minute', async () => {
    await start();
    let addresses = 0;
    const guess = () => attempt(`198.51.100.${++addresses % 250}`, false);

    const judged = await judgedInADay(guess, () => attempt(HOME, true));

    expect(judged).to.equal(10);
    expect(events.count('username_blocked')).to.equal(3);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 10, places: 10, takenBack: 0 });
  });

  it("X8 allows at most 15 guesses on the first day from the owner's own address", async () => {
    await start();

    const judged = await judgedInADay(
      () => attempt(HOME, false),
      () => attempt(HOME, true),
    );

    expect(judged).to.be.within(10, 15);
    expect(events.count('username_blocked')).to.be.at.least(3);
  });

  it('X8 allows at most 15 guesses on the first day if no address is known', async () => {
    await start({ dimensions: ['username'] });

    const judged = await judgedInADay(
      () => attempt(undefined, false),
      () => attempt(undefined, true),
    );

    expect(judged).to.be.within(10, 15);
  });

  it("X8 allows at most 15 guesses on the first day if the attacker has a local account of the victim's spelling", async () => {
    await start();
    let judged = 0;
    const directory = strategyOf(
      (name) => (name.toLowerCase() === 'alice' ? RIGHT_PASSWORD : undefined),
      () => {
        judged += 1;
      },
    );
    const local = strategyOf(
      (name) => (name === 'alice' ? 'mallory' : undefined),
      () => {},
    );
    const site = await startApp((routes, passport) => {
      passport.use('directory', withLockout(directory, lockout) as never);
      passport.use('local', withLockout(local, lockout) as never);
      for (const name of ['directory', 'local']) {
        routes.post(`/${name}`, passport.authenticate(name, { session: false }), (_, res) => void res.end());
      }
    });
    app = site;
    const login = (path: string, password: string) =>
      site.request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': '198.51.100.7' },
        body: JSON.stringify({ username: 'alice', password }),
      });
    let guesses = 0;
    const guess = async () => ((await login('/directory', `guess ${++guesses}`)).status === 429 ? REFUSED : 'failed');

    await judgedInADay(guess, () => login('/local', 'mallory'));

    expect(judged).to.be.within(10, 15);
  });

  it("takes back an owner's own typing errors, by name and by address, and shows where others came from", async () => {
    await start();
    for (const ip of [HOME, HOME, '198.51.100.7']) await attempt(ip, false, ip === HOME ? 'Alice' : 'alice');
    clock.advance({ minutes: 15 });

    await attempt(HOME, true, 'Alice');

    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, places: 1, takenBack: 2 });
    expect(await lockout.status({ ip: HOME })).to.include({ failures: 0, places: 0 });
  });

  it("forgives everything at any login of the owner if the option is 'all'", async () => {
    await start({ resetOnSuccess: 'all' });
    for (const ip of [HOME, '198.51.100.7']) await attempt(ip, false);

    await attempt('192.0.2.1', true);

    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, takenBack: 0 });
    expect(await lockout.status({ ip: HOME })).to.include({ failures: 1 });
  });
});
