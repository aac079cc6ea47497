/** What operators are told of an attack: a spray from one address, far more failures than usual, the first lock of a day. */
import { expect } from 'chai';
import { useFakeTimers } from 'sinon';
import { Lockout, type LockoutOptions, type LockoutStore, MemoryStore } from '../../../lib/index.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { Browser, HOME, knownBrowser, lockByStrangers } from '../../support/sites/browser.js';
import { freshLockout, KNOWING_DEVICES } from '../../support/sites/fresh-lockout.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { MongoWorker } from '../../support/stores/mongo-worker.js';
import { EventLog } from '../../support/tools/events.js';

const ATTACKER = '198.51.100.7';
const names = (count: number, prefix = 'user') => Array.from({ length: count }, (_, index) => `${prefix} ${index}`);

describeOnEachStore('The event spray_detected', (stores) => {
  let clock: ManualClock;
  let store: LockoutStore;
  let lockout: Lockout;
  let events: EventLog;

  async function start(options: LockoutOptions = {}): Promise<void> {
    ({ clock, store, lockout, events } = await freshLockout(stores, options));
  }

  async function spray(usernames: readonly string[], attacker = new Browser(lockout, { ip: ATTACKER })): Promise<void> {
    for (const username of usernames) await attacker.tries(username, false);
  }

  it('comes at the tenth name that fails at one address, and once', async () => {
    await start();
    await spray(names(9));
    expect(events.count('spray_detected')).to.equal(0);

    await spray(['the tenth', ...names(10, 'more')]);
    expect(events.of('spray_detected')).to.deep.equal([
      {
        subject: { dimension: 'ip', parts: { ip: ATTACKER }, key: `ip=${ATTACKER}` },
        usernames: 10,
        failures: 10,
        attempt: events.of('attempt_failed')[9]?.attempt,
      },
    ]);
  });

  it('comes of names, not of failures or of spellings', async () => {
    await start({ tiers: { username: [{ failures: 100, cooloff: { minutes: 1 } }] } });
    for (let guess = 0; guess < 4; guess += 1) await spray(['alice', 'ALICE', 'Alice', 'bob']);

    expect(events.count('spray_detected')).to.equal(0);
  });

  it('does not count names that have logged in since, or that fail on known devices', async () => {
    await start();
    const office = names(9);
    const devices = await Promise.all(names(9, 'colleague').map((name) => knownBrowser(lockout, name)));
    await spray(office, new Browser(lockout));
    for (const name of office) await new Browser(lockout).logsIn(name);
    for (const [index, device] of devices.entries()) await device.tries(`colleague ${index}`, false);
    await spray(names(9, 'other'), new Browser(lockout));

    expect(events.count('spray_detected')).to.equal(0);
  });

  it('comes again after the number fell below half, and not before', async () => {
    await start();
    const usernames = names(10);
    await spray(usernames, new Browser(lockout));
    for (const name of usernames.slice(0, 5)) await new Browser(lockout).logsIn(name);
    await spray(usernames.slice(0, 5), new Browser(lockout));
    expect(events.count('spray_detected')).to.equal(1);

    for (const name of usernames.slice(0, 6)) await new Browser(lockout).logsIn(name);
    await spray(names(6, 'next'), new Browser(lockout));
    expect(events.count('spray_detected')).to.equal(2);
  });

  it('comes again on the day after, for the failures were forgotten', async () => {
    await start();
    await spray(names(10));
    clock.advance({ hours: 24 });
    await spray(names(10, 'next'));

    expect(events.count('spray_detected')).to.equal(2);
  });

  it('comes once of three lockouts that share a store', async () => {
    await start();
    const lockouts = [lockout, new Lockout({ ...KNOWING_DEVICES, store }), new Lockout({ ...KNOWING_DEVICES, store })];
    const logs = lockouts.map((one) => new EventLog(one));
    await Promise.all(
      names(24).map((name, index) => new Browser(lockouts[index % 3] as Lockout, { ip: ATTACKER }).tries(name, false)),
    );

    expect(logs.map((log) => log.count('spray_detected')).reduce((all, one) => all + one)).to.equal(1);
  });

  it('comes at another number of names, or never, as the option says', async () => {
    await start({ signals: { usernames: 3 } });
    await spray(names(3));
    expect(events.of('spray_detected').map(({ usernames }) => usernames)).to.deep.equal([3]);

    await start({ signals: false });
    await spray(names(20));
    expect(events.count('spray_detected')).to.equal(0);
  });

  it('never comes of names that are each tried from an address of their own', async () => {
    await start();
    for (const [index, name] of names(20).entries()) {
      await new Browser(lockout, { ip: `198.51.100.${index}` }).tries(name, false);
    }

    expect(events.count('spray_detected')).to.equal(0);
  });

  it('lets its listener block the address for everybody there', async () => {
    await start();
    const blocked = new Promise((resolve) => {
      lockout.on('spray_detected', ({ subject }) => {
        resolve(lockout.block(subject.parts, { for: { hours: 1 }, reason: 'spray' }));
      });
    });
    await spray(names(10));
    await blocked;

    expect(await lockout.status({ ip: ATTACKER })).to.include({ locked: true, reason: 'spray' });
  });
});

describeMongo('The event spray_detected in three processes', () => {
  it('comes in one of them, once', async () => {
    const database = await MongoDatabase.create();
    const workers = await Promise.all([1, 2, 3].map(() => MongoWorker.start(database, KNOWING_DEVICES)));
    await Promise.all(
      names(24).map((name, index) => (workers[index % 3] as MongoWorker).ask('attempt', name, false, ATTACKER)),
    );
    const counts = await Promise.all(
      workers.map(async (worker) => (await worker.ask('events'))['spray_detected'] ?? 0),
    );
    await Promise.all(workers.map((worker) => worker.stop()));
    await database.drop();

    expect(counts.sort()).to.deep.equal([0, 0, 1]);
  });
});

describe('The event attack_suspected', () => {
  let clock: ManualClock;
  let lockout: Lockout;
  let events: EventLog;

  function start(options: LockoutOptions = {}): void {
    clock = new ManualClock();
    lockout = new Lockout({ ...KNOWING_DEVICES, store: new MemoryStore({ clock: clock.read }), ...options });
    events = new EventLog(lockout);
  }

  beforeEach(() => start());
  afterEach(() => lockout.close());

  let strangers = 0;
  /** Failures at names and from addresses of their own. */
  async function fail(count: number, everyMs = 0): Promise<void> {
    for (let failure = 0; failure < count; failure += 1) {
      strangers += 1;
      const ip = `198.51.${Math.floor(strangers / 250) % 250}.${strangers % 250}`;
      await new Browser(lockout, { ip }).tries(`victim ${strangers}`, false);
      clock.advance({ ms: everyMs });
    }
  }
  const HOUR_MS = 3_600_000;

  it('never comes on a quiet day with ten failures an hour', async () => {
    await fail(240, HOUR_MS / 10);

    expect(events.count('attack_suspected')).to.equal(0);
  });

  it('comes with the twentieth failure within an hour where hardly any are usual', async () => {
    await fail(19, 60_000);
    expect(events.count('attack_suspected')).to.equal(0);

    await fail(1);
    expect(events.of('attack_suspected')).to.deep.equal([{ failures: 20, usual: 0, since: new Date(clock.read()) }]);
  });

  it('comes with five times the failures of the usual hour where more are usual', async () => {
    await fail(240, HOUR_MS / 10);
    clock.advance({ hours: 1 });
    events.all.length = 0;
    await fail(46);
    expect(events.count('attack_suspected')).to.equal(0);

    await fail(5);
    const [attack] = events.of('attack_suspected');
    expect(attack?.usual).to.be.within(9, 10);
    expect(attack?.failures).to.equal(Math.ceil(5 * (attack?.usual ?? 0)));
  });

  it('comes at most once an hour, however the failures go up and down', async () => {
    await fail(20);
    for (let quarter = 0; quarter < 3; quarter += 1) {
      clock.advance({ minutes: 15 });
      await fail(40);
    }

    expect(events.count('attack_suspected')).to.equal(1);
  });

  it('is followed by attack_over once less than half as many fail, with the time at which it was suspected', async () => {
    await fail(25);
    const since = events.of('attack_suspected')[0]?.since;
    clock.advance({ hours: 1, minutes: 5 });
    await fail(1);

    expect(events.of('attack_over')).to.deep.equal([{ failures: 1, usual: 25 / 24, since }]);
  });

  it('is followed by attack_over by itself if nobody fails any more', async () => {
    const timers = useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      start();
      await fail(20);
      clock.advance({ minutes: 30 });
      timers.tick(60_000);
      expect(events.count('attack_over')).to.equal(0);

      clock.advance({ minutes: 35 });
      timers.tick(60_000);
      expect(events.of('attack_over').map(({ failures }) => failures)).to.deep.equal([0]);
      expect(timers.countTimers()).to.equal(0);
    } finally {
      timers.restore();
    }
  });

  it('comes again for the next attack, when the hour is over', async () => {
    await fail(20);
    clock.advance({ hours: 1, minutes: 5 });
    await fail(1);
    await fail(20);

    expect(events.all.map(({ name }) => name).filter((name) => name.startsWith('attack_'))).to.deep.equal([
      'attack_suspected',
      'attack_over',
      'attack_suspected',
    ]);
  });

  it('does not come of repeats, nor of failures on known devices', async () => {
    for (const name of names(10)) {
      const device = await knownBrowser(lockout, name);
      for (let guess = 0; guess < 4; guess += 1) await device.tries(name, false);
    }
    for (let repeat = 0; repeat < 60; repeat += 1) {
      await new Browser(lockout).tries(`program ${repeat % 10}`, false, { password: 'old' });
    }

    expect(events.count('attack_suspected')).to.equal(0);
    expect(events.of('attempt_failed').filter(({ repeated }) => repeated)).to.have.length(50);
  });

  it('comes as the option says, or never', async () => {
    start({ signals: { newFailures: 5 } });
    await fail(5);
    expect(events.count('attack_suspected')).to.equal(1);

    start({ signals: false });
    await fail(50);
    expect(events.count('attack_suspected')).to.equal(0);
  });

  it('comes without a secret as well', async () => {
    lockout = new Lockout({ store: new MemoryStore({ clock: clock.read }) });
    events = new EventLog(lockout);
    await fail(20);

    expect(events.count('attack_suspected')).to.equal(1);
  });
});

describeOnEachStore('An event', (stores) => {
  let clock: ManualClock;
  let lockout: Lockout;
  let events: EventLog;

  beforeEach(async () => {
    ({ clock, lockout, events } = await freshLockout(stores));
  });

  const devices = () =>
    events.all.flatMap(({ name, payload }) => ('attempt' in payload ? [`${name} ${payload.attempt?.device}`] : []));

  it('says of each attempt whether its device is known', async () => {
    const laptop = await knownBrowser(lockout, 'alice');
    await laptop.tries('alice', false);
    await laptop.logsIn('alice');
    await lockByStrangers(lockout, 'alice');
    await new Browser(lockout).logsIn('alice');
    await lockout.block({ username: 'alice' }, { for: { hours: 1 } });
    await laptop.logsIn('alice');

    expect(devices()).to.deep.equal([
      'attempt_succeeded unknown',
      'attempt_failed known',
      'attempt_succeeded known',
      'attempt_failed unknown',
      'attempt_failed unknown',
      'attempt_failed unknown',
      'username_blocked unknown',
      'blocked unknown',
      'attempt_refused unknown',
      'attempt_refused known',
    ]);
  });

  it('says nothing of the device where no name is known, no request, or no jar for cookies', async () => {
    await lockout.protect({ req: new Browser(lockout).request() }, () => false);
    await lockout.protect({ username: 'alice', ip: HOME }, () => false);
    const request = { ...new Browser(lockout).request(), headers: { authorization: 'Basic YWxpY2U6eA==' } };
    await lockout.protect({ username: 'alice', req: request }, () => true);

    expect(devices()).to.deep.equal([
      'attempt_failed undefined',
      'attempt_failed undefined',
      'attempt_succeeded undefined',
    ]);
    expect(lockout.deviceCookie(request)).to.equal(undefined);
  });

  it('says of a lock whether it is the first of the name within 24 hours', async () => {
    for (let round = 0; round < 2; round += 1) {
      await lockByStrangers(lockout, 'alice');
      clock.advance({ hours: 2 });
    }
    clock.advance({ hours: 24 });
    await lockByStrangers(lockout, 'alice');

    expect(events.of('username_blocked').map(({ firstToday }) => firstToday)).to.deep.equal([true, false, true]);
  });

  it('says of a lock from how many places the failures came', async () => {
    await lockByStrangers(lockout, 'alice');
    for (let guess = 0; guess < 3; guess += 1) await new Browser(lockout, { ip: HOME }).tries('bob', false);

    expect(events.of('username_blocked').map(({ username, places }) => [username, places])).to.deep.equal([
      ['alice', 3],
      ['bob', 1],
    ]);
  });
});
