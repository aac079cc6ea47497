/** Koa with koa-passport. */
import { createServer } from 'node:http';
import { expect } from 'chai';
import Koa from 'koa';
import bodyParser from 'koa-bodyparser';
import koaPassport from 'koa-passport';
import koaSession from 'koa-session';
import type { LockedInfo } from '../../lib/index.js';
import { Driver, describeFramework, guarded, listen, type StartFramework, type User } from './contract.js';
import { describeKnownDevices, type StartByWay, type Way } from './known-devices.js';

const { KoaPassport } = koaPassport as unknown as { readonly KoaPassport: new () => typeof koaPassport };

type Authenticating = (passport: typeof koaPassport) => Koa.Middleware;

const customCallback: Authenticating = (passport) => (ctx, next) =>
  passport.authenticate('local', async (_error: unknown, user: unknown, _info: unknown, status = 401) => {
    if (!user) ctx.throw(status as number);
    await ctx.login(user);
    await next();
  })(ctx, next);

const HANDLERS: Readonly<Record<Way, Authenticating>> = {
  'with a session': (passport) => passport.authenticate('local'),
  'without a session': (passport) => passport.authenticate('local', { session: false }),
  'with a custom callback': customCallback,
  'with successRedirect': (passport) => passport.authenticate('local', { successRedirect: '/me' }),
};

const startByWay: StartByWay = async (lockout, check, way) => {
  const passport = new KoaPassport();
  passport.use(guarded(lockout, check));
  passport.serializeUser((user, done) => done(null, (user as User).username));
  passport.deserializeUser((username: string, done) => done(null, { username }));
  const app = new Koa();
  app.silent = true;
  app.keys = ['x'];
  app
    .use(koaSession({ signed: false }, app))
    .use(bodyParser())
    .use(passport.initialize())
    .use(passport.session());
  const logIn = HANDLERS[way](passport);
  app.use((ctx, next) => (ctx.path === '/login' ? logIn(ctx, next) : next()));
  app.use((ctx) => {
    const user = ctx.state['user'] as User | undefined;
    ctx.status = user ? 200 : 401;
    if (user) ctx.body = user.username;
  });
  return listen(createServer(app.callback()));
};

const startKoa: StartFramework = (lockout, check) => startByWay(lockout, check, 'with a session');

describeKnownDevices('Koa', startByWay);
describeFramework('Koa', { start: startKoa, hasResponse: true });

describe('Koa with a custom callback', () => {
  it('passes it status and info, and lets it answer as it likes', async () => {
    const driver = new Driver();
    await driver.start(async (lockout, check) => {
      const passport = new KoaPassport();
      passport.use(guarded(lockout, check));
      const app = new Koa();
      app.use(bodyParser()).use(passport.initialize());
      app.use((ctx, next) =>
        passport.authenticate('local', (_error: unknown, user: unknown, info?: LockedInfo, status = 401) => {
          ctx.status = user ? 200 : (status as number);
          ctx.body = { seconds: info?.retryAfter };
        })(ctx, next),
      );
      return listen(createServer(app.callback()));
    });
    const [, , locked] = await driver.lock('alice');

    expect(locked).to.include({ status: 429, body: '{"seconds":900}' });
    await driver.close();
  });
});
