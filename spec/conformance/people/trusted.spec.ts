/** What makes a browser known beside a login, and what becomes of it when secrets, stores and clients change. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, type LockoutRequest, MemoryStore } from '../../../lib/index.js';
import { Browser, HOME, knownBrowser, lockByStrangers, SECRET } from '../../support/sites/browser.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { PATIENT } from '../../support/stores/patient.js';
import { SlowStore } from '../../support/stores/slow-store.js';
import { EventLog } from '../../support/tools/events.js';

const OPTIONS: LockoutOptions = { ...PATIENT, secret: SECRET, attemptLog: 'off', lockCacheTtl: { seconds: 0 } };
const NEW_SECRET = 'n'.repeat(40);

describeOnEachStore('A browser', (stores) => {
  let clock: ManualClock;
  let lockout: Lockout;
  let start: (options?: LockoutOptions) => Lockout;

  beforeEach(async () => {
    clock = new ManualClock();
    const store = await stores.fresh(clock.read);
    start = (options = {}) => new Lockout({ ...OPTIONS, store, ...options });
    lockout = start();
  });

  it('that is trusted after a proof of the owner gets in under an attack', async () => {
    await lockByStrangers(lockout, 'alice');
    const browser = new Browser(lockout);
    browser.keep(await lockout.trustDevice(browser.request(), 'alice'));

    expect(await browser.logsIn('alice')).to.equal('succeeded');
  });

  it('can be trusted for several spellings of a name at once', async () => {
    await lockByStrangers(lockout, 'alice');
    const browser = new Browser(lockout);
    browser.keep(await lockout.trustDevice(browser.request(), ['alice', 'Alice']));

    for (const spelling of ['alice', 'Alice']) expect(await browser.logsIn(spelling)).to.equal('succeeded');
    expect(await browser.logsIn('ALICE')).to.equal('refused');
  });

  it('that redeems an unlock link gets in, also if the name is locked again a moment later', async () => {
    await lockByStrangers(lockout, 'alice');
    const token = await lockout.createUnlockToken({ username: 'alice' });
    const browser = new Browser(lockout);
    const req = browser.request();
    expect(await lockout.redeemUnlockToken(token, { req })).to.include({ outcome: 'unlocked', trusted: true });
    browser.keep(lockout.deviceCookie(req));
    await lockByStrangers(lockout, 'alice');

    expect(await browser.logsIn('alice')).to.equal('succeeded');
  });

  it('that redeems it when the lock is over is trusted all the same, and an expired link trusts nobody', async () => {
    await lockByStrangers(lockout, 'alice');
    const token = await lockout.createUnlockToken({ username: 'alice' });
    clock.advance({ minutes: 20 });
    await lockByStrangers(lockout, 'alice');
    const browser = new Browser(lockout);
    const req = browser.request();
    expect(await lockout.redeemUnlockToken(token, { req })).to.deep.equal({ outcome: 'over', trusted: true });
    browser.keep(lockout.deviceCookie(req));
    expect(await browser.logsIn('alice')).to.equal('succeeded');

    clock.advance({ hours: 1 });
    const late = new Browser(lockout).request();
    expect(await lockout.redeemUnlockToken(token, { req: late })).to.deep.equal({ outcome: 'expired' });
    expect(lockout.deviceCookie(late)).to.equal(undefined);
  });

  it('is trusted by no link for an address', async () => {
    lockout = start({ tiers: { ip: [{ failures: 3, cooloff: { hours: 1 } }] } });
    for (const name of ['bob', 'carol', 'dave']) await new Browser(lockout).tries(name, false);
    const token = await lockout.createUnlockToken({ ip: HOME });
    const req = new Browser(lockout).request();

    expect(await lockout.redeemUnlockToken(token, { req })).to.include({ outcome: 'unlocked', trusted: false });
    expect(lockout.deviceCookie(req)).to.equal(undefined);
  });

  it('stays known through a change of the secret, by a new token at its next login, and not without the old one', async () => {
    const laptop = await knownBrowser(lockout, 'alice');
    await lockByStrangers(lockout, 'alice');
    const rotating = start({ secret: [NEW_SECRET, SECRET] });
    const old = laptop.cookie;
    const renewed = new Browser(rotating, { cookie: old });

    expect(await renewed.logsIn('alice')).to.equal('succeeded');
    expect(renewed.cookie).to.not.equal(old);
    const rotated = start({ secret: NEW_SECRET });
    expect(await new Browser(rotated, { cookie: renewed.cookie }).logsIn('alice')).to.equal('succeeded');
    expect(await new Browser(rotated, { cookie: old }).logsIn('alice')).to.equal('refused');
  });

  it('of an application whose cookie has another name is unknown, though store and secret are the same', async () => {
    const laptop = await knownBrowser(lockout, 'alice');
    await lockByStrangers(lockout, 'alice');
    const other = start({ knownDevices: { cookie: { name: 'other' } } });
    const cookie = laptop.cookie.replace('lockout_device', 'other');

    expect(await new Browser(other, { cookie }).logsIn('alice')).to.equal('refused');
  });

  it('without cookies is known by what read and write exchange', async () => {
    const given: string[] = [];
    lockout = start({
      knownDevices: {
        read: ({ headers }) => headers?.['x-device-token'] as string | undefined,
        write: (_req, value) => void given.push(value),
      },
    });
    const request = (): LockoutRequest => ({ ip: HOME, headers: { 'x-device-token': given.at(-1) ?? '' } });
    const logIn = async () => (await lockout.protect({ username: 'alice', req: request() }, () => true)).outcome;
    await logIn();
    await lockByStrangers(lockout, 'alice');

    expect(await logIn()).to.equal('succeeded');
    expect(given).to.have.length(1);
  });

  it('with tokens for five accounts forgets at the sixth the one that it was given first', async () => {
    const shared = new Browser(lockout);
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await shared.logsIn(name);
    for (const name of ['a', 'b', 'f']) await lockByStrangers(lockout, name);

    expect([await shared.logsIn('f'), await shared.logsIn('b'), await shared.logsIn('a')]).to.deep.equal([
      'succeeded',
      'succeeded',
      'refused',
    ]);
  });
});

describe('While a store fails, a known device', () => {
  it('is a stranger to the one that stands in, which has heard of no revocation', async () => {
    const store = new SlowStore({ clock: new ManualClock().read });
    const fallback = new MemoryStore({ clock: store.clock });
    const lockout = new Lockout({ ...OPTIONS, store, onStoreError: { fallback } });
    const events = new EventLog(lockout);
    const laptop = await knownBrowser(lockout, 'alice');
    store.failing = { reserve: 'reject', settle: 'reject' };
    await laptop.tries('alice', false);

    expect(events.of('attempt_failed').map(({ attempt }) => attempt.device)).to.deep.equal(['unknown']);
    expect(fallback.read('username=alice')).to.include({ failures: 1, verifying: 0 });
    const keys = fallback.list({ lockedOnly: false, cursor: null, limit: 100 } as never).records.map(({ key }) => key);
    expect(keys).to.deep.equal([`ip=${HOME}`, 'username=alice']);
  });

  it('is given no token if the verdict may not be told', async () => {
    const store = new SlowStore({ clock: new ManualClock().read });
    const lockout = new Lockout({ ...OPTIONS, store });
    store.failing = { settle: 'reject' };
    const browser = new Browser(lockout);

    expect(await browser.logsIn('alice')).to.equal('refused');
    expect(browser.cookie).to.equal('');
    store.failing = {};
    await lockout.close();
  });
});
