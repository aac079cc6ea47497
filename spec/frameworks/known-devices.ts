/** What a known device is in every framework, by whatever way a login is answered: over real HTTP, with the cookies of others. */
import { expect } from 'chai';
import type { Lockout, LockoutOptions } from '../../lib/index.js';
import { SECRET } from '../support/sites/browser.js';
import { EventLog } from '../support/tools/events.js';
import { type Check, Driver, type FrameworkApp, type LoginAnswer, RIGHT } from './contract.js';

/** How an application calls Passport. */
const WAYS = ['with a session', 'without a session', 'with a custom callback', 'with successRedirect'] as const;
export type Way = (typeof WAYS)[number];

/** `POST /login` as in the contract; a login is answered with 2xx, or 302 by `successRedirect`. */
export type StartByWay = (lockout: Lockout, check: Check, way: Way) => Promise<FrameworkApp>;

const isDeviceCookie = (cookie: string) => cookie.startsWith('lockout_device=');

/** Cookies as a browser keeps them, by name. */
class Jar {
  readonly #cookies = new Map<string, string>();

  /** @param only - which cookies to keep; all if not given */
  keep({ cookie }: LoginAnswer, only: (cookie: string) => boolean = () => true): void {
    for (const one of cookie.split('; ').filter((text) => text !== '' && only(text))) {
      this.#cookies.set(one.slice(0, one.indexOf('=')), one);
    }
  }

  get headers(): Record<string, string> {
    return { cookie: [...this.#cookies.values()].join('; ') };
  }
}

/** @param ways - those that the framework has */
export function describeKnownDevices(name: string, start: StartByWay, ways: readonly Way[] = WAYS): void {
  for (const way of ways) {
    describe(`${name} ${way}: a known device`, () => {
      const hasSession = way !== 'without a session';
      let driver: Driver;
      let device: Jar;
      let first: LoginAnswer;

      async function startWith(options: LockoutOptions = {}): Promise<void> {
        driver = await new Driver({ secret: SECRET, ...options }).start((lockout, check) => start(lockout, check, way));
        device = new Jar();
        first = await driver.logIn('alice', RIGHT);
        device.keep(first, isDeviceCookie);
      }

      afterEach(() => driver.close());

      it('is given one cookie of ours, beside that of the session', async () => {
        await startWith();

        const cookies = first.cookie.split('; ');
        expect(cookies.filter(isDeviceCookie)).to.have.length(1);
        expect(cookies.length).to.equal(hasSession ? 2 : 1);
        if (hasSession) expect(await driver.me(first.cookie)).to.equal('alice');
      });

      it('gets in while strangers have locked the name, which keeps a stranger with the right password out', async () => {
        await startWith();
        await driver.lock('alice');

        expect((await driver.logIn('alice', RIGHT)).status).to.equal(429);
        const known = await driver.logIn('alice', RIGHT, device.headers);
        expect(known.status).to.equal(first.status);
        if (hasSession) expect(await driver.me(known.cookie)).to.equal('alice');
      });

      it('is no key to another account, and neither is a forged cookie', async () => {
        await startWith();
        for (const username of ['alice', 'bob']) await driver.lock(username);
        expect((await driver.logIn('bob', RIGHT, device.headers)).status).to.equal(429);

        const { cookie = '' } = device.headers;
        const forged = cookie.replace(/(?<==.{30})./, (character) => (character === 'A' ? 'B' : 'A'));
        expect(forged).to.not.equal(cookie);
        expect((await driver.logIn('alice', RIGHT, { cookie: forged })).status).to.equal(429);
      });

      it('is given nothing more on the same day', async () => {
        await startWith();
        const second = await driver.logIn('alice', RIGHT, device.headers);

        expect(second.status).to.equal(first.status);
        expect(second.cookie).to.not.include('lockout_device');
      });

      it('keeps its token when another account logs in on it, too', async () => {
        await startWith();
        device.keep(await driver.logIn('bob', RIGHT, device.headers), isDeviceCookie);
        for (const username of ['alice', 'bob']) await driver.lock(username);

        const answers = [
          await driver.logIn('alice', RIGHT, device.headers),
          await driver.logIn('bob', RIGHT, device.headers),
        ];
        expect(answers.map(({ status }) => status)).to.deep.equal([first.status, first.status]);
      });

      it('counts wrong passwords on itself alone', async () => {
        await startWith();
        const answers = await driver.lock('alice', device.headers);

        expect(answers.map(({ status }) => status)).to.deep.equal([401, 401, 401]);
        expect(await driver.lockout.status({ username: 'alice' })).to.include({ failures: 0, locked: false });
        expect(await driver.lockout.status({ ip: '127.0.0.1' })).to.include({ failures: 0 });
        const { devices } = await driver.lockout.devices('alice');
        expect(devices.map(({ failures }) => failures)).to.deep.equal([3]);
      });

      it('is a stranger again once its tokens are revoked', async () => {
        await startWith();
        await driver.lockout.revokeDevices({ username: 'alice' });
        await driver.lock('alice');

        expect((await driver.logIn('alice', RIGHT, device.headers)).status).to.equal(429);
      });
    });
  }
}

/** For frameworks in which `middleware()` can be mounted before all routes. */
export function describeDevicesBehindMiddleware(
  name: string,
  start: (lockout: Lockout, check: Check) => Promise<FrameworkApp>,
): void {
  describe(`${name} behind middleware(): a known device`, () => {
    let driver: Driver;
    let device: Jar;

    beforeEach(async () => {
      const tiers = { ip: [{ failures: 3, cooloff: { hours: 1 } }] };
      driver = await new Driver({ secret: SECRET, tiers }).start(start);
      device = new Jar();
      device.keep(await driver.logIn('alice', RIGHT), isDeviceCookie);
    });

    afterEach(() => driver.close());

    it('passes while the ladder has locked its address, and strangers there do not', async () => {
      for (const name of ['bob', 'carol', 'dave']) await driver.logIn(name, 'wrong');
      const events = new EventLog(driver.lockout);

      expect((await driver.logIn('alice', RIGHT, device.headers)).status).to.be.within(200, 204);
      expect((await driver.logIn('alice', RIGHT)).status).to.equal(429);
      expect((await driver.logIn('bob', RIGHT, device.headers)).status).to.equal(429);
      expect(events.of('attempt_succeeded').map(({ attempt }) => attempt.device)).to.deep.equal(['known']);
    });

    it('does not pass while an operator has blocked its address', async () => {
      await driver.lockout.block({ ip: '127.0.0.1' }, { for: { hours: 1 } });

      expect((await driver.logIn('alice', RIGHT, device.headers)).status).to.equal(429);
    });
  });
}
