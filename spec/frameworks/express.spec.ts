/** Express 5 and Express 4. */
import { createServer } from 'node:http';
import { expect } from 'chai';
import express5 from 'express';
import session from 'express-session';
import express4 from 'express4';
import { Passport } from 'passport';
import { Driver, describeFramework, guarded, listen, RIGHT, type StartFramework, type User } from './contract.js';

const startExpress =
  (express: typeof express5): StartFramework =>
  async (lockout, check) => {
    const passport = new Passport();
    passport.use(guarded(lockout, check));
    passport.serializeUser((user, done) => done(null, (user as User).username));
    passport.deserializeUser((username: string, done) => done(null, { username }));
    const app = express();
    app.set('env', 'test'); // no error on the console
    app.use(session({ secret: 'x', resave: false, saveUninitialized: false }), passport.session());
    app.post('/login', express.json(), passport.authenticate('local'), (_req, res) => void res.send('in'));
    app.get('/me', (req, res) => {
      if (req.user) res.send((req.user as User).username);
      else res.sendStatus(401);
    });
    return listen(createServer(app));
  };

describeFramework('Express 5', { start: startExpress(express5), hasResponse: true });
describeFramework('Express 4', { start: startExpress(express4), hasResponse: true });

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
