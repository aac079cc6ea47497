/** `passport.authenticate([...])`: strategies that are tried one after the other, wrapped or not. */
import { expect } from 'chai';
import { BasicStrategy } from 'passport-http';
import { Strategy as BearerStrategy } from 'passport-http-bearer';
import { Lockout, type LockoutOptions, type StrategyLike, withLockout } from '../../lib/index.js';
import { startLoginApp } from '../support/sites/login-app.js';
import { PasswordCheck, RIGHT_PASSWORD } from '../support/sites/password-strategy.js';
import { converse } from '../support/sites/plain-and-wrapped.js';
import { STORES_BY_TURN } from '../support/stores/stores-by-turn.js';
import { EventLog } from '../support/tools/events.js';

const LIMIT_2: LockoutOptions = { dimensions: ['username'], tiers: [{ failures: 2, cooloff: { minutes: 15 } }] };
const WRONG = ['alice', 'wrong'] as const;
const RIGHT = ['alice', RIGHT_PASSWORD] as const;

const start = (...strategies: readonly StrategyLike[]) =>
  startLoginApp({ strategies: Object.fromEntries(strategies.map((strategy, index) => [`number ${index}`, strategy])) });
const refuse = () => undefined;
const basic = () => new BasicStrategy(refuse);
const bearer = () => new BearerStrategy({ realm: 'API' }, refuse);

for (const [storeName, createStore] of STORES_BY_TURN) {
  describe(`Strategies in an array, on ${storeName},`, () => {
    const wrap = (strategy: StrategyLike, options: LockoutOptions = {}) =>
      withLockout(strategy, { store: createStore(), ...options });

    it('give the challenges and the status of the plain ones, whichever of them are wrapped', async () => {
      const local = () => new PasswordCheck().strategy();
      const plain = await converse(start(basic(), local(), bearer()));

      expect(await converse(start(basic(), wrap(local()), bearer()))).to.deep.equal(plain);
      expect(await converse(start(wrap(basic()), local(), wrap(bearer())))).to.deep.equal(plain);
      expect(await converse(start(wrap(basic()), wrap(local()), wrap(bearer())))).to.deep.equal(plain);
      expect(plain[1]).to.equal('401 | Basic realm="Users", Bearer realm="API" | Unauthorized');
    });

    it('count and lock even if an unwrapped one comes first', async () => {
      const check = new PasswordCheck();
      const lockout = new Lockout({ ...LIMIT_2, store: createStore() });
      const statuses = await converse(start(basic(), withLockout(check.strategy(), lockout)), [WRONG, WRONG, RIGHT]);

      expect(statuses.map((answer) => answer.slice(0, 3))).to.deep.equal(['401', '429', '429']);
      expect(check.verified).to.have.length(2);
    });

    it('do not stop at a locked one, so that a later unwrapped one still checks the password', async () => {
      const behind = new PasswordCheck();
      const wrapped = wrap(new PasswordCheck().strategy(), LIMIT_2);
      await converse(start(wrapped, behind.strategy()), [WRONG, WRONG, WRONG]);

      expect(behind.verified).to.have.length(3);
    });

    it("stop at a locked one with onLocked: 'error'", async () => {
      const behind = new PasswordCheck();
      const wrapped = wrap(new PasswordCheck().strategy(), { ...LIMIT_2, onLocked: 'error' });
      const answers = await converse(start(wrapped, behind.strategy()), [WRONG, WRONG, RIGHT]);

      expect(answers.slice(1)).to.deep.equal(
        Array(2).fill('429 | 900 | error: Too many failed logins. Try again in 15 minutes.'),
      );
      expect(behind.verified).to.have.length(1);
    });

    it('F32 count one failure per attempt when both are wrapped; a locked first one keeps the second from verifying', async () => {
      const lockout = new Lockout({ ...LIMIT_2, store: createStore() });
      const events = new EventLog(lockout);
      const [first, second] = [new PasswordCheck(), new PasswordCheck()];
      const both = start(withLockout(first.strategy(), lockout), withLockout(second.strategy(), lockout));
      const answers = await converse(both, [WRONG, WRONG, RIGHT]);

      expect(answers.map((answer) => answer.slice(0, 3))).to.deep.equal(['401', '429', '429']);
      expect([first.verified.length, second.verified.length]).to.deep.equal([2, 1]);
      expect(events.count('attempt_failed')).to.equal(2);
      expect(events.count('attempt_refused')).to.equal(1);
    });

    it('forgive at name and address a failure of the first if the second accepts', async () => {
      const lockout = new Lockout({ store: createStore() });
      const first = withLockout(new PasswordCheck({ right: 'another' }).strategy(), lockout);
      const second = withLockout(new PasswordCheck().strategy(), lockout);

      expect(await converse(start(first, second), [RIGHT])).to.deep.equal(['200 | {"user":{"username":"alice"}}']);
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
      expect(await lockout.status({ ip: '127.0.0.1' })).to.include({ failures: 0, verifying: 0 });
    });
  });
}
