/** What a revoked device is worth: as much as a stranger's, until its next login. */
import { expect } from 'chai';
import { Lockout, MemoryStore, type ProtectOptions } from '../../lib/index.js';
import { CookieKeeper } from '../support/sites/cookie-keeper.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { SlowStore } from '../support/stores/slow-store.js';

const PASSWORD: ProtectOptions<boolean> = { resetOnSuccess: false };
const CODE: ProtectOptions<boolean> = { factor: 'second' };
const GUESSES_AT_A_NAME = 3;

const STORES = [
  ['the memory store', (clock: ManualClock) => new MemoryStore({ clock: clock.read })],
  ['an asynchronous store', (clock: ManualClock) => new SlowStore({ clock: clock.read })],
] as const;

for (const [what, createStore] of STORES) {
  describe(`A revoked device, on ${what},`, () => {
    let clock: ManualClock;
    let lockout: Lockout;
    let owner: CookieKeeper;
    let devices: unknown[];

    const give = (browser: CookieKeeper, isRight: boolean, options?: ProtectOptions<boolean>) =>
      lockout.protect({ username: 'alice', req: browser.request() }, () => isRight, options);

    beforeEach(async () => {
      clock = new ManualClock();
      lockout = new Lockout({ secret: 's'.repeat(32), store: createStore(clock) });
      owner = new CookieKeeper('203.0.113.9');
      await give(owner, true);
      await lockout.revokeDevices({ username: 'alice' });
      clock.advance({ seconds: 1 });
      devices = [];
      lockout.on('attempt_failed', ({ attempt }) => devices.push(attempt.device));
      lockout.on('attempt_succeeded', ({ attempt }) => devices.push(attempt.device));
    });
    afterEach(() => lockout.close());

    it('is not trusted by an unlock link from before, but by one from after', async () => {
      const thief = new CookieKeeper('198.51.100.7');
      const link = async () => {
        for (let guess = 0; guess < GUESSES_AT_A_NAME; guess += 1) await give(new CookieKeeper('198.51.100.1'), false);
        return lockout.createUnlockToken({ username: 'alice' });
      };
      const before = await link();
      await lockout.passwordChanged(owner.request(), 'alice');
      expect(await lockout.redeemUnlockToken(before, { req: thief.request() })).to.include({ trusted: false });
      expect(thief.cookie).to.equal('');
      clock.advance({ seconds: 1 });
      const after = await link();
      expect(await lockout.redeemUnlockToken(after, { req: owner.request() })).to.include({ trusted: true });
    });

    it('is known again if it was trusted at that moment, also by a clock that gives fractions of milliseconds', async () => {
      clock.advance({ ms: 0.7 });
      await lockout.passwordChanged(owner.request(), 'alice');
      clock.advance({ seconds: 1 });
      await give(owner, true);
      expect(devices).to.deep.equal(['known']);
    });

    it('is unknown, for a second factor as well', async () => {
      await give(owner, false, CODE);
      await give(owner, true, PASSWORD);
      expect(devices).to.deep.equal(['unknown', 'unknown']);
      expect((await lockout.status({ ip: owner.ip })).failures).to.equal(1);
    });

    it('is known again after the login that its second factor completes', async () => {
      await give(owner, true, PASSWORD);
      await give(owner, true, CODE);
      for (let guess = 0; guess < GUESSES_AT_A_NAME; guess += 1) await give(new CookieKeeper('198.51.100.1'), false);
      expect((await give(owner, true, PASSWORD)).outcome).to.equal('succeeded');
      expect((await give(owner, true, CODE)).outcome).to.equal('succeeded');
      expect(devices.slice(-2)).to.deep.equal(['known', 'known']);
    });
  });
}
