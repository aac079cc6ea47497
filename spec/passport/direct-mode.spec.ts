/** `passport.authenticate(strategyObject)`: no name, and no object of Passport's own for each request. */
import { expect } from 'chai';
import type { RequestHandler } from 'express';
import { Strategy as LocalStrategy, type VerifyFunction } from 'passport-local';
import { Lockout, type LockoutOptions, lockoutMixin, type StrategyLike, withLockout } from '../../lib/index.js';
import { countStatuses, type LoginApp, startApp } from '../support/sites/login-app.js';
import { PasswordCheck, RIGHT_PASSWORD } from '../support/sites/password-strategy.js';
import { converse } from '../support/sites/plain-and-wrapped.js';
import { STORES_BY_TURN } from '../support/stores/stores-by-turn.js';
import { until } from '../support/tools/until.js';

const LIMIT_3: LockoutOptions = { dimensions: ['username'], tiers: [{ failures: 3, cooloff: { minutes: 15 } }] };
const WRONG = ['alice', 'wrong'] as const;
const RIGHT = ['alice', RIGHT_PASSWORD] as const;

/** `strategyOf` is called for each request. */
function start(strategyOf: () => StrategyLike): Promise<LoginApp> {
  return startApp((app, passport) => {
    app.post(
      '/login',
      (req, res, next) => {
        const middleware = passport.authenticate(strategyOf() as never, { session: false }) as RequestHandler;
        middleware(req, res, next);
      },
      (req, res) => void res.json({ user: req.user }),
    );
  });
}

interface Login {
  readonly body: { readonly username: string; readonly password: string };
}
type Check = (username: string, password: string, done: (error: unknown, user?: unknown) => void) => void;

/** `#private` members are readable on the instance alone, on no object that inherits from it. */
class PrivateStrategy {
  declare success: (user: unknown) => void;
  declare fail: (challenge: unknown, status?: number) => void;
  readonly name = 'private';
  readonly _usernameField = 'username';
  readonly _passwordField = 'password';
  readonly _verify: Check;
  readonly #realm = 'Users';

  constructor(verify: Check) {
    this._verify = verify;
  }

  authenticate({ body }: Login): unknown {
    const challenge = `Private realm="${this.#realm}"`;
    if (!body.password) return this.fail(challenge, 400);
    return this._verify(body.username, body.password, (_error, user) =>
      user ? this.success(user) : this.fail(challenge),
    );
  }
}

class AsyncPrivateStrategy extends PrivateStrategy {
  readonly #delay = Promise.resolve();

  override async authenticate(req: Login): Promise<void> {
    await this.#delay;
    super.authenticate(req);
  }
}

const judge: Check = (username, password, done) => done(null, password === RIGHT_PASSWORD && { username });

const KINDS: readonly [string, create: () => StrategyLike][] = [
  ['passport-local', () => new PasswordCheck().strategy()],
  ['a class with #private members', () => new PrivateStrategy(judge)],
  ['an asynchronous class with #private members', () => new AsyncPrivateStrategy(judge)],
];

for (const [storeName, createStore] of STORES_BY_TURN) {
  describe(`Direct mode, on ${storeName},`, () => {
    for (const [kind, create] of KINDS) {
      it(`answers with ${kind} as the plain strategy does, whether shared or created for each request`, async () => {
        const plain = await converse(start(create));
        const lockout = new Lockout({ store: createStore() });
        const shared = withLockout(create(), lockout);

        expect(await converse(start(() => shared))).to.deep.equal(plain);
        expect(await converse(start(() => withLockout(create(), lockout)))).to.deep.equal(plain);
        expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
      });

      it(`locks with ${kind} when each request has an instance of its own`, async () => {
        const lockout = new Lockout({ ...LIMIT_3, store: createStore() });
        const app = await start(() => withLockout(create(), lockout));
        const answers = [];
        for (const [username, password] of [WRONG, WRONG, WRONG, RIGHT, ['bob', RIGHT_PASSWORD]]) {
          answers.push((await app.login(username, password)).status);
        }
        await app.close();

        expect(answers).to.deep.equal([401, 401, 429, 429, 200]);
      });
    }

    for (const [kind, Strategy] of [
      ['a class with #private members', PrivateStrategy],
      ['an asynchronous class with #private members', AsyncPrivateStrategy],
    ] as const) {
      it(`X19 locks with one mixed instance of ${kind} for all requests`, async () => {
        const lockout = new Lockout({ ...LIMIT_3, store: createStore() });
        const shared = new (lockoutMixin(Strategy, lockout))(judge);
        const app = await start(() => shared);
        const answers = [];
        for (const [username, password] of [WRONG, WRONG, WRONG, RIGHT, ['bob', RIGHT_PASSWORD]]) {
          answers.push((await app.login(username, password)).status);
        }
        await app.close();

        expect(answers).to.deep.equal([401, 401, 429, 429, 200]);
      });
    }

    it('gives each of two requests that share an instance its own answer, although Passport mixes them up', async () => {
      const open = new Map<string, (error: unknown, user?: unknown) => void>();
      const lockout = new Lockout({ ...LIMIT_3, store: createStore() });
      const verify: Check = (username, _password, done) => void open.set(username, done);
      const shared = withLockout(new LocalStrategy(verify as VerifyFunction), lockout);
      const app = await start(() => shared);
      const alice = app.login('alice', 'x');
      await until(() => open.has('alice'));
      const bob = app.login('bob', 'x');
      await until(() => open.has('bob'));
      open.get('alice')?.(null, false);
      open.get('bob')?.(null, { username: 'bob' });
      const [first, second] = [await alice, await bob];
      await app.close();

      expect([first.status, second.body]).to.deep.equal([401, '{"user":{"username":"bob"}}']);
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1 });
      expect(await lockout.status({ username: 'bob' })).to.include({ failures: 0 });
    });

    it('never verifies more guesses than the limit, with 20 in parallel on a shared instance', async () => {
      const check = new PasswordCheck({ takesMs: 1 });
      const shared = withLockout(check.strategy(), { ...LIMIT_3, store: createStore() });
      const app = await start(() => shared);
      const answers = await Promise.all(Array.from({ length: 20 }, () => app.login(...WRONG)));
      await app.close();

      expect(countStatuses(answers)).to.deep.equal({ 401: 2, 429: 18 });
      expect(check.verified).to.have.length(3);
    });
  });
}
