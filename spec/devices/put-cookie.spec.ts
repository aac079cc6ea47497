/** A cookie set while a strategy runs, in each framework: beside the session's and the application's, whoever comes first. */
import { createServer } from 'node:http';
import { Authenticator } from '@fastify/passport';
import secureSession from '@fastify/secure-session';
import { expect } from 'chai';
import express5 from 'express';
import session from 'express-session';
import express4 from 'express4';
import fastify from 'fastify';
import Koa from 'koa';
import koaPassport from 'koa-passport';
import koaSession from 'koa-session';
import { Passport } from 'passport';
import { Strategy as CustomStrategy } from 'passport-custom';
import { deviceCookie, lastCookie, noteCookie, putCookie } from '../../lib/devices/put-cookie.js';
import { type FrameworkApp, HOST, listen } from '../frameworks/contract.js';

const NAME = '__Host-lockout_device';
const FIRST = `${NAME}=first; Path=/; Secure`;
const SECOND = `${NAME}=second; Path=/; Secure`;
const OTHER = 'lockout_device=other; Path=/';

/** Reached as the strategy was told: once for each cookie. */
type Start = (reached: boolean[]) => Promise<FrameworkApp>;

/** Renews a cookie within one login, as two accounts do, beside that of another lockout. */
function renewing(reached: boolean[]): InstanceType<typeof CustomStrategy> {
  return new CustomStrategy((req, done) => {
    reached.push(...[FIRST, OTHER, SECOND].map((header) => putCookie(req, header)));
    done(null, { username: 'alice' });
  });
}

const startExpress =
  (express: typeof express5): Start =>
  async (reached) => {
    const passport = new Passport();
    passport.use('renewing', renewing(reached));
    passport.serializeUser((_user, done) => done(null, 'alice'));
    const app = express();
    app.use(session({ secret: 'x', resave: false, saveUninitialized: false }));
    app.use((_req, res, next) => {
      res.cookie('before', '1');
      next();
    });
    app.post('/login', passport.authenticate('renewing'), (_req, res) => {
      res.cookie('after', '1').send('in');
    });
    return listen(createServer(app));
  };

const startHttp =
  (showsResponse: boolean): Start =>
  (reached) =>
    listen(
      createServer((req, res) => {
        res.setHeader('Set-Cookie', 'before=1; Path=/');
        if (showsResponse) Object.assign(req, { res });
        reached.push(...[FIRST, OTHER, SECOND].map((header) => putCookie(req, header)));
        for (const name of ['lockout_device', NAME, 'no such cookie']) {
          const header = deviceCookie(req, name);
          if (header !== undefined) res.appendHeader('Set-Cookie', header);
        }
        res.appendHeader('Set-Cookie', ['session=1', 'after=1']);
        res.end('in');
      }),
    );

const { KoaPassport } = koaPassport as unknown as { readonly KoaPassport: new () => typeof koaPassport };

const startKoa: Start = async (reached) => {
  const passport = new KoaPassport();
  passport.use('renewing', renewing(reached));
  passport.serializeUser((_user, done) => done(null, 'alice'));
  const app = new Koa();
  app.silent = true;
  app.keys = ['x'];
  app.use(koaSession({ signed: false }, app)).use(passport.initialize());
  app.use((ctx, next) => {
    ctx.cookies.set('before', '1', { signed: false });
    return next();
  });
  app.use((ctx, next) => passport.authenticate('renewing')(ctx, next));
  app.use((ctx) => {
    ctx.cookies.set('after', '1', { signed: false });
    ctx.body = 'in';
  });
  return listen(createServer(app.callback()));
};

const startFastify: Start = async (reached) => {
  const passport = new Authenticator();
  passport.use('renewing', renewing(reached) as never);
  passport.registerUserSerializer(async () => 'alice');
  const app = fastify();
  await app.register(secureSession, { key: Buffer.alloc(32, 'x'), cookieName: 'session' });
  await app.register(passport.initialize());
  app.addHook('onSend', async (request, reply) => {
    for (const name of ['lockout_device', NAME]) {
      const header = deviceCookie(request, name);
      if (header !== undefined) reply.header('set-cookie', header);
    }
  });
  app.addHook('onRequest', async (_request, reply) => {
    reply.setCookie('before', '1');
  });
  app.post('/login', { preValidation: passport.authenticate('renewing') }, async (_request, reply) => {
    reply.setCookie('after', '1');
    return 'in';
  });
  await app.listen({ port: 0, host: HOST });
  return { server: app.server, close: () => app.close() };
};

async function cookiesOf({ server }: FrameworkApp): Promise<readonly string[]> {
  const { port } = server.address() as { port: number };
  const response = await fetch(`http://127.0.0.1:${port}/login`, { method: 'POST', headers: { connection: 'close' } });
  expect(await response.text()).to.equal('in');
  return response.headers.getSetCookie();
}

describe('devices/put-cookie', () => {
  for (const [name, start, reaches, ofSession] of [
    ['Express 5', startExpress(express5), true, 'connect.sid'],
    ['Express 4', startExpress(express4), true, 'connect.sid'],
    ['Koa', startKoa, true, 'koa.sess'],
    ['Fastify with the hook', startFastify, false, 'session'],
    ['node:http with req.res', startHttp(true), true, 'session'],
    ['node:http that asks for it', startHttp(false), false, 'session'],
  ] as const) {
    it(`sets one cookie of each name beside all others in ${name}`, async () => {
      const reached: boolean[] = [];
      const app = await start(reached);
      const cookies = await cookiesOf(app);
      await app.close();

      expect(reached).to.deep.equal([reaches, reaches, reaches]);
      const names = cookies.map((cookie) => cookie.slice(0, cookie.indexOf('=')));
      expect(names).to.have.members(['before', 'after', ofSession, 'lockout_device', NAME]);
      expect(cookies).to.include.members([SECOND, OTHER]);
    });
  }

  it('changes nothing and does not throw when the headers are gone, and says so', async () => {
    const told: unknown[] = [];
    const app = await listen(
      createServer((req, res) => {
        res.writeHead(200, { 'Set-Cookie': 'before=1' }).write('i');
        told.push(putCookie(Object.assign(req, { res }), FIRST), deviceCookie(req, NAME));
        res.end('n', () => told.push(putCookie(req, SECOND)));
      }),
    );
    expect(await cookiesOf(app)).to.deep.equal(['before=1']);
    await app.close();
    expect(told).to.deep.equal([false, FIRST, false]);
  });

  const refusing = () => {
    throw new Error('of a stand-in');
  };
  const lost: string[] = [];
  const losing = { setHeader: () => lost.push('cookies') };
  for (const [what, req] of [
    ['has no response', {}],
    ['throws when it is asked for one', Object.defineProperty({}, 'res', { get: refusing })],
    ['has something else for a response', { res: true }],
    ['has a stand-in that can only replace cookies', { res: losing }],
    ['has a stand-in whose headers are gone', { res: { ...losing, headersSent: true, getHeader: () => [] } }],
    ['has a response that throws', { res: { getHeader: () => undefined, setHeader: refusing } }],
  ] as const) {
    it(`keeps the cookie for a hook where the request ${what}`, () => {
      expect(putCookie(req, FIRST)).to.equal(false);
      expect(putCookie(req, SECOND)).to.equal(false);
      expect(deviceCookie(req, NAME)).to.equal(SECOND);
      expect(deviceCookie(req, 'lockout_device')).to.equal(undefined);
      expect(lost).to.deep.equal([]);
    });
  }

  it('knows the last one of a request, whether or not it was set, and leaves to no hook what is set', () => {
    const lines: unknown[] = [];
    const res = { getHeader: () => undefined, setHeader: (_name: string, all: unknown) => lines.push(all) };
    const [seen, unseen, noted] = [{ res }, {}, {}];
    putCookie(seen, FIRST);
    putCookie(unseen, FIRST);
    noteCookie(noted, FIRST);
    expect([seen, unseen, noted].map((req) => lastCookie(req, NAME))).to.deep.equal([FIRST, FIRST, FIRST]);
    expect([seen, unseen, noted].map((req) => deviceCookie(req, NAME))).to.deep.equal([undefined, FIRST, undefined]);
    expect(lines).to.deep.equal([[FIRST]]);
  });

  it('knows it by the response, for a framework may make a request for each strategy', () => {
    const res = { getHeader: () => undefined, setHeader: () => {} };
    putCookie({ ctx: { res } }, FIRST);
    expect(lastCookie({ ctx: { res } }, NAME)).to.equal(FIRST);
  });
});
