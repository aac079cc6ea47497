/** Where the username and the address of an attempt come from. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { Passport } from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import {
  Lockout,
  LockoutConfigError,
  type LockoutOptions,
  type LockoutRequest,
  withLockout,
} from '../../../lib/index.js';
import { ALICE, loginSites, onMemoryStore } from '../../support/sites/login-site.js';
import { PasswordCheck } from '../../support/sites/password-strategy.js';

const LIMIT_3: LockoutOptions = { tiers: [{ failures: 3, cooloff: { hours: 1 } }] };
const BY_USER: LockoutOptions = { ...LIMIT_3, dimensions: ['username'] };
const BY_IP: LockoutOptions = { ...LIMIT_3, dimensions: ['ip'] };
const headerOf = (req: LockoutRequest, name: string) => req.headers?.[name] as string | undefined;

describe('The subject that is counted', () => {
  const open = loginSites(onMemoryStore());

  it('A113 is the username of a posted form', async () => {
    const site = await open(BY_USER);
    const body = new URLSearchParams({ username: ' Alice', password: 'wrong' });

    expect((await site.app.request('/login', { method: 'POST', body })).status).to.equal(401);

    expect(await site.failures()).to.deep.equal({ 'username=alice': 1 });
  });

  it('A114 is the username of a parsed JSON body', async () => {
    const site = await open(BY_USER);
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ username: 'alice', password: 'wrong' });

    expect((await site.app.request('/login', { method: 'POST', headers, body })).status).to.equal(401);

    expect(await site.failures()).to.deep.equal({ 'username=alice': 1 });
  });

  it('A115 is the name that the strategy passes to its verify function, whatever else the body contains', async () => {
    const inner = new LocalStrategy({ usernameField: 'login' }, (_login, _password, done) => done(null, false));
    const site = await open(BY_USER, { strategy: inner });
    const body = new URLSearchParams({ login: 'alice', username: 'decoy', user: 'decoy', password: 'wrong' });

    await site.app.request('/login?username=decoy', { method: 'POST', body });

    expect(await site.failures()).to.deep.equal({ 'username=alice': 1 });
  });

  const FUNCTIONS: readonly [from: string, options: LockoutOptions][] = [
    ['the request', { username: ({ req }) => headerOf(req, 'user-agent') }],
    ['the credentials', { username: ({ args: [username] }) => `${username}@example.com` }],
  ];
  for (const [from, options] of FUNCTIONS) {
    it(`A116 is the name that a function reads from ${from}`, async () => {
      const site = await open({ ...BY_USER, ...options });
      await site.guess({ user: 'alice', agent: 'alice@example.com' });

      expect(await site.failures()).to.deep.equal({ 'username=alice@example.com': 1 });
      expect(site.check.verified).to.deep.equal(['alice']);
    });
  }

  it('A117 cannot be read by a username option that is not a function: that throws', () => {
    for (const username of ['login', 7, {}]) {
      expect(() => new Lockout({ username } as never)).to.throw(
        LockoutConfigError,
        'options.username: expected a function',
      );
    }
  });

  it('A118 is the address that a function returns', async () => {
    const site = await open({ ...BY_IP, clientIp: (req) => headerOf(req, 'user-agent') });
    await site.guess({ agent: '192.0.2.7' });

    expect(await site.failures()).to.deep.equal({ 'ip=192.0.2.7': 1 });
  });

  it('A119 cannot be read by a clientIp option that is not a function: that throws', () => {
    for (const clientIp of ['req.ip', 7, {}]) {
      expect(() => new Lockout({ clientIp } as never)).to.throw(
        LockoutConfigError,
        'options.clientIp: expected a function',
      );
    }
  });

  it('A120 is the address that the framework found behind its proxies, or without a framework that of the socket', async () => {
    const express = await open(BY_IP, { trustProxy: true });
    await express.guess({ ip: '192.0.2.7' });
    expect(await express.failures()).to.deep.equal({ 'ip=192.0.2.7': 1 });

    const lockout = new Lockout(BY_IP);
    const passport = new Passport();
    passport.use(withLockout(new PasswordCheck().strategy(), lockout));
    const server = createServer((req, res) => {
      Object.assign(req, { body: { username: 'alice', password: 'wrong' } });
      passport.authenticate('local', { session: false })(req, res, () => res.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const forged = { headers: { 'x-forwarded-for': '192.0.2.7' } };
      expect((await fetch(`http://127.0.0.1:${port}/`, forged)).status).to.equal(401);
      expect((await lockout.list({ locked: false })).items.map(({ key }) => key)).to.deep.equal(['ip=127.0.0.1']);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe('The option dimensions', () => {
  const open = loginSites(onMemoryStore());
  const [IP, USER, AGENT] = ['ip=203.0.113.1', 'username=alice', 'userAgent=agent A'];

  const SHAPES: readonly [dimensions: NonNullable<LockoutOptions['dimensions']>, keys: readonly string[]][] = [
    [['ip'], [IP]],
    [['username'], [USER]],
    [['userAgent'], [AGENT]],
    [
      ['username', 'ip'],
      [IP, USER],
    ],
    [
      ['username', 'ip', 'userAgent'],
      [IP, AGENT, USER],
    ],
    [[['username', 'ip']], [`${IP}&${USER}`]],
    [[['ip', 'username']], [`${IP}&${USER}`]],
    [[['ip', 'username', 'userAgent']], [`${IP}&${AGENT}&${USER}`]],
    [
      ['ip', ['username', 'userAgent']],
      [IP, `${AGENT}&${USER}`],
    ],
    [
      [
        ['ip', 'userAgent'],
        ['username', 'userAgent'],
      ],
      [`${IP}&${AGENT}`, `${AGENT}&${USER}`],
    ],
  ];
  for (const [dimensions, keys] of SHAPES) {
    it(`A107 leads to one record for each item, with the parts of nested ones together: ${JSON.stringify(dimensions)}`, async () => {
      const site = await open({ ...LIMIT_3, dimensions });
      await site.guess(ALICE);

      expect(await site.failures()).to.deep.equal(Object.fromEntries(keys.map((key) => [key, 1])));
    });
  }

  it('A109 can be a function of the attempt: by pair from an office, by username from elsewhere', async () => {
    const site = await open({
      ...LIMIT_3,
      dimensions: ({ ip }) => (ip === ALICE.ip ? [['username', 'ip']] : ['username']),
    });
    await site.guess(ALICE, 2);
    await site.guess({ ip: '198.51.100.7' });

    expect(await site.failures()).to.deep.equal({ [`${IP}&${USER}`]: 2, [USER]: 1 });
    expect((await site.guess()).status).to.equal(429);
    expect((await site.logIn({ ip: '198.51.100.7' })).status).to.equal(200);
  });

  it('A110 throws if it is not a list', () => {
    for (const dimensions of ['ip', 7, { ip: true }, null]) {
      expect(() => new Lockout({ dimensions } as never), String(dimensions)).to.throw(
        LockoutConfigError,
        /^options\.dimensions: expected .*list/,
      );
    }
  });
});
