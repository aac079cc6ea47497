/** What switches the lockout off, for all or for some, and what it does where little is known of an attempt. */
import { expect } from 'chai';
import express from 'express';
import session from 'express-session';
import { Passport } from 'passport';
import { Strategy as CustomStrategy } from 'passport-custom';
import { Lockout, LockoutConfigError, type LockoutOptions, withLockout } from '../../../lib/index.js';
import { onEvery } from '../../support/fixtures/ladders.js';
import { drive } from '../../support/sites/drive.js';
import { ALICE, type LoginSiteOptions, loginSites, onMemoryStore } from '../../support/sites/login-site.js';
import { PasswordCheck, RIGHT_PASSWORD } from '../../support/sites/password-strategy.js';
import { describeOnEachStore } from '../../support/stores/each-store.js';
import { PATIENT } from '../../support/stores/patient.js';
import { SlowStore } from '../../support/stores/slow-store.js';
import { until } from '../../support/tools/until.js';

const LIMIT_3: LockoutOptions = { tiers: onEvery([{ failures: 3, cooloff: { hours: 1 } }]) };
const ONLY_ADMIN: LockoutOptions = { ...LIMIT_3, skip: (req) => !(req.originalUrl ?? '').startsWith('/admin') };
const IP = ALICE.ip;
/** The same login, mounted below /admin, too. */
const MOUNTED: LoginSiteOptions = {
  before: () => [
    (req, _res, next) => {
      if (req.url.startsWith('/admin/')) req.url = req.url.slice('/admin'.length);
      next();
    },
  ],
};

describe('A lockout', () => {
  const open = loginSites(onMemoryStore());

  it('A44 takes the limit from a function of the attempt', async () => {
    const limit = (failures: number) => [{ failures, cooloff: { hours: 1 } }];
    const site = await open({
      dimensions: ['username'],
      tiers: ({ username }) => (username === 'root' ? limit(2) : limit(4)),
    });

    expect(await site.statuses(2, { user: 'root' })).to.deep.equal([401, 429]);
    expect(await site.statuses(4)).to.deep.equal([401, 401, 401, 429]);
  });

  it('A46 throws for a limit of null', () => {
    for (const tiers of [null, [{ failures: null, cooloff: { hours: 1 } }]]) {
      expect(() => new Lockout({ tiers } as never)).to.throw(LockoutConfigError, /options\.tiers.*got null/s);
    }
  });

  it('A47 only counts and logs in monitor mode', async () => {
    const site = await open({ ...LIMIT_3, mode: 'monitor' });

    expect(await site.statuses(5)).to.deep.equal(Array(5).fill(401));

    expect(site.events.of('username_blocked').map(({ enforced, failures }) => [enforced, failures])).to.deep.equal([
      [false, 3],
    ]);
    expect((await site.lockout.attempts()).items).to.have.length.above(4);
  });

  it('A48 differs: counts what is known of an attempt without a request, and emits no error', async () => {
    const site = await open(LIMIT_3);

    for (let guess = 0; guess < 3; guess += 1) await site.lockout.protect({ username: 'alice', ip: IP }, () => false);

    expect((await site.lockout.status({ username: 'alice' })).locked).to.equal(true);
    expect((await site.lockout.attempts()).items).to.have.length(3);
    expect([site.events.count('warning'), site.events.count('store_error')]).to.deep.equal([0, 0]);
  });

  it('A57 lets the right password in past the limit in monitor mode', async () => {
    const site = await open({ ...LIMIT_3, mode: 'monitor' });
    await site.guess(ALICE, 4);

    expect((await site.logIn()).status).to.equal(200);
  });

  it('A58 for some paths only: neither counts nor refuses another path', async () => {
    const site = await open(ONLY_ADMIN, MOUNTED);

    expect(await site.statuses(5, { path: '/login' })).to.deep.equal(Array(5).fill(401));
    expect(await site.failures()).to.deep.equal({});
  });

  it('A59 for some paths only: recognizes a path by its beginning, and locks there', async () => {
    const site = await open(ONLY_ADMIN, MOUNTED);

    expect(await site.statuses(3, { path: '/admin/login?next=/admin' })).to.deep.equal([401, 401, 429]);
    expect((await site.logIn({ path: '/login' })).status).to.equal(200);
  });

  it('A60 for some paths only: passes a request without a path through', () => {
    const strategy = withLockout(new PasswordCheck().strategy(), ONLY_ADMIN);
    const guess = () => drive(strategy, { ip: IP, body: { username: 'alice', password: 'x' } }).actions;

    for (let guesses = 0; guesses < 4; guesses += 1) expect(guess()).to.deep.equal([['fail', undefined]]);
  });

  it('A61 differs: reads its options once, so that a later change of the object has no effect', async () => {
    const tier = { failures: 3, cooloff: { hours: 1 } };
    const tiers = { username: [tier] };
    const forgetAfter = { username: { hours: 1 } };
    const allowed: string[] = [];
    const site = await open({ dimensions: () => ['username'], tiers, forgetAfter, allow: { ips: allowed } });
    tier.failures = 1;
    tiers.username.push({ failures: 2, cooloff: { hours: 9 } });
    forgetAfter.username.hours = 0;
    allowed.push(IP);

    expect(await site.statuses(3)).to.deep.equal([401, 401, 429]);
  });

  it("A62 passes failures, successes and released slots on to the application's store", async () => {
    const store = new SlowStore();
    const site = await open({ ...LIMIT_3, store, attemptLog: 'off', dimensions: ['username'] });

    await site.guess();
    await site.logIn();
    await site.lockout.protect({ username: 'alice' }, () => Promise.reject(new Error('down'))).catch(() => undefined);

    expect(store.calls).to.deep.equal([
      'reserve username=alice',
      'settle username=alice failure',
      'reserve username=alice',
      'settle username=alice success',
      'reserve username=alice',
      'settle username=alice release',
    ]);
  });

  it('A77 lets everybody in and has no failures when disabled', async () => {
    const site = await open({ ...LIMIT_3, enabled: false });

    expect(await site.statuses(6)).to.deep.equal(Array(6).fill(401));
    expect((await site.logIn()).status).to.equal(200);
    expect(await site.lockout.status({ username: 'alice' })).to.include({ locked: false, failures: 0 });
    expect(await site.failures()).to.deep.equal({});
  });

  it('A56 passes a GET of a locked client if skip exempts GET', async () => {
    const right = new CustomStrategy((_req, done) => done(null, { username: 'alice' }));
    const site = await open({ ...LIMIT_3, skip: (req) => req.method === 'GET' }, { strategy: right });
    await site.lockout.block({ ip: IP }, { for: { hours: 1 } });

    expect((await site.logIn({ method: 'GET' })).status).to.equal(200);
  });

  it('A124 treats methods as configured: passes GET with skip, and refuses it without', async () => {
    const right = new CustomStrategy((_req, done) => done(null, { username: 'alice' }));
    const cases: readonly [LockoutOptions, Readonly<Record<string, number>>][] = [
      [{ skip: (req) => req.method === 'GET' }, { GET: 200, POST: 429 }],
      [{}, { GET: 429, POST: 429 }],
    ];
    for (const [options, statuses] of cases) {
      const site = await open({ ...LIMIT_3, ...options }, { strategy: right });
      await site.lockout.block({ ip: IP }, { for: { hours: 1 } });
      for (const [method, status] of Object.entries(statuses)) {
        expect((await site.logIn({ method })).status, method).to.equal(status);
      }
    }
  });
});

describeOnEachStore('A login', (stores) => {
  it('A40 works with a disabled lockout, by password or by code, and so does a logout', async () => {
    const passport = new Passport();
    const lockout = new Lockout({ ...PATIENT, ...LIMIT_3, store: await stores.fresh(), enabled: false });
    passport.use(withLockout(new PasswordCheck().strategy(), lockout));
    passport.serializeUser((user, done) => done(null, user));
    passport.deserializeUser((user: Express.User, done) => done(null, user));
    const app = express();
    app.use(express.json(), session({ secret: 'spec', resave: false, saveUninitialized: false }), passport.session());
    app.post('/login', passport.authenticate('local'), (req, res) => res.json(req.user));
    app.post('/force', (req, res, next) =>
      req.login({ username: 'forced' }, (error) => (error ? next(error) : res.json(req.user))),
    );
    app.post('/logout', (req, res, next) => req.logout((error) => (error ? next(error) : res.send('out'))));
    const server = app.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const post = async (path: string, body: object = {}, cookie = '') => {
      const headers = { 'content-type': 'application/json', cookie };
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return { status: answer.status, body: await answer.text(), cookie: answer.headers.get('set-cookie') ?? '' };
    };
    try {
      for (let guess = 0; guess < 5; guess += 1) {
        expect((await post('/login', { username: 'alice', password: 'wrong' })).status).to.equal(401);
      }
      const login = await post('/login', { username: 'alice', password: RIGHT_PASSWORD });
      expect(login).to.include({ status: 200, body: '{"username":"alice"}' });
      expect(await post('/logout', {}, login.cookie)).to.include({ status: 200, body: 'out' });
      expect(await post('/force')).to.include({ status: 200, body: '{"username":"forced"}' });
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('A41 works with a request that has only its body, and a logout with one that has nothing', async () => {
    const lockout = new Lockout({
      ...PATIENT,
      ...LIMIT_3,
      store: await stores.fresh(),
      dimensions: ['username'],
      attemptLog: 'await',
    });
    const strategy = withLockout(new PasswordCheck().strategy(), lockout);

    const { actions } = drive(strategy, { body: { username: 'alice', password: RIGHT_PASSWORD } });
    await until(() => actions.length > 0);
    await lockout.recordLogout({});

    expect(actions).to.deep.equal([['success', { username: 'alice' }, undefined]]);
    const { items } = await lockout.attempts();
    expect(items.map(({ outcome }) => outcome)).to.have.members(['succeeded', 'logout']);
  });
});

describeOnEachStore('An attempt without a username', (stores) => {
  const open = loginSites(stores);
  const nameless = () => new CustomStrategy((_req, done) => done(null, false));

  it('A50 is counted nowhere if only usernames count, with one warning', async () => {
    const site = await open({ ...LIMIT_3, dimensions: ['username'] }, { strategy: nameless() });

    expect(await site.statuses(4)).to.deep.equal([401, 401, 401, 401]);

    expect((await site.lockout.list({ locked: false })).items).to.deep.equal([]);
    const warned = site.events.of('warning').map(({ code }) => code);
    expect(warned.filter((code) => code === 'WARN_LOCKOUT_NOTHING_COUNTED')).to.have.length(1);
  });

  it('A51 is counted on its address', async () => {
    const site = await open(LIMIT_3, { strategy: nameless() });

    expect(await site.statuses(3)).to.deep.equal([401, 401, 429]);
    expect(await site.failures()).to.deep.equal({ 'ip=203.0.113.1': 3 });
  });
});
