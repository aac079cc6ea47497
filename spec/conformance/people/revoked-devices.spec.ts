/** What was revoked stays worthless, whatever happens to the account; and what is trusted from then on is worth something. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, type LockoutStore, MemoryStore } from '../../../lib/index.js';
import { MongoStore } from '../../../lib/stores/mongo/index.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { Browser, knownBrowser, lockByStrangers, SECRET } from '../../support/sites/browser.js';
import { freshLockout, KNOWING_DEVICES } from '../../support/sites/fresh-lockout.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';

const OFFICE = '192.0.2.5';
const ALICE = { username: 'alice' } as const;

const lockoutOn = (store: LockoutStore, options: LockoutOptions = {}) =>
  new Lockout({ ...KNOWING_DEVICES, store, ...options });

describeOnEachStore('A device that was revoked', (stores) => {
  let clock: ManualClock;
  let lockout: Lockout;
  let laptop: Browser;

  async function start(options: LockoutOptions = {}): Promise<void> {
    ({ clock, lockout } = await freshLockout(stores, options));
    laptop = await knownBrowser(lockout, 'alice');
  }

  /** Whether a browser is known, as the cookie that it has now: its login must not give it another one. */
  async function isKnown({ cookie }: Browser): Promise<boolean> {
    await lockByStrangers(lockout, 'alice');
    return (await new Browser(lockout, { cookie }).logsIn('alice')) === 'succeeded';
  }

  const AFTERWARDS: readonly (readonly [what: string, act: () => unknown])[] = [
    ['nothing else', () => {}],
    [
      'a block and an unblock',
      async () => {
        await lockout.block(ALICE, { for: { hours: 1 } });
        await lockout.unblock(ALICE);
      },
    ],
    ['a reset', () => lockout.reset(ALICE)],
    ['a reset of everything', () => lockout.reset({ all: true })],
    ["a login of the owner's phone", () => knownBrowser(lockout, 'alice', OFFICE)],
    [
      'failures and their end',
      async () => {
        for (let guess = 0; guess < 5; guess += 1) await laptop.tries('alice', false);
        clock.advance({ days: 8 });
      },
    ],
    [
      'a cleanup',
      async () => {
        clock.advance({ days: 8 });
        await lockout.cleanup();
      },
    ],
    ['364 days', () => clock.advance({ days: 364 })],
  ];
  for (const [what, act] of AFTERWARDS) {
    it(`stays worthless after ${what}`, async () => {
      await start();
      await lockout.revokeDevices({ username: 'Alice' });
      await act();

      expect(await isKnown(laptop)).to.equal(false);
    });
  }

  it('stays worthless if its login was under way at the revocation', async () => {
    await start();
    const browser = new Browser(lockout, { ip: OFFICE });
    await browser.answers('alice', () => lockout.revokeDevices(ALICE).then(() => true));

    expect(browser.cookie).to.not.equal('');
    expect(await isKnown(browser)).to.equal(false);
  });

  it('counts as a stranger, also for its wrong passwords', async () => {
    await start();
    await lockout.revokeDevices(ALICE);
    await laptop.tries('alice', false);

    expect(await lockout.status(ALICE)).to.include({ failures: 1, verifying: 0 });
    expect((await lockout.list({ locked: false, dimension: 'device+username' })).items).to.deep.equal([]);
    expect((await lockout.list({ locked: false, dimension: 'devices+username' })).items).to.deep.equal([]);
  });

  it('is known again after its next login', async () => {
    await start();
    await lockout.revokeDevices(ALICE);
    clock.advance({ ms: 1 });
    await laptop.logsIn('alice');

    expect(await isKnown(laptop)).to.equal(true);
  });

  it('is known again if it is trusted in the same second', async () => {
    await start();
    await lockout.revokeDevices(ALICE);
    laptop.keep(await lockout.trustDevice(laptop.request(), 'alice'));

    expect(await isKnown(laptop)).to.equal(true);
  });

  it('is not the one of the request that is spared', async () => {
    await start();
    const phone = await knownBrowser(lockout, 'alice', OFFICE);
    const request = laptop.request();
    await lockout.revokeDevices({ username: 'alice', except: request });
    laptop.keep(lockout.deviceCookie(request));

    expect([await isKnown(laptop), await isKnown(phone)]).to.deep.equal([true, false]);
  });

  it('is not that of another account', async () => {
    await start();
    await laptop.logsIn('bob');
    await lockout.revokeDevices(ALICE);
    await lockByStrangers(lockout, 'bob');

    expect(await laptop.logsIn('bob')).to.equal('succeeded');
  });

  it('is one of the other devices after passwordChanged, which frees the name and trusts the browser of the request', async () => {
    await start();
    const phone = await knownBrowser(lockout, 'alice', OFFICE);
    await lockByStrangers(lockout, 'alice');
    laptop.keep(await lockout.passwordChanged(laptop.request(), 'alice'));

    expect(await lockout.status(ALICE)).to.include({ locked: false, failures: 0 });
    expect([await isKnown(laptop), await isKnown(phone)]).to.deep.equal([true, false]);
  });

  it('can be worth something again only after erase', async () => {
    await start();
    await lockout.revokeDevices(ALICE);
    await lockout.erase(ALICE);

    expect(await isKnown(laptop)).to.equal(true);
  });

  for (const pseudonymize of [SECRET.toUpperCase(), { current: 'x'.repeat(40), previous: 'y'.repeat(40) }]) {
    it(`stays worthless with ${typeof pseudonymize === 'string' ? 'pseudonyms' : 'pseudonyms whose secret is being changed'}`, async () => {
      await start({ pseudonymize });
      await lockout.revokeDevices(ALICE);

      expect(await isKnown(laptop)).to.equal(false);
    });
  }

  it('shows by its date in devices()', async () => {
    await start();
    expect(await lockout.devices('Alice')).to.deep.equal({ username: 'alice', revokedAt: null, devices: [] });
    await laptop.tries('alice', false);
    await lockout.revokeDevices(ALICE);

    const { revokedAt, devices } = await lockout.devices('alice');
    expect(revokedAt?.getTime()).to.equal(clock.read() + 1);
    expect(devices.map(({ failures }) => failures)).to.deep.equal([1]);
  });
});

describe('A device that was revoked, in a memory store that is full,', () => {
  it('stays worthless, whatever names are tried', async () => {
    const lockout = lockoutOn(new MemoryStore({ clock: new ManualClock().read, maxSubjects: 20 }), {
      dimensions: ['username'],
    });
    const laptop = await knownBrowser(lockout, 'alice');
    await lockout.revokeDevices(ALICE);
    for (let name = 0; name < 200; name += 1) await new Browser(lockout).tries(`user ${name}`, false);
    await lockByStrangers(lockout, 'alice');

    expect(await laptop.logsIn('alice')).to.equal('refused');
  });
});

describeMongo('A device that was revoked, on MongoDB,', () => {
  let database: MongoDatabase;
  beforeEach(async () => {
    database = await MongoDatabase.create();
  });
  afterEach(() => database.drop());

  it('stays worthless after a restart of the application', async () => {
    const before = lockoutOn(new MongoStore(database.connect()));
    const { cookie } = await knownBrowser(before, 'alice');
    await before.revokeDevices(ALICE);
    await before.close();

    const after = lockoutOn(new MongoStore(database.connect()));
    await lockByStrangers(after, 'alice');
    expect(await new Browser(after, { cookie }).logsIn('alice')).to.equal('refused');
    await after.close();
  });
});
