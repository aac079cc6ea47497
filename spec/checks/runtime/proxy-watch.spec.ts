/** Findings about X-Forwarded-For, in every framework over HTTP. */
import { createServer } from 'node:http';
import { Authenticator } from '@fastify/passport';
import secureSession from '@fastify/secure-session';
import { expect } from 'chai';
import express5 from 'express';
import express4 from 'express4';
import fastify, { type FastifyServerOptions } from 'fastify';
import Koa from 'koa';
import bodyParser from 'koa-bodyparser';
import koaPassport from 'koa-passport';
import { Passport } from 'passport';
import { Lockout, type LockoutOptions, MemoryStore, trustedProxies } from '../../../lib/index.js';
import { Driver, guarded, listen, type StartFramework } from '../../frameworks/contract.js';
import { SECRET } from '../../support/fixtures/secret.js';
import { EventLog } from '../../support/tools/events.js';

const IGNORED = 'WARN_LOCKOUT_FORWARDED_FOR_IGNORED';
const EVERY = 'WARN_LOCKOUT_EVERY_PROXY_TRUSTED';
const FORWARDED = { 'x-forwarded-for': '203.0.113.9' };

const onExpress =
  (express: typeof express5, trust?: unknown): StartFramework =>
  async (lockout, check) => {
    const passport = new Passport();
    passport.use(guarded(lockout, check));
    const app = express();
    if (trust !== undefined) app.set('trust proxy', trust);
    app.post('/login', express.json(), passport.authenticate('local', { session: false }), (_req, res) => {
      res.send('in');
    });
    return listen(createServer(app));
  };

const { KoaPassport } = koaPassport as unknown as { readonly KoaPassport: new () => typeof koaPassport };

const onKoa =
  (options: ConstructorParameters<typeof Koa>[0]): StartFramework =>
  async (lockout, check) => {
    const passport = new KoaPassport();
    passport.use(guarded(lockout, check));
    const app = new Koa(options);
    app
      .use(bodyParser())
      .use(passport.initialize())
      .use(passport.authenticate('local', { session: false }));
    return listen(createServer(app.callback()));
  };

const onFastify =
  (options: FastifyServerOptions): StartFramework =>
  async (lockout, check) => {
    const passport = new Authenticator();
    passport.use(guarded(lockout, check));
    const app = fastify(options);
    await app.register(secureSession, { key: Buffer.alloc(32, 'x') });
    await app.register(passport.initialize());
    app.post('/login', { preValidation: passport.authenticate('local', { session: false }) }, async () => 'in');
    await app.listen({ port: 0, host: '127.0.0.1' });
    return {
      server: app.server,
      close: async () => {
        app.server.closeAllConnections();
        await app.close();
      },
    };
  };

async function codesOf(
  start: StartFramework,
  headers: Record<string, string>,
  options: LockoutOptions = {},
): Promise<readonly string[]> {
  // By the real clock, or a difference would be noticed, too.
  const driver = new Driver({ secret: SECRET, store: new MemoryStore(), ...options });
  const log = new EventLog(driver.lockout);
  await driver.start(start);
  for (const username of ['alice', 'bob', 'carol']) await driver.logIn(username, 'wrong', headers);
  const found = (await driver.lockout.check()).map(({ code }) => code);
  await driver.close();
  expect(found).to.deep.equal(log.of('warning').map(({ code }) => code));
  return found;
}

describe('ProxyWatch', () => {
  const TRUSTING_NOBODY: Readonly<Record<string, StartFramework>> = {
    'Express 5': onExpress(express5),
    'Express 4': onExpress(express4),
    Koa: onKoa({}),
    Fastify: onFastify({}),
  };
  for (const [name, start] of Object.entries(TRUSTING_NOBODY)) {
    it(`warns once that ${name} ignores X-Forwarded-For`, async () => {
      expect(await codesOf(start, FORWARDED)).to.deep.equal([IGNORED]);
    });

    it(`does not warn about ${name} without the header`, async () => {
      expect(await codesOf(start, {})).to.deep.equal([]);
    });
  }

  const TRUSTING_EVERYBODY: Readonly<Record<string, StartFramework>> = {
    'Express 5': onExpress(express5, true),
    'Express 4': onExpress(express4, true),
    'Koa (which then takes the left-most entry)': onKoa({ proxy: true }),
    Fastify: onFastify({ trustProxy: true }),
    'Fastify (by a function)': onFastify({ trustProxy: () => true }),
  };
  for (const [name, start] of Object.entries(TRUSTING_EVERYBODY)) {
    it(`warns once that ${name} trusts everybody, with the header and without`, async () => {
      expect(await codesOf(start, FORWARDED)).to.deep.equal([EVERY]);
      expect(await codesOf(start, {})).to.deep.equal([EVERY]);
    });
  }

  const TRUSTING_SOMEBODY: Readonly<Record<string, StartFramework>> = {
    'Express 5 trusting addresses': onExpress(express5, 'loopback'),
    'Express 5 trusting a number of hops': onExpress(express5, 1),
    'Express 5 trusting by a function': onExpress(express5, () => true),
    'Express 5 trusting only addresses of others': onExpress(express5, '198.51.100.1'),
    'Koa with maxIpsCount': onKoa({ proxy: true, maxIpsCount: 1 }),
    'Fastify trusting addresses': onFastify({ trustProxy: 'loopback' }),
    'Fastify trusting only addresses of others': onFastify({ trustProxy: '198.51.100.7' }),
  };
  for (const [name, start] of Object.entries(TRUSTING_SOMEBODY)) {
    it(`does not warn about ${name}`, async () => {
      expect(await codesOf(start, FORWARDED)).to.deep.equal([]);
    });
  }

  it('does not warn if the application determines the address itself', async () => {
    const clientIp = trustedProxies(['loopback']);
    expect(await codesOf(onExpress(express5, true), FORWARDED, { clientIp })).to.deep.equal([]);
    expect(await codesOf(onExpress(express5), FORWARDED, { clientIp })).to.deep.equal([]);
  });

  it('does not warn if addresses are neither counted nor exempted', async () => {
    expect(await codesOf(onExpress(express5, true), FORWARDED, { dimensions: ['username'] })).to.deep.equal([
      'WARN_LOCKOUT_IP_NOT_COUNTED',
    ]);
  });

  it('warns if addresses are not counted, but an address on the allow list is exempt', async () => {
    const options: LockoutOptions = { dimensions: ['username'], allow: { ips: ['10.0.0.0/8'] } };
    expect(await codesOf(onExpress(express5, true), FORWARDED, options)).to.deep.equal([
      'WARN_LOCKOUT_IP_NOT_COUNTED',
      EVERY,
    ]);
  });
});

describe('ProxyWatch without a framework', () => {
  async function codesOfRequests(requests: readonly object[], ip?: string): Promise<readonly string[]> {
    const lockout = new Lockout({ secret: SECRET });
    for (const [index, req] of requests.entries()) {
      await lockout.protect({ username: `user${index}`, req, ...(ip !== undefined && { ip }) }, () => false);
    }
    return (await lockout.check()).map(({ code }) => code);
  }

  const socket = { remoteAddress: '10.0.0.1' };
  const headers = FORWARDED;

  it('warns of X-Forwarded-For if the address of the connection counts', async () => {
    expect(await codesOfRequests([{ socket, headers }])).to.deep.equal([IGNORED]);
  });

  it('warns of X-Forwarded-For in a later request, too', async () => {
    expect(await codesOfRequests([{ socket }, { socket, headers: {} }, { socket, headers }])).to.deep.equal([IGNORED]);
  });

  it('does not warn if the given address is not that of the connection', async () => {
    expect(await codesOfRequests([{ ip: '203.0.113.9', socket, headers }])).to.deep.equal([]);
    expect(await codesOfRequests([{ socket, headers }], '203.0.113.9')).to.deep.equal([]);
  });

  it('does not break a login whose request has a broken app.get', async () => {
    const get = () => {
      throw new Error('bug');
    };
    expect(await codesOfRequests([{ app: { get }, socket, headers }])).to.deep.equal([]);
  });

  it("reads the framework's setting once, not with every login", async () => {
    let asked = 0;
    const app = { get: (name: string) => (name === 'trust proxy' ? Boolean(++asked) : undefined) };
    await codesOfRequests(Array.from({ length: 20 }, () => ({ app, socket, headers })));
    expect(asked).to.equal(1);
  });
});
