/** Under which names a wrapped strategy is used, and wrappers of wrappers. */
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { Strategy as PassportStrategy } from 'passport';
import { Strategy as LocalStrategy, type VerifyFunction } from 'passport-local';
import { Lockout, type LockoutOptions, lockoutMixin, type StrategyLike, withLockout } from '../../lib/index.js';
import { startApp, startLoginApp } from '../support/sites/login-app.js';
import { PasswordCheck, RIGHT_PASSWORD } from '../support/sites/password-strategy.js';
import { converse } from '../support/sites/plain-and-wrapped.js';
import { STORES_BY_TURN } from '../support/stores/stores-by-turn.js';
import { EventLog } from '../support/tools/events.js';

/** One failure locks; a second slot for the same guess would wait for the first in vain. */
const LIMIT_1: LockoutOptions = {
  dimensions: ['username'],
  tiers: [{ failures: 1, cooloff: { minutes: 15 } }],
  busyTimeout: { seconds: 0 },
};
const WRONG = ['alice', 'wrong'] as const;
const RIGHT = ['alice', RIGHT_PASSWORD] as const;
const LOCKED = '429 | 900 | Too Many Requests';
const WELCOME = '200 | {"user":{"username":"alice"}}';

const verify: VerifyFunction = (username, password, done) => done(null, password === RIGHT_PASSWORD && { username });
const local = () => new LocalStrategy(verify);
const start = (strategy: StrategyLike) => startLoginApp({ strategies: { local: strategy } });

for (const [storeName, createStore] of STORES_BY_TURN) {
  const create = (options: LockoutOptions = LIMIT_1) => new Lockout({ ...options, store: createStore() });

  describe(`The name of a wrapped strategy, on ${storeName},`, () => {
    it('is its own, unless Passport is given another', async () => {
      const wrapped = withLockout(local(), create());
      const app = startApp((routes, passport) => {
        passport.use(wrapped).use('form', wrapped);
        routes.post('/login', passport.authenticate(['local', 'form'], { session: false }), (req, res) => {
          res.json({ user: req.user });
        });
      });

      expect(await converse(app, [RIGHT, WRONG, RIGHT])).to.deep.equal([WELCOME, LOCKED, LOCKED]);
    });

    it('does not matter to the count when one instance is tried under two names', async () => {
      const lockout = create({});
      const check = new PasswordCheck();
      const wrapped = withLockout(check.strategy(), lockout);
      await converse(startLoginApp({ strategies: { a: wrapped, b: wrapped } }), [WRONG]);

      expect(check.verified).to.have.length(2);
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
    });
  });

  describe(`A strategy wrapped twice, on ${storeName},`, () => {
    class Mixed extends lockoutMixin(LocalStrategy, create()) {}

    const TWICE: Readonly<Record<string, (lockout: Lockout, other: Lockout) => StrategyLike>> = {
      withLockout: (lockout) => withLockout(withLockout(local(), lockout), lockout),
      'withLockout, with another between': (lockout, other) =>
        withLockout(withLockout(withLockout(local(), lockout), other), lockout),
      lockoutMixin: (lockout) => new (lockoutMixin(lockoutMixin(LocalStrategy, lockout), lockout))(verify),
      'withLockout over lockoutMixin': (lockout) =>
        withLockout(new (lockoutMixin(LocalStrategy, lockout))(verify), lockout),
    };
    for (const [how, wrapTwice] of Object.entries(TWICE)) {
      it(`takes one slot and counts one failure with the same lockout: ${how}`, async () => {
        const lockout = create();
        // The warnings of the start are not the subject.
        await setImmediate();
        const events = new EventLog(lockout);
        const [welcome, locked] = await converse(start(wrapTwice(lockout, create({}))), [RIGHT, WRONG]);

        expect(welcome).to.equal(WELCOME);
        expect(locked).to.match(/^429/);
        expect(events.all.map(({ name }) => name)).to.deep.equal([
          'attempt_succeeded',
          'attempt_failed',
          'username_blocked',
          'blocked',
        ]);
      });
    }

    const APART: Readonly<Record<string, (first: Lockout, second: Lockout) => StrategyLike>> = {
      withLockout: (first, second) => withLockout(withLockout(local(), first), second),
      lockoutMixin: (first, second) => new (lockoutMixin(lockoutMixin(LocalStrategy, first), second))(verify),
      'withLockout over lockoutMixin': (first, second) =>
        withLockout(new (lockoutMixin(LocalStrategy, first))(verify), second),
    };
    for (const [how, wrapApart] of Object.entries(APART)) {
      it(`counts in both of two lockouts, and either locks: ${how}`, async () => {
        const [first, second] = [create(), create({ ...LIMIT_1, tiers: [{ failures: 2, cooloff: { hours: 1 } }] })];
        const app = await start(wrapApart(first, second));
        const statuses = [(await app.login(...WRONG)).status];
        await first.unblock({ username: 'alice' });
        statuses.push((await app.login(...WRONG)).status);
        await first.unblock({ username: 'alice' });
        statuses.push((await app.login(...RIGHT)).status);
        await second.unblock({ username: 'alice' });
        statuses.push((await app.login(...RIGHT)).status);
        await app.close();

        expect(statuses).to.deep.equal([429, 429, 429, 200]);
      });
    }

    it('may be a subclass of a mixed class that adds what it likes', async () => {
      class Shouting extends Mixed {
        override authenticate(...args: Parameters<LocalStrategy['authenticate']>): void {
          const [{ body }] = args as unknown as [{ body: { username: string } }];
          body.username = body.username.toLowerCase();
          super.authenticate(...args);
        }
      }
      const answers = await converse(start(new Shouting(verify)), [['ALICE', RIGHT_PASSWORD], WRONG, RIGHT]);

      expect(answers.map((answer) => answer.slice(0, 3))).to.deep.equal(['200', '429', '429']);
    });
  });

  describe(`A verify that throws undefined, on ${storeName},`, () => {
    it('ends as with the plain strategy: Passport goes on with nobody logged in', async () => {
      const lockout = create({ ...LIMIT_1, busyTimeout: { minutes: 1 } });
      const throwing = () =>
        new LocalStrategy(() => {
          throw undefined;
        });
      const heard = await converse(start(withLockout(throwing(), lockout)));

      expect(heard).to.deep.equal(await converse(start(throwing())));
      expect(heard[0]).to.equal('200 | {}');
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
    });
  });
}

describe('The members of a wrapper', () => {
  class Members extends PassportStrategy {
    readonly _verify = () => undefined;
    #secret = 'old';
    public = 'old';

    get secret(): string {
      return this.#secret;
    }
    set secret(value: string) {
      this.#secret = value;
    }
    rename(value: string): this {
      this.public = value;
      return this;
    }
  }

  it('are those of the strategy: methods and setters change it, and its changes are visible', () => {
    const inner = new Members();
    const wrapped = withLockout(inner as never as StrategyLike & Members);
    expect(wrapped.rename('by a method')).to.equal(wrapped);
    expect(inner.public).to.equal('by a method');
    inner.public = 'from inside';
    expect(wrapped.public).to.equal('from inside');
  });

  it('may be accessors that use #private members', () => {
    const inner = new Members();
    const wrapped = withLockout(inner as never as StrategyLike & Members);
    wrapped.secret = 'new';
    expect([wrapped.secret, inner.secret]).to.deep.equal(['new', 'new']);
  });
});
