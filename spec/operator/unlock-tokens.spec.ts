/** Links by which people free themselves, on each store. */
import { expect } from 'chai';
import { Lockout, LockoutConfigError, type LockoutOptions, type LockoutStore } from '../../lib/index.js';
import { bareRequest as browser, SECRET } from '../support/sites/browser.js';
import { freshLockout, KNOWING_DEVICES } from '../support/sites/fresh-lockout.js';
import { describeOnEachStore } from '../support/stores/each-store.js';
import type { ManualClock } from '../support/stores/manual-clock.js';
import { PATIENT } from '../support/stores/patient.js';
import type { EventLog } from '../support/tools/events.js';

const OTHER_SECRET = 'another secret, which is also long enough';
const OF_NAMES: LockoutOptions = { dimensions: ['username'] };
const ALICE = { username: 'alice' };

describeOnEachStore('Unlock tokens', (stores) => {
  let clock: ManualClock;
  let store: LockoutStore;
  let lockout: Lockout;
  let events: EventLog;

  async function start(options: LockoutOptions = {}): Promise<void> {
    ({ clock, store, lockout, events } = await freshLockout(stores, { ...OF_NAMES, ...options }));
  }

  /** What another process would have. */
  const create = (options: LockoutOptions = {}) => new Lockout({ ...KNOWING_DEVICES, ...OF_NAMES, store, ...options });

  beforeEach(() => start());

  async function lock(username = 'alice'): Promise<void> {
    for (let index = 0; index < 3; index += 1) await lockout.protect({ username }, () => false);
  }
  async function tokenFor(username = 'alice'): Promise<string> {
    await lock(username);
    return (await lockout.createUnlockToken({ username })) as string;
  }
  const redeem = async (token: unknown, by = lockout) => (await by.redeemUnlockToken(token)).outcome;
  const isLocked = async () => (await lockout.status(ALICE)).locked;

  it('free their subject once, forget its failures, and name an unlock link as the actor', async () => {
    const token = await tokenFor();
    const subject = { dimension: 'username', parts: { username: 'alice' }, key: 'username=alice' };

    expect(await lockout.redeemUnlockToken(token, { by: 'unlock link' })).to.deep.equal({
      outcome: 'unlocked',
      subject,
      trusted: false,
    });

    expect(await lockout.status(ALICE)).to.include({ locked: false, failures: 0 });
    expect(events.of('unblocked')).to.deep.equal([{ ...subject, failures: 3, by: 'unlock link', reason: null }]);
    expect(await redeem(token)).to.equal('over');
    expect(events.count('unblocked')).to.equal(1);
  });

  it('let a login through at once, even in a process that has seen the lock', async () => {
    await start({ lockCacheTtl: '1m' });
    const token = await tokenFor();
    expect((await lockout.protect(ALICE, () => true)).outcome).to.equal('refused');
    await redeem(token);
    expect((await lockout.protect(ALICE, () => true)).outcome).to.equal('succeeded');
  });

  it('work once when several processes redeem at the same time', async () => {
    const token = await tokenFor();
    const processes = Array.from({ length: 8 }, () => create());
    const outcomes = await Promise.all(processes.map((other) => redeem(token, other)));
    expect(outcomes.toSorted()).to.deep.equal([...Array(7).fill('over'), 'unlocked']);
  });

  it('do not lift a later lock, whatever ended the first', async () => {
    const ends: readonly (() => Promise<unknown>)[] = [
      () => lockout.unblock(ALICE),
      () => lockout.reset({ all: true }),
      () => lockout.erase(ALICE),
      async () => clock.advance({ minutes: 15 }),
    ];
    for (const end of ends) {
      await start({ tiers: [{ failures: 3, cooloff: { minutes: 15 } }] });
      const token = await tokenFor();
      await end();
      await lock();
      expect(await redeem(token)).to.equal('over');
      expect(await isLocked()).to.equal(true);
    }
  });

  it('do not lift a later lock until reset, although both locks end at the same time: never', async () => {
    await start({ tiers: [{ failures: 3, cooloff: 'forever' }] });
    const token = await tokenFor();
    await lockout.unblock(ALICE);
    await lock();
    expect(await redeem(token)).to.equal('over');
    expect(await redeem(await lockout.createUnlockToken(ALICE))).to.equal('unlocked');
  });

  it('do not lift a lock set by an operator, before or after', async () => {
    await lockout.block(ALICE, { for: 'forever' });
    expect(await lockout.createUnlockToken(ALICE)).to.equal(null);
    await lockout.unblock(ALICE);
    const token = await tokenFor();
    await lockout.block(ALICE, { for: 'forever', by: 'carol' });
    expect(await redeem(token)).to.equal('over');
    expect(await isLocked()).to.equal(true);
  });

  it('are not created if nothing is locked', async () => {
    expect(await lockout.createUnlockToken(ALICE)).to.equal(null);
    await lockout.protect(ALICE, () => false);
    expect(await lockout.createUnlockToken(ALICE)).to.equal(null);
  });

  it('expire after an hour, or after expiresIn', async () => {
    await start({ tiers: [{ failures: 3, cooloff: 'forever' }] });
    const token = await tokenFor();
    const short = await lockout.createUnlockToken(ALICE, { expiresIn: { minutes: 5 } });
    clock.advance({ minutes: 5 });
    expect(await redeem(short)).to.equal('expired');
    clock.advance({ minutes: 54, seconds: 59 });
    expect(await isLocked()).to.equal(true);
    clock.advance({ seconds: 1 });
    expect(await redeem(token)).to.equal('expired');
    expect(await isLocked()).to.equal(true);
  });

  it('may also be for a combination', async () => {
    await start({ dimensions: [['ip', 'username']] });
    const pair = { ip: '203.0.113.9', username: 'alice' };
    for (let index = 0; index < 3; index += 1) await lockout.protect(pair, () => false);
    expect(await redeem(await lockout.createUnlockToken(pair))).to.equal('unlocked');
  });

  it('are invalid in any other spelling', async () => {
    const token = await tokenFor();
    const [payload = '', signature = ''] = token.split('.');
    const content = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { readonly expiresAt: number };
    const forged = Buffer.from(JSON.stringify({ ...content, expiresAt: content.expiresAt + 1 })).toString('base64url');
    const padded = Buffer.from(signature, 'base64url').toString('base64');
    const wrong = ['', '.', '..', payload, `${payload}.`, `.${signature}`, `${forged}.${signature}`, `${token}.`];
    const spelled = [`${payload}.${padded}`, `${token}=`, ` ${token}`, `${token}\n`, 'x'.repeat(1_000_000)];
    for (const text of [...wrong, ...spelled, undefined, null, 7, [token], { token }]) {
      expect(await redeem(text), String(text).slice(0, 40)).to.equal('invalid');
    }
    expect(await isLocked()).to.equal(true);
    expect(await redeem(token)).to.equal('unlocked');
  });

  it('are invalid when signed with another secret, and valid with each secret of a list', async () => {
    const token = await tokenFor();
    expect(await redeem(token, create({ secret: OTHER_SECRET }))).to.equal('invalid');
    const rotated = create({ secret: [OTHER_SECRET, SECRET] });
    const signedAnew = await rotated.createUnlockToken(ALICE);
    expect(await redeem(signedAnew)).to.equal('invalid');
    expect(await redeem(token, rotated)).to.equal('unlocked');
  });

  it('need no escaping in a link', async () => {
    expect(await tokenFor('Zoë + <co> & "x"')).to.match(/^[\w-]+\.[\w-]{43}$/);
  });

  it('are created for a name that is no string, too', async () => {
    for (let index = 0; index < 3; index += 1) await lockout.protect({ username: 7 }, () => false);

    expect(await redeem(await lockout.createUnlockToken({ username: 7 as never }))).to.equal('unlocked');
  });

  it('contain no username if records are pseudonymized', async () => {
    await start({ pseudonymize: 'a secret of more than thirty-two characters' });
    const token = await tokenFor();
    expect(Buffer.from(token.split('.')[0] as string, 'base64url').toString()).not.to.include('alice');
    expect(await redeem(token)).to.equal('unlocked');
  });

  describe('redeemed with a request', () => {
    const logIn = async (cookie: string | undefined, by = lockout, username = 'alice') =>
      (await by.protect({ username, req: browser(cookie) }, () => true)).outcome;

    /** The cookie of a browser that has redeemed a token. */
    async function redeemedBy(by: Lockout, token: unknown): Promise<string | undefined> {
      const req = browser();
      await by.redeemUnlockToken(token, { req });
      return by.deviceCookie(req);
    }

    it('let this browser in although the name is locked again at once', async () => {
      const token = await tokenFor();
      const req = browser();
      expect(await lockout.redeemUnlockToken(token, { req })).to.include({ outcome: 'unlocked', trusted: true });
      await lock();

      expect(await logIn(lockout.deviceCookie(req))).to.equal('succeeded');
      expect(await logIn('')).to.equal('refused');
    });

    it('let it in although the lock is over, and another one holds', async () => {
      const token = await tokenFor();
      await lockout.unblock(ALICE);
      await lock();
      const req = browser();

      expect(await lockout.redeemUnlockToken(token, { req })).to.deep.equal({ outcome: 'over', trusted: true });
      expect(await logIn(lockout.deviceCookie(req))).to.equal('succeeded');
      expect(await isLocked()).to.equal(true);
    });

    it('let it in if they were made after all devices were revoked', async () => {
      await lockout.revokeDevices(ALICE);
      const token = await tokenFor();
      const cookie = await redeemedBy(lockout, token);
      await lock();

      expect(await logIn(cookie)).to.equal('succeeded');
    });

    it('trust it for the spelling that was given, and no other', async () => {
      await lock();
      const cookie = await redeemedBy(lockout, await lockout.createUnlockToken({ username: 'Alice' }));
      await lock();

      expect(await logIn(cookie, lockout, 'Alice')).to.equal('succeeded');
      expect(await logIn(cookie, lockout, 'alice')).to.equal('refused');
    });

    it('trust it with each secret of a list, by that which made the token', async () => {
      const token = await tokenFor();
      const rotated = create({ secret: [OTHER_SECRET, SECRET] });
      const cookie = await redeemedBy(rotated, token);
      await lock();

      expect(await logIn(cookie, rotated)).to.equal('succeeded');
      expect(await logIn(cookie, create({ secret: OTHER_SECRET }))).to.equal('refused');
    });

    it('trust nobody for an address, a pair, an expired token or a wrong one, nor without known devices', async () => {
      await start({
        dimensions: ['username', 'ip', ['ip', 'username']],
        tiers: { ip: [{ failures: 3, cooloff: '1h' }] },
      });
      const pair = { ip: '203.0.113.9', username: 'alice' };
      for (let index = 0; index < 3; index += 1) await lockout.protect(pair, () => false);
      const ofName = await lockout.createUnlockToken(ALICE);
      for (const subject of [pair, { ip: pair.ip }]) {
        expect(await redeemedBy(lockout, await lockout.createUnlockToken(subject))).to.equal(undefined);
      }
      expect(await redeemedBy(lockout, `${ofName}x`)).to.equal(undefined);
      const without = create({ knownDevices: false });
      expect(await without.redeemUnlockToken(ofName, { req: browser() })).to.include({ trusted: false });
      clock.advance({ hours: 1 });
      expect(await redeemedBy(lockout, ofName)).to.equal(undefined);
    });

    it('contain no username if records are pseudonymized, and trust all the same', async () => {
      await start({ pseudonymize: 'a secret of more than thirty-two characters' });
      const token = await tokenFor();
      const cookie = await redeemedBy(lockout, token);
      await lock();

      expect(Buffer.from(token.split('.')[0] as string, 'base64url').toString()).not.to.include('alice');
      expect(await logIn(cookie)).to.equal('succeeded');
    });
  });

  it('throw without a secret, and with an invalid expiry', async () => {
    await lock();
    const without = new Lockout({ ...PATIENT, store, attemptLog: 'off' });
    for (const call of [
      () => without.createUnlockToken(ALICE),
      () => without.redeemUnlockToken('x'),
      () => lockout.createUnlockToken(ALICE, { expiresIn: { minutes: 0 } }),
      () => lockout.createUnlockToken(ALICE, { expiresIn: 'forever' as never }),
      () => lockout.createUnlockToken({ user: 'alice' }),
      () => lockout.redeemUnlockToken('x', { by: '' }),
      () => lockout.redeemUnlockToken('x', { req: 'alice' as never }),
    ]) {
      expect(await call().catch((error: unknown) => error)).to.be.instanceOf(LockoutConfigError);
    }
  });
});
