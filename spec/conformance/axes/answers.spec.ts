/** What a refused client is answered. */
import { expect } from 'chai';
import type express from 'express';
import { Passport } from 'passport';
import { Lockout, LockoutConfigError, type LockoutOptions, withLockout } from '../../../lib/index.js';
import { drive } from '../../support/sites/drive.js';
import { startLoginApp } from '../../support/sites/login-app.js';
import { ALICE, loginSites, onMemoryStore } from '../../support/sites/login-site.js';
import { PasswordCheck } from '../../support/sites/password-strategy.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';
import { stillStore } from '../../support/stores/still-store.js';

const LIMIT_3: LockoutOptions = { tiers: [{ failures: 3, cooloff: { minutes: 15 } }] };
const RESPOND: LockoutOptions = { ...LIMIT_3, onLocked: 'respond' };
const BROWSER = 'text/html,application/xhtml+xml,*/*;q=0.8';
const TEXT = 'text/plain';
const JSON_TYPE = 'application/json';

describe('A refusal', () => {
  const open = loginSites(onMemoryStore());

  it('A90 is an error with the status 429 if errors are configured', async () => {
    const lockout = new Lockout({ ...LIMIT_3, store: stillStore(), onLocked: 'error' });
    await lockout.block({ username: 'alice' }, { for: { minutes: 15 } });
    const strategy = withLockout(new PasswordCheck().strategy(), lockout);

    const { actions } = drive(strategy, { ip: ALICE.ip, body: { username: 'alice', password: 'x' } });

    expect(actions).to.have.length(1);
    expect(actions[0]?.[0]).to.equal('error');
    expect(actions[0]?.[1]).to.be.instanceOf(Error).and.include({
      name: 'LockoutRefusedError',
      code: 'ERR_LOCKOUT_LOCKED',
      status: 429,
      retryAfter: 900,
    });
  });

  it('A91 replaces a guarded route for a locked address; others get the route itself', async () => {
    const site = await open(LIMIT_3, {
      before: (lockout) => [
        lockout.middleware(),
        (req, res, next) => (req.path === '/page' ? res.send('page') : next()),
      ],
    });
    await site.lockout.block({ ip: ALICE.ip }, { for: { minutes: 15 } });

    expect((await site.logIn({ path: '/page', method: 'GET' })).status).to.equal(429);
    expect(await site.logIn({ path: '/page', method: 'GET', ip: '198.51.100.7' })).to.include({
      status: 200,
      body: 'page',
    });
  });

  it('A92 reaches a form that handles its own failures, distinct from a wrong password', async () => {
    const passport = new Passport();
    passport.use(withLockout(new PasswordCheck().strategy(), LIMIT_3));
    const form: express.RequestHandler = (req, res, next) => {
      passport.authenticate('local', (error: unknown, _user: unknown, info?: { code?: string }) =>
        error ? next(error) : res.send(info?.code ?? 'wrong password'),
      )(req, res, next);
    };
    const app = await startLoginApp({
      strategies: { local: new PasswordCheck().strategy() },
      before: [(req, res, next) => (req.path === '/form' ? form(req, res, next) : next())],
    });
    try {
      const told: string[] = [];
      for (let guess = 0; guess < 4; guess += 1) {
        const init = { method: 'POST', headers: { 'content-type': JSON_TYPE } };
        const { body } = await app.request('/form', { ...init, body: '{"username":"alice","password":"x"}' });
        told.push(body);
      }
      const [wrong, locked] = ['wrong password', 'ERR_LOCKOUT_LOCKED'];
      expect(told).to.deep.equal([wrong, wrong, locked, locked]);
    } finally {
      await app.close();
    }
  });

  it('A125 is plain text with the status 429', async () => {
    const site = await open(RESPOND);
    const { status, body, headers } = await site.guess({ accept: TEXT }, 3);

    expect([status, headers.get('content-type')]).to.deep.equal([429, 'text/plain; charset=utf-8']);
    expect(body).to.equal('Too many failed logins. Try again in 15 minutes.\n');
  });

  it('A126 has the configured status: as text, page and JSON', async () => {
    const site = await open({ ...RESPOND, lockedStatus: 403 });
    await site.guess(ALICE, 3);

    for (const accept of [TEXT, BROWSER, JSON_TYPE]) expect((await site.guess({ accept })).status).to.equal(403);
  });

  it("A127 can be the application's own page", async () => {
    const site = await open({
      ...RESPOND,
      respondWith: {
        page: ({ failures, limit, username, duration }) => `${username}: ${failures} of ${limit}, ${duration}`,
      },
    });
    const { status, body, headers } = await site.guess({ accept: BROWSER }, 3);

    expect([status, body]).to.deep.equal([429, 'alice: 3 of 3, PT15M']);
    expect(headers.get('content-type')).to.equal('text/html; charset=utf-8');
  });

  it('A128 can be a redirect that names the user', async () => {
    const site = await open({ ...RESPOND, respondWith: { redirectTo: '/locked' } });
    const { status, headers } = await site.guess({ user: 'a&b', accept: BROWSER }, 3);

    expect([status, headers.get('location')]).to.deep.equal([303, '/locked?username=a%26b']);
  });

  it('A129 is JSON for programs', async () => {
    const site = await open(RESPOND);
    const { status, headers, body } = await site.guess({ accept: JSON_TYPE }, 3);

    expect([status, headers.get('content-type')]).to.deep.equal([429, 'application/problem+json']);
    expect(JSON.parse(body)).to.include({ status: 429, code: 'ERR_LOCKOUT_LOCKED' });
  });

  it('A131 can be made by a function', async () => {
    const site = await open({
      ...LIMIT_3,
      onLocked: ({ dimension, retryAfter }, { redirect }, req) => redirect(`${req.url}/${dimension}/${retryAfter}`),
    });
    const { status, headers } = await site.guess(ALICE, 3);

    expect([status, headers.get('location')]).to.deep.equal([302, '/login/username/900']);
  });

  it('A132 cannot be made by a value that is not a function: that throws', () => {
    for (const onLocked of ['some.path.to.a.function', 7, {}, null]) {
      expect(() => new Lockout({ onLocked } as never)).to.throw(LockoutConfigError, /^options\.onLocked: expected /);
    }
  });

  it('A140 differs: has the time left and a code in JSON, but no count of failures', async () => {
    const site = await open(RESPOND);
    await site.guess(ALICE, 3);
    site.clock.advance({ minutes: 5 });

    expect(JSON.parse((await site.guess({ accept: JSON_TYPE })).body)).to.deep.equal({
      type: 'about:blank',
      title: 'Too Many Requests',
      status: 429,
      detail: 'Too many failed logins. Try again in 10 minutes.',
      code: 'ERR_LOCKOUT_LOCKED',
      retryAfter: 600,
    });
  });

  it('A156 comes from the middleware for locked clients only, and never when disabled', async () => {
    for (const [options, status] of [
      [LIMIT_3, 429],
      [{ ...LIMIT_3, enabled: false }, 200],
    ] as const) {
      const site = await open(options, {
        before: (lockout) => [lockout.middleware(), (_req, res) => res.set('x-page', 'untouched').send('page')],
      });
      const before = await site.logIn({ method: 'GET' });
      expect([before.status, before.body, before.headers.get('x-page')]).to.deep.equal([200, 'page', 'untouched']);

      await site.lockout.block({ ip: ALICE.ip }, { for: { minutes: 15 } });

      expect((await site.logIn({ method: 'GET' })).status).to.equal(status);
    }
  });
});

describeOnEachStore('Retry-After', (stores) => {
  const open = loginSites(stores);

  it('A130 differs: is on by default and shows the time left; it is absent if permanent, and present on redirects, too', async () => {
    const site = await open({ ...RESPOND, respondWith: { redirectTo: '/locked' } });
    const told: (string | null)[] = [];
    await site.guess(ALICE, 3);
    for (const accept of [TEXT, JSON_TYPE, BROWSER]) {
      site.clock.advance({ minutes: 1 });
      told.push((await site.guess({ accept })).retryAfter);
    }
    expect(told).to.deep.equal(['840', '780', '720']);

    const off = await open({ ...LIMIT_3, retryAfterHeader: false });
    expect(await off.guess(ALICE, 3)).to.include({ status: 429, retryAfter: null });
    const permanent = await open({ tiers: [{ failures: 1, cooloff: 'forever' }] });
    expect(await permanent.guess()).to.include({ status: 429, retryAfter: null });
  });
});
