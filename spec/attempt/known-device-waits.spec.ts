/** Where strangers keep all slots of a name busy, its owner neither waits for them nor is refused with them. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions, MemoryStore } from '../../lib/index.js';
import { CookieKeeper } from '../support/sites/cookie-keeper.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { until } from '../support/tools/until.js';

const OPTIONS: LockoutOptions = { secret: 's'.repeat(32), busyTimeout: { seconds: 20 } };
const STRANGERS = 20;
const SLOTS = 3;

const STORES = [
  ['the memory store', () => new MemoryStore()],
  ['an asynchronous store', () => new SlowStore()],
] as const;
const HARD_STOPS = [
  ['', {}],
  [' with a hard stop', { hardStop: { failures: 100 } }],
] as const;

for (const [what, createStore] of STORES) {
  for (const [how, options] of HARD_STOPS) {
    describe(`A known device, on ${what}${how},`, () => {
      let lockout: Lockout;
      let owner: CookieKeeper;
      let refuse: (() => void)[];
      let strangers: Promise<unknown>[];

      const logIn = () => lockout.protect({ username: 'alice', req: owner.request() }, () => true);
      const guess = (_: unknown, index: number) =>
        lockout.protect({ username: 'alice', ip: `198.51.100.${index}` }, () => {
          return new Promise<boolean>((resolve) => refuse.push(() => resolve(false)));
        });

      beforeEach(async () => {
        lockout = new Lockout({ ...OPTIONS, ...options, store: createStore() });
        owner = new CookieKeeper('203.0.113.9');
        refuse = [];
        await logIn();
        strangers = Array.from({ length: STRANGERS }, guess);
        await until(() => refuse.length === SLOTS);
      });
      afterEach(async () => {
        for (const answer of refuse) answer();
        await Promise.all(strangers);
        await lockout.close();
      });

      it('gets in while strangers are being verified and others wait for their slots', async () => {
        expect((await logIn()).outcome).to.equal('succeeded');
      });

      it('gets in at the moment in which those who wait are refused, because the name is locked', async () => {
        const login = logIn();
        for (const answer of refuse) answer();
        expect((await login).outcome).to.equal('succeeded');
      });
    });
  }
}
