/** Express 5 and Express 4. */
import { createServer } from 'node:http';
import { expect } from 'chai';
import express5, { type RequestHandler } from 'express';
import session from 'express-session';
import express4 from 'express4';
import { Passport } from 'passport';
import type { Lockout } from '../../lib/index.js';
import { Driver, describeFramework, guarded, listen, RIGHT, type StartFramework, type User } from './contract.js';
import { describeDevicesBehindMiddleware, describeKnownDevices, type StartByWay, type Way } from './known-devices.js';

type Authenticating = (passport: InstanceType<typeof Passport>) => RequestHandler;

const customCallback: Authenticating = (passport) => (req, res, next) => {
  const answer = (error: unknown, user: User | false, _info: unknown, status = 401) => {
    if (error) next(error);
    else if (user) req.logIn(user, next);
    else res.sendStatus(status);
  };
  passport.authenticate('local', answer)(req, res, next);
};

const HANDLERS: Readonly<Record<Way, Authenticating>> = {
  'with a session': (passport) => passport.authenticate('local'),
  'without a session': (passport) => passport.authenticate('local', { session: false }),
  'with a custom callback': customCallback,
  'with successRedirect': (passport) => passport.authenticate('local', { successRedirect: '/me' }),
};

const startByWay =
  (express: typeof express5, before: (lockout: Lockout) => readonly RequestHandler[] = () => []): StartByWay =>
  async (lockout, check, way) => {
    const passport = new Passport();
    passport.use(guarded(lockout, check));
    passport.serializeUser((user, done) => done(null, (user as User).username));
    passport.deserializeUser((username: string, done) => done(null, { username }));
    const app = express();
    app.set('env', 'test'); // no error on the console
    app.use(...before(lockout), session({ secret: 'x', resave: false, saveUninitialized: false }), passport.session());
    app.post('/login', express.json(), HANDLERS[way](passport), (_req, res) => void res.send('in'));
    app.get('/me', (req, res) => {
      if (req.user) res.send((req.user as User).username);
      else res.sendStatus(401);
    });
    return listen(createServer(app));
  };

const startExpress =
  (express: typeof express5): StartFramework =>
  (lockout, check) =>
    startByWay(express)(lockout, check, 'with a session');

describeFramework('Express 5', { start: startExpress(express5), hasResponse: true });
describeFramework('Express 4', { start: startExpress(express4), hasResponse: true });

for (const [name, express] of [
  ['Express 5', express5],
  ['Express 4', express4],
] as const) {
  describeKnownDevices(name, startByWay(express));
  describeDevicesBehindMiddleware(name, (lockout, check) =>
    startByWay(express, () => [lockout.middleware()])(lockout, check, 'with a session'),
  );
}

describe('Express behind a trusted proxy', () => {
  it('counts the address given by the proxy', async () => {
    const driver = new Driver();
    await driver.start(async (lockout, check) => {
      const passport = new Passport();
      passport.use(guarded(lockout, check));
      const app = express5();
      app.set('trust proxy', 'loopback');
      app.post('/login', express5.json(), passport.authenticate('local', { session: false }), (_req, res) => {
        res.send('in');
      });
      return listen(createServer(app));
    });
    await driver.logIn('alice', 'wrong', { 'x-forwarded-for': '198.51.100.7, 203.0.113.9' });

    expect(await driver.lockout.status({ ip: '203.0.113.9' })).to.include({ failures: 1 });
    expect((await driver.logIn('alice', RIGHT)).status).to.equal(200);
    await driver.close();
  });
});
