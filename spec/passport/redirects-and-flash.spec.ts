/** What Passport does by its options after a login: redirects, messages, the session. */
import { expect } from 'chai';
import type { RequestHandler } from 'express';
import session from 'express-session';
import type { AuthenticateOptions } from 'passport';
import { Lockout, type StrategyLike, withLockout } from '../../lib/index.js';
import { type LoginApp, startApp, startLoginApp } from '../support/sites/login-app.js';
import { PasswordCheck, RIGHT_PASSWORD } from '../support/sites/password-strategy.js';
import { converse, LOGINS } from '../support/sites/plain-and-wrapped.js';
import { STORES_BY_TURN } from '../support/stores/stores-by-turn.js';

const LIMIT_2 = { tiers: [{ failures: 2, cooloff: { minutes: 15 } }] };
const MESSAGE = 'Too many failed logins. Try again in 15 minutes.';
const local = () => new PasswordCheck().strategy();

/** As connect-flash keeps messages. */
const flash: RequestHandler = (req, _res, next) => {
  const { session } = req as unknown as { readonly session: { flash?: unknown[] } };
  const put = (type: string, message: string) => {
    session.flash = [...(session.flash ?? []), [type, message]];
  };
  Object.assign(req, { flash: put });
  next();
};

/** Logs in to a session; `/seen` shows its contents. */
function start(strategy: StrategyLike, options: AuthenticateOptions): Promise<LoginApp> {
  return startApp((app, passport) => {
    passport.use(strategy as never);
    passport.serializeUser((user, done) => done(null, user));
    passport.deserializeUser((user: Express.User, done) => done(null, user));
    app.use(session({ secret: 'x', resave: false, saveUninitialized: false }), passport.session(), flash);
    app.get('/seen', (req, res) => {
      const { flash, messages } = req.session as { readonly flash?: unknown; readonly messages?: unknown };
      res.json({ user: req.user, flash, messages });
    });
    app.post('/login', passport.authenticate('local', options), (req, res) => void res.json(req.user));
  });
}

/** The answer to each login, and what its session holds afterwards. */
async function visit(started: Promise<LoginApp>, logins = LOGINS): Promise<readonly string[]> {
  const app = await started;
  const seen: string[] = [];
  for (const [username, password] of logins) {
    const { status, headers } = await app.login(username, password);
    const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const { body } = await app.request('/seen', { headers: { cookie } });
    seen.push(`${status} ${headers.get('location')} ${body}`);
  }
  await app.close();
  return seen;
}

const OPTIONS: readonly [string, AuthenticateOptions][] = [
  ['successRedirect', { successRedirect: '/home' }],
  ['successMessage', { successMessage: 'Welcome', successRedirect: '/home' }],
  ['failureRedirect', { failureRedirect: '/login' }],
  ['failureMessage with a string', { failureRedirect: '/login', failureMessage: 'Wrong.' }],
  ['failureMessage with the message of the strategy', { failureRedirect: '/login', failureMessage: true }],
  ['failureFlash with a string', { failureRedirect: '/login', failureFlash: 'Wrong.' }],
  ['failureFlash with the message of the strategy', { failureRedirect: '/login', failureFlash: true }],
  ['a login to the session alone', {}],
];

for (const [storeName, createStore] of STORES_BY_TURN) {
  describe(`The options of passport.authenticate(), on ${storeName},`, () => {
    for (const [title, options] of OPTIONS) {
      it(`work as with the plain strategy: ${title}`, async () => {
        const wrapped = withLockout(local(), { store: createStore() });

        expect(await visit(start(wrapped, options))).to.deep.equal(await visit(start(local(), options)));
      });
    }

    it('redirect a locked login, with the message of the lockout', async () => {
      const told: readonly [AuthenticateOptions, object][] = [
        [{ failureRedirect: '/login', failureMessage: true }, { messages: [MESSAGE] }],
        [{ failureRedirect: '/login', failureFlash: true }, { flash: [['error', MESSAGE]] }],
      ];
      for (const [options, session] of told) {
        const wrapped = withLockout(local(), { ...LIMIT_2, store: createStore() });
        const [, locked, refused] = await visit(start(wrapped, options), [
          ['alice', 'wrong'],
          ['alice', 'wrong'],
          ['alice', RIGHT_PASSWORD],
        ]);

        expect(locked).to.equal(`302 /login ${JSON.stringify(session)}`);
        expect(refused).to.equal(locked);
      }
    });

    it('report a missing flash as an error of the request, and count the failure', async () => {
      const lockout = new Lockout({ store: createStore() });
      const withoutFlash = (strategy: StrategyLike) =>
        startLoginApp({ strategies: { local: strategy }, authenticate: { failureFlash: 'Wrong.' } });
      const heard = await converse(withoutFlash(withLockout(local(), lockout)), [['alice', 'wrong']]);

      expect(heard).to.deep.equal(await converse(withoutFlash(local()), [['alice', 'wrong']]));
      expect(heard).to.deep.equal(['500 | error: req.flash is not a function']);
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
    });
  });

  describe(`passport.authorize(), on ${storeName},`, () => {
    const startAuthorize = (strategy: StrategyLike) =>
      startApp((app, passport) => {
        passport.use(strategy as never);
        app.post('/login', passport.authorize('local'), (req, res) => {
          res.json({ user: req.user, account: (req as { readonly account?: unknown }).account });
        });
      });

    it('connects an account as with the plain strategy', async () => {
      const heard = await converse(startAuthorize(withLockout(local(), { store: createStore() })));

      expect(heard).to.deep.equal(await converse(startAuthorize(local())));
      expect(heard[0]).to.equal('200 | {"account":{"username":"alice"}}');
    });

    it('is locked, too', async () => {
      const wrapped = withLockout(local(), { ...LIMIT_2, store: createStore() });
      const heard = await converse(startAuthorize(wrapped), [
        ['alice', 'wrong'],
        ['alice', 'wrong'],
        ['alice', RIGHT_PASSWORD],
      ]);

      expect(heard.slice(1)).to.deep.equal(Array(2).fill('429 | 900 | Too Many Requests'));
    });
  });
}
