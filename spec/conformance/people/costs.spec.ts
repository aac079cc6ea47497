/** What known devices and repeats ask of a store: nothing without a secret, and no more steps for those who are known. */
import { expect } from 'chai';
import { Lockout } from '../../../lib/index.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { Browser, knownBrowser, SECRET } from '../../support/sites/browser.js';
import { CommandLog } from '../../support/stores/command-log.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { PATIENT } from '../../support/stores/patient.js';
import { SlowStore } from '../../support/stores/slow-store.js';
import { stillStore } from '../../support/stores/still-store.js';
import { EventLog } from '../../support/tools/events.js';

const LOCAL_COOKIE = { cookie: `__Host-lockout_device=${'x'.repeat(41)}A` } as const;

describe('Without a secret, a lockout', () => {
  it('sets no cookie, whatever the client shows', async () => {
    const lockout = new Lockout({ store: stillStore() });
    for (const browser of [new Browser(lockout), new Browser(lockout, LOCAL_COOKIE)]) {
      const { cookie } = browser;
      await browser.logsIn('alice');
      expect(browser.cookie).to.equal(cookie);
    }
  });

  it('asks a store for each subject that is counted, and for nothing else', async () => {
    const store = new SlowStore({ clock: new ManualClock().read });
    const lockout = new Lockout({ store });
    const browser = new Browser(lockout, LOCAL_COOKIE);
    await browser.logsIn('alice');
    await browser.tries('alice', false);
    await browser.tries('alice', false, { factor: 'second' });

    const subjects = (operation: string, verdict = '') =>
      ['username=alice', 'ip=203.0.113.1'].map((key) => `${operation} ${key}${verdict}`);
    expect(store.calls.slice(0, 8)).to.deep.equal([
      ...subjects('reserve'),
      ...subjects('settle', ' success'),
      ...subjects('reserve'),
      ...subjects('settle', ' failure'),
    ]);
  });

  it('counts the same wrong password each time, and says nothing of devices or repeats', async () => {
    const lockout = new Lockout({ store: stillStore() });
    const events = new EventLog(lockout);
    const browser = new Browser(lockout, LOCAL_COOKIE);
    await browser.logsIn('alice');
    for (let guess = 0; guess < 4; guess += 1) await browser.tries('alice', false, { password: 'the same' });

    expect(events.count('username_blocked')).to.equal(1);
    expect(events.all.filter(({ payload }) => 'repeated' in payload)).to.deep.equal([]);
    for (const { payload } of events.all) {
      if ('attempt' in payload) expect(payload.attempt).to.not.have.property('device');
    }
  });

  it('has events that say nothing of devices', async () => {
    const lockout = new Lockout({ store: stillStore() });
    const events = new EventLog(lockout);
    await lockout.protect({ username: 'alice', ip: '203.0.113.9', action: 'local' }, () => false);

    expect(events.all).to.deep.equal([
      {
        name: 'attempt_failed',
        payload: {
          attempt: {
            username: 'alice',
            ip: '203.0.113.9',
            address: '203.0.113.9',
            userAgent: undefined,
            method: undefined,
            path: undefined,
            action: 'local',
          },
          subjects: [
            { dimension: 'username', parts: { username: 'alice' }, key: 'username=alice', failures: 1, limit: 3 },
            { dimension: 'ip', parts: { ip: '203.0.113.9' }, key: 'ip=203.0.113.9', failures: 1, limit: 30 },
          ],
        },
      },
    ]);
  });
});

/** What is done with a browser, and how: a login, a wrong password, one that was tried before. */
const ATTEMPTS: readonly (readonly [what: string, act: (browser: Browser) => Promise<string>])[] = [
  ['a login', (browser) => browser.logsIn('alice')],
  ['a wrong password', (browser) => browser.tries('alice', false)],
  ['a wrong password that comes again', (browser) => browser.tries('alice', false, { password: 'old' })],
];

describe('On an asynchronous store, a known device', () => {
  /** In how many turns the store was asked. What is asked before anything is answered is one. */
  function countingStore() {
    let turn = 0;
    const turns = new Set<number>();
    const store = new SlowStore({ clock: new ManualClock().read }, () => {
      turns.add(turn);
      return new Promise((resolve) => {
        setImmediate(() => {
          turn += 1;
          resolve();
        });
      });
    });
    const take = () => {
      const count = turns.size;
      turns.clear();
      return count;
    };
    return { store, take };
  }

  for (const [what, act] of ATTEMPTS) {
    it(`needs no more round trips than an unknown one for ${what}`, async () => {
      const { store, take } = countingStore();
      const lockout = new Lockout({ store, secret: SECRET });
      const known = await knownBrowser(lockout, 'alice');
      for (const browser of [known, new Browser(lockout)]) await browser.tries('alice', false, { password: 'old' });

      take();
      await act(new Browser(lockout));
      const ofUnknown = take();
      await act(known);
      const ofKnown = take();

      expect(ofUnknown).to.be.within(2, 3);
      expect(ofKnown).to.be.at.most(ofUnknown);
    });
  }

  it('is asked for twice on two subjects and looked at on two others', async () => {
    const store = new SlowStore({ clock: new ManualClock().read });
    const lockout = new Lockout({ store, secret: SECRET });
    const known = await knownBrowser(lockout, 'alice');
    store.calls.length = 0;
    await known.logsIn('alice');

    expect(store.calls.map((call) => call.replace(/device=[^&+ ]*/, 'device=ID'))).to.have.lengthOf(6);
    expect([store.count('reserve'), store.count('settle')]).to.deep.equal([4, 2]);
  });
});

describeMongo('On MongoDB, a known device', () => {
  let database: MongoDatabase;
  beforeEach(async () => {
    database = await MongoDatabase.create();
  });
  afterEach(() => database.drop());

  /** What is sent while nothing is awaited begins a round. */
  function roundsOf(order: readonly string[]): number {
    let rounds = 0;
    let awaited = 0;
    for (const entry of order) {
      if (entry.startsWith('answered')) awaited -= 1;
      else {
        if (awaited === 0) rounds += 1;
        awaited += 1;
      }
    }
    return rounds;
  }

  for (const [what, act] of ATTEMPTS) {
    it(`needs no more rounds at the wire than an unknown one for ${what}`, async () => {
      const lockout = new Lockout({ ...PATIENT, store: database.store(), secret: SECRET, attemptLog: 'off' });
      const known = await knownBrowser(lockout, 'alice');
      for (const browser of [known, new Browser(lockout)]) await browser.tries('alice', false, { password: 'old' });
      const commands = new CommandLog(database.connection);
      const roundsFor = async (browser: Browser) => {
        commands.take();
        await act(browser);
        return roundsOf(commands.order);
      };

      const ofUnknown = await roundsFor(new Browser(lockout));
      expect(await roundsFor(known)).to.be.at.most(ofUnknown);
    });
  }
});
