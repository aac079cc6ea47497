/** express-session behind Passport: the login of a logout is found in the attempt log by the hash of its session. */
import { expect } from 'chai';
import session from 'express-session';
import { Lockout, withLockout } from '../../lib/index.js';
import { type LoginApp, startApp } from '../support/sites/login-app.js';
import { PasswordCheck, RIGHT_PASSWORD } from '../support/sites/password-strategy.js';

describe('The session of a login in the attempt log', () => {
  let app: LoginApp;
  let lockout: Lockout;

  async function start(): Promise<void> {
    lockout = new Lockout();
    app = await startApp((express, passport) => {
      passport.use(withLockout(new PasswordCheck().strategy(), lockout) as never);
      passport.serializeUser((user, done) => done(null, user));
      passport.deserializeUser((user: Express.User, done) => done(null, user));
      express.use(session({ secret: 'x', resave: false, saveUninitialized: false }), passport.session());
      express.post('/login', passport.authenticate('local'), (_req, res) => void res.sendStatus(204));
      express.post('/protected', async (req, res, next) => {
        const { outcome } = await lockout.protect({ req, username: 'alice' }, () => true);
        req.logIn({}, (error) => (error ? next(error) : res.json({ outcome })));
      });
      express.post('/logout', async (req, res) => {
        await lockout.recordLogout(req, { username: 'alice' });
        req.session.destroy(() => res.sendStatus(204));
      });
    });
  }

  async function hashes(): Promise<readonly (readonly [string, string | null])[]> {
    const { items } = await lockout.attempts();
    return items.map(({ outcome, sessionHash }) => [outcome, sessionHash]);
  }

  afterEach(async () => {
    await app.close();
    await lockout.close();
  });

  for (const path of ['/login', '/protected']) {
    it(`X37 is that of its logout, after ${path}`, async () => {
      await start();
      const answer = await app.request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'alice', password: RIGHT_PASSWORD }),
      });
      const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
      await app.request('/logout', { method: 'POST', headers: { cookie } });

      const [[logout, ended], [login, begun]] = (await hashes()) as [[string, string], [string, string]];
      expect([logout, login]).to.deep.equal(['logout', 'succeeded']);
      expect(ended)
        .to.match(/^[\da-f]{64}$/)
        .and.equal(begun);
    });
  }
});
