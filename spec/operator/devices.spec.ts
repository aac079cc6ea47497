/** What applications and operators do with known devices, on each store. */
import { expect } from 'chai';
import { Lockout, LockoutConfigError, type LockoutOptions, type LockoutStore } from '../../lib/index.js';
import { bareRequest as browser, SECRET } from '../support/sites/browser.js';
import { freshLockout, KNOWING_DEVICES } from '../support/sites/fresh-lockout.js';
import { describeOnEachStore } from '../support/stores/each-store.js';
import type { ManualClock } from '../support/stores/manual-clock.js';
import { EventLog } from '../support/tools/events.js';

const OTHER_SECRET = 'signs them later, and is as long as that';
const ALICE = { username: 'alice' };

describeOnEachStore('Known devices', (stores) => {
  let clock: ManualClock;
  let store: LockoutStore;
  let lockout: Lockout;

  /** What another process, or the next version of the application, would have. */
  const create = (options: LockoutOptions) => new Lockout({ ...KNOWING_DEVICES, store, ...options });

  async function start(options: LockoutOptions = {}): Promise<void> {
    ({ clock, store, lockout } = await freshLockout(stores, options));
  }
  beforeEach(() => start());

  async function lock(username = 'alice'): Promise<void> {
    for (const ip of ['203.0.113.1', '203.0.113.2', '203.0.113.3']) {
      await lockout.protect({ username, ip }, () => false);
    }
  }
  const logIn = async (cookie: string, username = 'alice', by = lockout) =>
    (await by.protect({ username, req: browser(cookie) }, () => true)).outcome;

  describe('that are trusted', () => {
    it('get in although strangers have locked the name, and others do not', async () => {
      const cookie = await lockout.trustDevice(browser(), 'alice');
      await lock();

      expect(await logIn(cookie)).to.equal('succeeded');
      expect(await logIn('')).to.equal('refused');
    });

    it('are known by each spelling that is named, and by no other', async () => {
      const cookie = await lockout.trustDevice(browser(), ['Alice', 'alice@example.com']);
      await lock();
      await lock('alice@example.com');

      expect(await logIn(cookie, 'Alice')).to.equal('succeeded');
      expect(await logIn(cookie, 'alice@example.com')).to.equal('succeeded');
      expect(await logIn(cookie, 'alice')).to.equal('refused');
    });

    it('are known by all spellings of a name where registration keeps these apart', async () => {
      await start({ usernames: { unique: true } });
      const cookie = await lockout.trustDevice(browser(), 'Alice');
      await lock();

      expect(await logIn(cookie, 'ALICE')).to.equal('succeeded');
    });

    it('have a cookie to be set where the request shows no response, and none where it was set', async () => {
      const req = browser();
      expect(lockout.deviceCookie(req)).to.equal(undefined);
      const cookie = await lockout.trustDevice(req, 'alice');
      expect(lockout.deviceCookie(req)).to.equal(cookie);

      const headers = new Map<string, unknown>();
      const res = {
        getHeader: (name: string) => headers.get(name),
        setHeader: (name: string, value: unknown) => headers.set(name, value),
      };
      const shown = { headers: {}, res };
      expect(headers.get('Set-Cookie')).to.equal(undefined);
      expect(await lockout.trustDevice(shown, 'alice')).to.equal([headers.get('Set-Cookie')].flat()[0]);
      expect(lockout.deviceCookie(shown)).to.equal(undefined);
    });
  });

  describe('that are revoked', () => {
    it('are strangers until their next login', async () => {
      const cookie = await lockout.trustDevice(browser(), 'alice');
      await lockout.revokeDevices({ username: 'ALICE' });
      clock.advance({ ms: 1 });
      const req = browser(cookie);
      await lockout.protect({ username: 'alice', req }, () => true);
      await lock();

      expect(await logIn(cookie)).to.equal('refused');
      expect(await logIn(lockout.deviceCookie(req) as string)).to.equal('succeeded');
    });

    it('are known at once if they are trusted in the same millisecond', async () => {
      await lockout.revokeDevices(ALICE);
      const cookie = await lockout.trustDevice(browser(), 'alice');
      await lock();

      expect(await logIn(cookie)).to.equal('succeeded');
    });

    it('are all but the browser of the request that is spared', async () => {
      const other = await lockout.trustDevice(browser(), 'alice');
      const req = browser(await lockout.trustDevice(browser(), 'alice'));
      await lockout.revokeDevices({ username: 'alice', except: req });
      await lock();

      expect(await logIn(other)).to.equal('refused');
      expect(await logIn(lockout.deviceCookie(req) as string)).to.equal('succeeded');
    });

    for (const [what, act] of [
      ['an unblock', () => lockout.unblock(ALICE)],
      ['a reset', () => lockout.reset({ all: true })],
      ['a login elsewhere', () => lockout.protect({ username: 'alice', ip: '192.0.2.1' }, () => true)],
      ['a cleanup', () => lockout.cleanup()],
      ['300 days', async () => clock.advance({ days: 300 })],
    ] as const) {
      it(`stay revoked after ${what}`, async () => {
        const cookie = await lockout.trustDevice(browser(), 'alice');
        await lockout.revokeDevices(ALICE);
        await act();
        await lock();

        expect(await logIn(cookie)).to.equal('refused');
        expect((await lockout.devices('alice')).revokedAt).to.be.instanceOf(Date);
      });
    }

    it('are forgotten as revoked only by an erasure', async () => {
      await lockout.revokeDevices(ALICE);
      await lockout.erase(ALICE);

      expect((await lockout.devices('alice')).revokedAt).to.equal(null);
    });

    it('are revoked under both secrets of pseudonyms', async () => {
      const [current, previous] = ['pseudonyms of today, 32 characters', 'pseudonyms of before, 32 characters'];
      await start({ pseudonymize: previous });
      const cookie = await lockout.trustDevice(browser(), 'alice');
      await create({ pseudonymize: { current, previous } }).revokeDevices(ALICE);
      await lock();

      expect(await logIn(cookie)).to.equal('refused');
      expect((await create({ pseudonymize: current }).devices('alice')).revokedAt).to.be.instanceOf(Date);
    });
  });

  describe('after a changed password', () => {
    it('are revoked, but for the browser that changed it; and the name is free', async () => {
      const events = new EventLog(lockout);
      const thief = await lockout.trustDevice(browser(), 'alice');
      await lock();
      const cookie = await lockout.passwordChanged(browser(), 'alice', { by: 'password reset' });

      expect(events.of('unblocked').map(({ key, by }) => [key, by])).to.deep.equal([
        ['username=alice', 'password reset'],
      ]);
      await lock();
      expect(await logIn(thief)).to.equal('refused');
      expect(await logIn(cookie)).to.equal('succeeded');
    });
  });

  describe('that are listed', () => {
    it('are those that failed, with the date of the revocation', async () => {
      expect(await lockout.devices(' Alice ')).to.deep.equal({ username: 'alice', revokedAt: null, devices: [] });
      const cookie = await lockout.trustDevice(browser(), 'alice');
      await lockout.protect({ username: 'alice', req: browser(cookie) }, () => false);
      const { devices } = await lockout.devices('alice');

      expect(devices.map(({ dimension, failures }) => [dimension, failures])).to.deep.equal([['device+username', 1]]);
      await lockout.revokeDevices(ALICE);
      const { revokedAt } = await lockout.devices('alice');
      expect(Math.abs((revokedAt?.getTime() ?? 0) - clock.read())).to.be.at.most(1);
    });

    it('are found under pseudonyms', async () => {
      await start({ pseudonymize: 'a secret of more than thirty-two characters' });
      const cookie = await lockout.trustDevice(browser(), 'alice');
      await lockout.protect({ username: 'alice', req: browser(cookie) }, () => false);

      expect((await lockout.devices('alice')).devices).to.have.length(1);
      expect((await lockout.devices('bob')).devices).to.deep.equal([]);
    });
  });

  it('are known by each secret of a list, and given a token of the first', async () => {
    const cookie = await lockout.trustDevice(browser(), 'alice');
    await lock();
    const rotated = create({ secret: [OTHER_SECRET, SECRET] });
    const req = browser(cookie);

    expect((await rotated.protect({ username: 'alice', req }, () => true)).outcome).to.equal('succeeded');
    const after = create({ secret: OTHER_SECRET });
    expect(await logIn(cookie, 'alice', after)).to.equal('refused');
    expect(await logIn(rotated.deviceCookie(req) as string, 'alice', after)).to.equal('succeeded');
  });

  it('need a secret, and arguments that make sense', async () => {
    const calls: readonly ((by: Lockout) => Promise<unknown>)[] = [
      (by) => by.trustDevice(browser(), 'alice'),
      (by) => by.revokeDevices(ALICE),
      (by) => by.passwordChanged(browser(), 'alice'),
      (by) => by.devices('alice'),
    ];
    const wrong: readonly (() => Promise<unknown>)[] = [
      ...calls.map((call) => () => call(create({ secret: undefined }))),
      ...calls.map((call) => () => call(create({ knownDevices: false }))),
      () => lockout.trustDevice('alice' as never, 'alice'),
      () => lockout.trustDevice(browser(), []),
      () => lockout.trustDevice(browser(), ''),
      () => lockout.trustDevice(browser(), 7 as never),
      () => lockout.revokeDevices({} as never),
      () => lockout.revokeDevices({ username: 'alice', expect: browser() } as never),
      () => lockout.revokeDevices({ username: 'alice', except: 'me' as never }),
      () => lockout.passwordChanged(browser(), 'alice', { by: '' }),
      () => lockout.passwordChanged('alice' as never, 'alice'),
      () => lockout.passwordChanged(browser(), ['alice'] as never),
      () => lockout.devices(undefined as never),
    ];
    for (const call of wrong) {
      expect(await call().catch((error: unknown) => error), String(call)).to.be.instanceOf(LockoutConfigError);
    }
    expect((await lockout.devices('alice')).revokedAt, 'revoked by a wrong call').to.equal(null);
  });
});
