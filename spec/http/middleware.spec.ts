/** Refusing every request of a locked address, over HTTP. */
import { expect } from 'chai';
import type { RequestHandler } from 'express';
import { Lockout, LockoutConfigError, type LockoutOptions, withLockout } from '../../lib/index.js';
import { type LoginApp, startLoginApp } from '../support/sites/login-app.js';
import { PasswordCheck } from '../support/sites/password-strategy.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { stillStore } from '../support/stores/still-store.js';

describe('Lockout.middleware()', () => {
  let app: LoginApp;
  let lockout: Lockout;

  async function start(options: LockoutOptions = {}): Promise<void> {
    lockout = new Lockout({ store: stillStore(), ...options });
    const page: RequestHandler = (req, res, next) => (req.path === '/page' ? res.send('page') : next());
    app = await startLoginApp({
      strategies: { local: withLockout(new PasswordCheck().strategy(), lockout) },
      before: [lockout.middleware() as RequestHandler, page],
    });
  }

  const page = (ip: string) => app.request('/page', { headers: { 'x-forwarded-for': ip, accept: 'text/plain' } });

  afterEach(() => app?.close());

  for (const [what, options] of [
    ['the memory store', () => ({})],
    ['an asynchronous store', () => ({ store: new SlowStore({ clock: new ManualClock().read }) })],
  ] as const) {
    it(`refuses a locked address and no other on ${what}`, async () => {
      await start(options());
      expect((await page('203.0.113.9')).body).to.equal('page');
      await lockout.block({ ip: '203.0.113.9' }, { for: { hours: 3 } });
      for (let index = 0; index < 2; index += 1) {
        const { status, body, retryAfter } = await page('203.0.113.9');
        expect({ status, retryAfter }).to.deep.equal({ status: 429, retryAfter: '10800' });
        expect(body).to.equal('Too many failed logins. Try again in 3 hours.\n');
      }
      expect((await page('203.0.113.10')).status).to.equal(200);
    });
  }

  it('refuses a denied address', async () => {
    await start({ deny: { ips: ['203.0.113.0/24'] }, allow: { ips: ['203.0.113.9'] } });
    expect(await page('203.0.113.9')).to.include({ status: 429, retryAfter: null });
    expect((await page('198.51.100.1')).status).to.equal(200);
  });

  it('asks the store once per lockCacheTtl for a locked address', async () => {
    const store = new SlowStore({ clock: new ManualClock().read });
    await start({ store });
    await lockout.block({ ip: '203.0.113.9' }, { for: 'forever' });
    for (let index = 0; index < 5; index += 1) expect((await page('203.0.113.9')).status).to.equal(429);
    expect(store.count('read')).to.equal(1);
  });

  for (const [what, options] of [
    ['the lockout only monitors', { mode: 'monitor' }],
    ['the lockout is disabled', { enabled: false }],
    ['the request is skipped', { skip: () => true }],
    ['the address is allowed', { allow: { ips: ['203.0.113.9'] } }],
    ['there is no address', { clientIp: () => undefined }],
  ] as [string, LockoutOptions][]) {
    it(`lets everybody through if ${what}`, async () => {
      await start(options);
      await lockout.block({ ip: '203.0.113.9' }, { for: 'forever' });
      expect((await page('203.0.113.9')).status).to.equal(200);
    });
  }

  for (const [onStoreError, status] of [
    ['deny', 503],
    ['allow', 200],
  ] as const) {
    it(`answers ${status} when the store fails and onStoreError is '${onStoreError}'`, async () => {
      const store = new SlowStore();
      store.failing = { read: 'reject' };
      await start({ store, onStoreError });
      const answer = await page('203.0.113.9');
      expect(answer.status).to.equal(status);
      if (status === 503)
        expect(answer.body).to.equal('Logins are not possible at the moment. Please try again later.\n');
    });
  }

  it('X42 refuses an address that is locked in the fallback store, as a login does', async () => {
    const store = new SlowStore();
    store.failing = { reserve: 'reject', read: 'reject', settle: 'reject' };
    await start({ store, onStoreError: { fallback: stillStore() }, tiers: { ip: [{ failures: 1, cooloff: 'PT1H' }] } });
    await app.login('alice', 'wrong', '203.0.113.9');

    expect((await app.login('alice', 'wrong', '203.0.113.9')).status).to.equal(429);
    expect(await page('203.0.113.9')).to.include({ status: 429, retryAfter: '3600' });
    expect((await page('203.0.113.10')).status).to.equal(200);
  });

  it('X42 answers 503 if neither the store nor its fallback answers, as a login does', async () => {
    const [store, fallback] = [new SlowStore(), new SlowStore()];
    for (const failing of [store, fallback]) failing.failing = { reserve: 'reject', read: 'reject' };
    await start({ store, onStoreError: { fallback } });

    expect((await app.login('alice', 'wrong', '203.0.113.9')).status).to.equal(503);
    expect((await page('203.0.113.9')).status).to.equal(503);
  });

  it('passes what an option function throws to the error handler', async () => {
    await start({
      clientIp: () => {
        throw new Error('bug');
      },
    });
    expect(await page('203.0.113.9')).to.include({ status: 500, body: 'error: bug' });
  });

  it('throws if addresses are not counted', () => {
    expect(() => new Lockout({ dimensions: ['username'] }).middleware()).to.throw(
      LockoutConfigError,
      "middleware(): expected 'ip' among options.dimensions, got username",
    );
  });
});
