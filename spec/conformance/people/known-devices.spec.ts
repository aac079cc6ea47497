/** Whoever has logged in before gets in, whatever strangers have locked; and what holds for known devices all the same. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, presets } from '../../../lib/index.js';
import { Browser, HOME, knownBrowser, lockByStrangers, SECRET } from '../../support/sites/browser.js';
import { freshLockout } from '../../support/sites/fresh-lockout.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';
import type { ManualClock } from '../../support/stores/manual-clock.js';
import { PATIENT } from '../../support/stores/patient.js';
import type { EventLog } from '../../support/tools/events.js';

const OFFICE = '192.0.2.5';

describeOnEachStore('A known device', (stores) => {
  let clock: ManualClock;
  let lockout: Lockout;
  let events: EventLog;
  let laptop: Browser;

  async function start(options: LockoutOptions = {}): Promise<void> {
    ({ clock, lockout, events } = await freshLockout(stores, options));
    laptop = await knownBrowser(lockout, 'alice');
  }

  it('gets in while strangers have locked the name, which keeps a stranger with the right password out', async () => {
    await start();
    await lockByStrangers(lockout, 'alice');

    expect(await laptop.logsIn('alice')).to.equal('succeeded');
    expect(await new Browser(lockout).logsIn('alice')).to.equal('refused');
  });

  it('gets in while its address is locked by the ladder', async () => {
    await start({ tiers: { ip: [{ failures: 3, cooloff: { hours: 1 } }] } });
    for (const name of ['bob', 'carol', 'dave']) await new Browser(lockout).tries(name, false);

    expect(await new Browser(lockout).logsIn('erin')).to.equal('refused');
    expect(await laptop.logsIn('alice')).to.equal('succeeded');
  });

  it('gets in from any address, for the device is known and not the place', async () => {
    await start();
    await lockByStrangers(lockout, 'alice');

    expect(await laptop.logsIn('alice', { ip: OFFICE })).to.equal('succeeded');
  });

  it('is no key to another account, nor to another spelling of the name', async () => {
    await start();
    for (const name of ['alice', 'bob']) await lockByStrangers(lockout, name);

    expect(await laptop.logsIn('bob')).to.equal('refused');
    expect(await laptop.logsIn('ALICE')).to.equal('refused');
  });

  it('is forgotten after maxAge, and not before', async () => {
    await start({ knownDevices: { maxAge: { days: 30 } } });
    await lockout.block({ username: 'nobody' }, { for: { days: 60 } });
    clock.advance({ days: 30 });
    await lockByStrangers(lockout, 'alice');
    const stale = new Browser(lockout, { cookie: laptop.cookie });

    expect(await laptop.logsIn('alice')).to.equal('succeeded');
    clock.advance({ ms: 1 });
    expect(await stale.logsIn('alice')).to.equal('refused');
  });

  it('is renewed by a login on the next day, under the same id, and by no other login', async () => {
    await start();
    const first = laptop.cookie;
    clock.advance({ hours: 23, minutes: 59 });
    await laptop.logsIn('alice');
    expect(laptop.cookie).to.equal(first);

    clock.advance({ minutes: 1 });
    await laptop.logsIn('alice');
    expect(laptop.cookie).to.not.equal(first);
    const idOf = (cookie: string) => (cookie.split('=')[1] as string).slice(0, 12);
    expect(idOf(laptop.cookie)).to.equal(idOf(first));
  });

  it('counts its wrong passwords on itself and on all devices of the name, and nowhere else', async () => {
    await start();
    for (let guess = 0; guess < 9; guess += 1) await laptop.tries('alice', false);

    const { items } = await lockout.list({ locked: false });
    expect(items.map(({ dimension, failures }) => [dimension, failures])).to.have.deep.members([
      ['device+username', 9],
      ['devices+username', 9],
    ]);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
    expect(await lockout.status({ ip: HOME })).to.include({ failures: 0, verifying: 0 });
  });

  it('counts as unknown once ten wrong passwords have locked it, and no other device does', async () => {
    await start();
    const phone = await knownBrowser(lockout, 'alice', OFFICE);
    for (let guess = 0; guess < 10; guess += 1) await laptop.tries('alice', false);

    expect(events.of('blocked').map(({ dimension, failures }) => [dimension, failures])).to.deep.equal([
      ['device+username', 10],
    ]);
    expect(events.count('username_blocked')).to.equal(0);
    expect(await laptop.logsIn('alice')).to.equal('succeeded');
    expect(events.of('attempt_succeeded').at(-1)?.attempt.device).to.equal('unknown');
    await lockByStrangers(lockout, 'alice');
    expect(await phone.logsIn('alice')).to.equal('succeeded');
  });

  it('is refused like a stranger once it is locked, while strangers have locked the name', async () => {
    await start();
    for (let guess = 0; guess < 10; guess += 1) await laptop.tries('alice', false);
    await lockByStrangers(lockout, 'alice');

    expect(await laptop.logsIn('alice')).to.equal('refused');
    expect(events.of('attempt_refused').at(-1)?.refusedBy).to.include({ dimension: 'username' });
  });

  it('forgives nothing at the name or the address by a success', async () => {
    await start();
    await new Browser(lockout, { ip: HOME }).tries('alice', false);
    await new Browser(lockout, { ip: OFFICE }).tries('alice', false);

    await laptop.logsIn('alice');

    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 2, takenBack: 0 });
    expect(await lockout.status({ ip: HOME })).to.include({ failures: 1 });
  });

  it("takes back its own typing errors by a success, and another device's not", async () => {
    await start();
    const phone = await knownBrowser(lockout, 'alice', OFFICE);
    for (const browser of [laptop, laptop, phone]) await browser.tries('alice', false);

    await laptop.logsIn('alice');

    const { items } = await lockout.list({ locked: false });
    expect(items.map(({ dimension, failures }) => [dimension, failures])).to.have.deep.members([
      ['device+username', 1],
      ['devices+username', 1],
    ]);
  });

  it("is refused by an operator's block of the name, and by one of the address", async () => {
    await start();
    await lockout.block({ username: 'alice' }, { for: { hours: 1 } });
    expect(await laptop.logsIn('alice')).to.equal('refused');
    await lockout.unblock({ username: 'alice' });
    expect(await laptop.logsIn('alice')).to.equal('succeeded');

    await lockout.block({ ip: HOME }, { for: { hours: 1 } });
    expect(await laptop.logsIn('alice')).to.equal('refused');
    expect(await laptop.logsIn('alice', { ip: OFFICE })).to.equal('succeeded');
  });

  it('is refused by deny, and by restrictTo', async () => {
    await start();
    const { cookie } = laptop;
    const store = await stores.fresh(clock.read);
    for (const lists of [{ deny: { usernames: ['alice'] } }, { restrictTo: { ips: [OFFICE] } }]) {
      const strict = new Lockout({ ...PATIENT, store, secret: SECRET, attemptLog: 'off', ...lists });
      expect(await new Browser(strict, { cookie }).logsIn('alice'), JSON.stringify(lists)).to.equal('refused');
    }
  });

  it('is refused by the hard stop, to which its own wrong passwords lead as well', async () => {
    await start({ hardStop: { failures: 5 }, tiers: { username: [{ failures: 100, cooloff: { minutes: 1 } }] } });
    for (let guess = 0; guess < 4; guess += 1) await laptop.tries('alice', false);
    await new Browser(lockout, { ip: OFFICE }).tries('alice', false);

    expect(events.of('username_blocked').map(({ cause }) => cause)).to.deep.equal(['hardStop']);
    expect(await laptop.logsIn('alice')).to.equal('refused');
  });

  it("ends the hard stop's row by a success, also while the ladder has locked the name, which stays locked", async () => {
    await start({ ...presets.nist });
    for (let round = 0; round < 40; round += 1) {
      await lockByStrangers(lockout, 'alice');
      expect(await laptop.logsIn('alice'), `in round ${round}`).to.equal('succeeded');
      expect(await lockout.status({ username: 'alice' })).to.include({ locked: true });
      clock.advance({ hours: 1 });
    }

    expect(events.of('username_blocked').filter(({ cause }) => cause === 'hardStop')).to.deep.equal([]);
  });

  it('can be looked at, freed and erased by its id', async () => {
    await start();
    for (let guess = 0; guess < 10; guess += 1) await laptop.tries('alice', false);
    const [status] = (await lockout.devices('alice')).devices;
    const device = { device: status?.parts['device'] as string, username: 'alice' };
    expect(laptop.cookie).to.include(`=${device.device}`);

    expect(await lockout.status(device)).to.include({ failures: 10, locked: true });
    expect(await lockout.unblock(device)).to.equal(true);
    await laptop.logsIn('alice');
    expect(events.of('attempt_succeeded').at(-1)?.attempt.device).to.equal('known');

    await laptop.tries('alice', false);
    await lockout.erase({ username: 'alice' });
    expect((await lockout.list({ locked: false })).items).to.deep.equal([]);
  });

  it('is trusted in monitor mode, so that it is known on the day on which enforcement begins', async () => {
    await start({ mode: 'monitor' });

    expect(laptop.cookie).to.match(/^__Host-lockout_device=[\w-]{42}$/);
  });

  it('is not trusted after half a login', async () => {
    await start();
    const browser = new Browser(lockout);
    await browser.logsIn('alice', { resetOnSuccess: false });

    expect(browser.cookie).to.equal('');
  });
});
