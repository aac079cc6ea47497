/** Many attempts of one known device at the same moment, in one process and in three. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Lockout, type LockoutOptions, MemoryStore } from '../../../lib/index.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { Browser, knownBrowser, lockByStrangers, SECRET } from '../../support/sites/browser.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { MongoWorker } from '../../support/stores/mongo-worker.js';
import { PATIENT } from '../../support/stores/patient.js';
import { SlowStore } from '../../support/stores/slow-store.js';
import { until } from '../../support/tools/until.js';

const OPTIONS: LockoutOptions = { ...PATIENT, secret: SECRET, attemptLog: 'off', busyTimeout: { minutes: 1 } };
const strangers = (lockout: Lockout, count: number) =>
  Array.from({ length: count }, (_, index) => new Browser(lockout, { ip: `198.51.100.${100 + index}` }));
const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

describeOnEachStore('At once from one known device,', (stores) => {
  let lockout: Lockout;
  let laptop: Browser;

  beforeEach(async () => {
    lockout = new Lockout({ ...OPTIONS, store: await stores.fresh() });
    laptop = await knownBrowser(lockout, 'alice');
  });

  it('10 of 60 wrong guesses are verified while strangers have locked the name', async () => {
    await lockByStrangers(lockout, 'alice');
    const outcomes = await Promise.all(Array.from({ length: 60 }, () => laptop.tries('alice', false)));

    // The failure that locks is told as such.
    expect(outcomes.filter((outcome) => outcome !== 'refused')).to.have.length(10);
  });

  it('60 right logins all pass while ten others keep the name locked', async () => {
    await lockByStrangers(lockout, 'alice');
    const outcomes = await Promise.all([
      ...strangers(lockout, 10).map((stranger) => stranger.tries('alice', false)),
      ...Array.from({ length: 60 }, () => laptop.logsIn('alice')),
    ]);

    expect(outcomes).to.deep.equal([...Array(10).fill('refused'), ...Array(60).fill('succeeded')]);
  });

  it('60 right logins all pass while ten others are locking the name', async () => {
    const logins = Array.from({ length: 60 }, () => laptop.logsIn('alice'));
    await Promise.all(strangers(lockout, 10).map((stranger) => stranger.tries('alice', false)));

    expect(await Promise.all(logins)).to.deep.equal(Array(60).fill('succeeded'));
    expect((await lockout.status({ username: 'alice' })).locked).to.equal(true);
  });
});

describe('While strangers keep every slot of the name busy, and others wait for one,', () => {
  const HARD_STOPS: readonly (readonly [what: string, options: LockoutOptions])[] = [
    ['', {}],
    [', with a hard stop', { hardStop: { failures: 100 } }],
  ];
  for (const [what, options] of HARD_STOPS) {
    it(`60 right logins from a known device all pass, without waiting${what}`, async () => {
      const store = new SlowStore({ clock: new ManualClock().read });
      const lockout = new Lockout({ ...OPTIONS, ...options, store });
      const laptop = await knownBrowser(lockout, 'alice');
      store.calls.length = 0;
      let judge = () => {};
      const judged = new Promise<boolean>((resolve) => {
        judge = () => resolve(false);
      });
      const guesses = strangers(lockout, 10).map((stranger) => stranger.answers('alice', () => judged));
      // All have asked, and those that got no slot again.
      await until(() => store.count('reserve', 'username=alice') > 10);

      const outcomes: string[] = [];
      const logins = Array.from({ length: 60 }, async () => outcomes.push(await laptop.logsIn('alice')));
      // The store answers in a microtask, so that whoever need not wait is through in a few turns.
      for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      const beforeTheyWereJudged = [...outcomes];
      judge();
      await Promise.all([...logins, ...guesses]);

      expect(beforeTheyWereJudged).to.deep.equal(Array(60).fill('succeeded'));
      expect((await lockout.status({ username: 'alice' })).locked).to.equal(true);
    });
  }
});

describe('After an attempt that took long and was not judged,', () => {
  it('a stranger gets in at the address where a known device has logged in meanwhile', async () => {
    const timers = sinon.useFakeTimers();
    try {
      const lockout = new Lockout({ ...OPTIONS, store: new MemoryStore(), busyTimeout: { seconds: 5 } });
      const laptop = await knownBrowser(lockout, 'alice');
      const long = new Browser(lockout).answers('alice', async () => {
        await new Promise((resolve) => setTimeout(resolve, 10_000));
        throw new TypeError('the directory hangs up');
      });
      long.catch(() => {});
      await timers.tickAsync(9_000);
      expect(await laptop.logsIn('alice')).to.equal('succeeded');
      await timers.tickAsync(10_000);

      const login = new Browser(lockout).logsIn('alice');
      await timers.tickAsync(6_000);
      expect(await login).to.equal('succeeded');
      await lockout.close();
    } finally {
      timers.restore();
    }
  });
});

describeMongo('At once from one known device, in three processes,', () => {
  let database: MongoDatabase;
  let lockout: Lockout;
  let workers: readonly MongoWorker[];
  let cookie: string;

  beforeEach(async () => {
    database = await MongoDatabase.create();
    lockout = new Lockout({ ...OPTIONS, store: database.store() });
    ({ cookie } = await knownBrowser(lockout, 'alice'));
    workers = await Promise.all(
      [1, 2, 3].map(() => MongoWorker.start(database, { ...OPTIONS, dimensions: ['username'] })),
    );
  });

  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await lockout.close();
    await database.drop();
  });

  const burst = (size: number, isRight: boolean) =>
    Promise.all(
      workers.map((worker) => worker.ask('burst', 'alice', size, isRight, cookie === undefined ? {} : { cookie })),
    );

  it('10 of 60 wrong guesses are verified while strangers have locked the name', async () => {
    await lockByStrangers(lockout, 'alice');

    expect(sum((await burst(20, false)).map(({ verified }) => verified))).to.equal(10);
  });

  it('13 of 60 wrong guesses are verified at most if the name is open, to which a locked device is a stranger', async () => {
    expect(sum((await burst(20, false)).map(({ verified }) => verified))).to.be.within(10, 13);
    const { devices } = await lockout.devices('alice');
    expect(devices.map(({ failures, locked }) => [failures, locked])).to.deep.equal([[10, true]]);
  });

  it('60 right logins all pass while strangers keep the name locked', async () => {
    await lockByStrangers(lockout, 'alice');
    const [logins] = await Promise.all([
      burst(20, true),
      ...strangers(lockout, 10).map((stranger) => stranger.tries('alice', false)),
    ]);

    expect(logins.map(({ outcomes }) => outcomes)).to.deep.equal(Array(3).fill({ succeeded: 20 }));
  });

  it('a device that one of them revokes is a stranger to all of them', async () => {
    await lockByStrangers(lockout, 'alice');
    await lockout.revokeDevices({ username: 'alice' });

    expect((await burst(2, true)).map(({ outcomes }) => outcomes)).to.deep.equal(Array(3).fill({ refused: 2 }));
  });
});
