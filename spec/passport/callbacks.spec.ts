/** Applications that answer by themselves: `passport.authenticate(name, options, callback)`, and `failWithError`. */
import { expect } from 'chai';
import type { RequestHandler } from 'express';
import { Lockout, type LockoutOptions, type StrategyLike, withLockout } from '../../lib/index.js';
import { type LoginApp, startApp, startLoginApp } from '../support/sites/login-app.js';
import { PasswordCheck, RIGHT_PASSWORD } from '../support/sites/password-strategy.js';
import { converse } from '../support/sites/plain-and-wrapped.js';
import { STORES_BY_TURN } from '../support/stores/stores-by-turn.js';

const LIMIT_1: LockoutOptions = { dimensions: ['username'], tiers: [{ failures: 1, cooloff: { minutes: 15 } }] };
const WRONG = ['alice', 'wrong'] as const;
const LOCKED_INFO = {
  code: 'ERR_LOCKOUT_LOCKED',
  message: 'Too many failed logins. Try again in 15 minutes.',
  dimension: 'username',
  retryAfter: 900,
};
const local = () => new PasswordCheck().strategy();

/** One name, or a list of one: then Passport gives lists. */
const FORMS = [
  ['a single name', 'local'],
  ['a list of names', ['local']],
] as const;

function startWithCallback(strategy: StrategyLike, names: string | readonly string[]): Promise<LoginApp> {
  return startApp((app, passport) => {
    passport.use(strategy as never);
    app.post('/login', (req, res, next) => {
      const callback = (error: unknown, user: unknown, info: unknown, status: unknown) =>
        res.json({ error: error ? String(error) : error, user, info, status });
      const middleware = passport.authenticate(names as string, { session: false }, callback as never);
      (middleware as RequestHandler)(req, res, next);
    });
  });
}

for (const [storeName, createStore] of STORES_BY_TURN) {
  describe(`A custom callback, on ${storeName},`, () => {
    for (const [form, names] of FORMS) {
      it(`receives with ${form} what it receives from the plain strategy`, async () => {
        const wrapped = withLockout(local(), { store: createStore() });
        const heard = await converse(startWithCallback(wrapped, names));

        expect(heard).to.deep.equal(await converse(startWithCallback(local(), names)));
        expect(heard[0]).to.include('"user":{"username":"alice"}');
      });
    }

    it('receives reason and time when locked', async () => {
      const wrapped = withLockout(local(), { ...LIMIT_1, store: createStore() });
      const app = await startWithCallback(wrapped, 'local');
      const heard = [await app.login(...WRONG), await app.login('alice', RIGHT_PASSWORD)];
      await app.close();

      for (const { body } of heard) {
        expect(JSON.parse(body)).to.deep.equal({ error: null, user: false, info: LOCKED_INFO, status: 429 });
      }
    });

    it('receives lists of these with a list of names', async () => {
      const wrapped = withLockout(local(), { ...LIMIT_1, store: createStore() });
      const app = await startWithCallback(wrapped, ['local']);
      const { body } = await app.login(...WRONG);
      await app.close();

      expect(JSON.parse(body)).to.deep.equal({ error: null, user: false, info: [LOCKED_INFO], status: [429] });
    });

    it("receives a locked login as an error with onLocked: 'error'", async () => {
      const wrapped = withLockout(local(), { ...LIMIT_1, store: createStore(), onLocked: 'error' });
      const app = await startWithCallback(wrapped, 'local');
      const { body } = await app.login(...WRONG);
      await app.close();

      expect(JSON.parse(body)).to.deep.equal({ error: `LockoutRefusedError: ${LOCKED_INFO.message}` });
    });

    it('that throws causes an error of the request, as with the plain strategy, and the failure counts', async () => {
      const lockout = new Lockout({ store: createStore() });
      const start = (strategy: StrategyLike) =>
        startApp((app, passport) => {
          passport.use(strategy as never);
          app.post('/login', (req, res, next) => {
            const callback = (error: unknown) => {
              // Called once more, with the error thrown here.
              if (error) next(error);
              else throw new Error('a bug in the application');
            };
            (passport.authenticate('local', callback) as RequestHandler)(req, res, next);
          });
        });
      const heard = await converse(start(withLockout(local(), lockout)), [WRONG]);

      expect(heard).to.deep.equal(await converse(start(local()), [WRONG]));
      expect(heard).to.deep.equal(['500 | error: a bug in the application']);
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
    });
  });

  describe(`failWithError, on ${storeName},`, () => {
    const start = (strategy: StrategyLike) =>
      startLoginApp({ strategies: { local: strategy }, authenticate: { failWithError: true } });

    it('passes on the errors of the plain strategy', async () => {
      const wrapped = withLockout(local(), { store: createStore() });

      expect(await converse(start(wrapped))).to.deep.equal(await converse(start(local())));
    });

    it('passes on an error with status 429 when locked, and sets Retry-After', async () => {
      const wrapped = withLockout(local(), { ...LIMIT_1, store: createStore() });

      expect(await converse(start(wrapped), [WRONG])).to.deep.equal(['429 | 900 | error: Too Many Requests']);
    });
  });
}
