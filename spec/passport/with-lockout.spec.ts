/** Wrap time, and the wrapper as an object. */
import { inspect } from 'node:util';
import { expect } from 'chai';
import { Strategy as PassportStrategy } from 'passport';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, LockoutConfigError, type StrategyLike, withLockout } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';
import { PasswordCheck } from '../support/sites/password-strategy.js';

const local = () => new PasswordCheck().strategy();
const request = () => ({ body: { username: 'alice', password: 'x' }, ip: '203.0.113.9' });

describe('withLockout', () => {
  it('is the strategy to whoever looks: name, class, members, keys, inspection', () => {
    const inner = local();
    const wrapped = withLockout(inner);
    expect(wrapped.name).to.equal('local');
    expect(wrapped).to.be.instanceOf(LocalStrategy);
    expect(Object.keys(wrapped)).to.deep.equal(Object.keys(inner));
    expect(inspect(wrapped)).to.equal(inspect(inner));
    expect(JSON.stringify(wrapped)).to.equal(JSON.stringify(inner));
    expect(wrapped.authenticate.length).to.equal(inner.authenticate.length);
    (wrapped as unknown as Record<string, unknown>)['_extra'] = 1;
    expect(inner).to.have.property('_extra', 1);
  });

  it('forwards on, once and off to its lockout', () => {
    const wrapped = withLockout(local());
    const heard: unknown[] = [];
    const listener = () => heard.push('failed');
    wrapped.on('attempt_failed', listener);
    wrapped.once('attempt_failed', () => heard.push('once'));
    drive(wrapped, request());
    wrapped.off('attempt_failed', listener);
    drive(wrapped, request());
    expect(heard).to.deep.equal(['failed', 'once']);
    expect(wrapped.lockout).to.be.instanceOf(Lockout);
  });

  it('shares the counters of one lockout between strategies', async () => {
    const lockout = new Lockout();
    drive(withLockout(local(), lockout), request());
    drive(withLockout(local(), lockout), request());
    expect((await lockout.status({ username: 'alice' })).failures).to.equal(2);
  });

  it('wraps a strategy once for the same lockout', () => {
    const lockout = new Lockout();
    const wrapped = withLockout(local(), lockout);
    expect(withLockout(wrapped, lockout)).to.equal(wrapped);
  });

  it('counts for each of two lockouts around one strategy', async () => {
    const first = new Lockout();
    const second = new Lockout();
    const { actions } = drive(withLockout(withLockout(local(), first), second), request());
    expect(actions).to.deep.equal([['fail', undefined]]);
    expect((await first.status({ username: 'alice' })).failures).to.equal(1);
    expect((await second.status({ username: 'alice' })).failures).to.equal(1);
  });

  it('uses the authenticate of the moment, as tracing agents replace it', () => {
    const inner = local();
    const wrapped = withLockout(inner);
    inner.authenticate = function patched() {
      this.pass();
    };
    expect(drive(wrapped, request()).actions).to.deep.equal([['pass']]);
  });

  it('guards an instance given directly, on which Passport writes the actions', async () => {
    const wrapped = withLockout(local());
    const actions: unknown[] = [];
    const direct = wrapped as unknown as Record<string, (...args: unknown[]) => unknown>;
    direct['fail'] = (...args) => actions.push(['fail', ...args]);
    direct['authenticate']?.(request(), {});
    expect(actions).to.deep.equal([['fail', undefined]]);
    expect((await wrapped.lockout.status({ username: 'alice' })).failures).to.equal(1);
  });

  it('guards a strategy whose members are read-only or frozen', async () => {
    class ReadOnly extends PassportStrategy {
      readonly _usernameField = 'username';
      readonly _passwordField = 'password';
      get _verify() {
        return (_username: string, _password: string, done: () => void) => done();
      }
      override authenticate(req: { body: { username: string; password: string } }) {
        this._verify(req.body.username, req.body.password, () => this.fail(undefined));
      }
    }
    for (const strategy of [new ReadOnly(), Object.freeze(new ReadOnly())]) {
      const wrapped = withLockout(strategy as unknown as StrategyLike);
      expect(drive(wrapped, request()).actions).to.deep.equal([['fail', undefined]]);
      expect((await wrapped.lockout.status({ username: 'alice' })).failures).to.equal(1);
    }
  });

  const authenticate = () => undefined;
  const REFUSED: readonly [string, unknown, code: string, message: RegExp][] = [
    ['undefined', undefined, 'ERR_LOCKOUT_STRATEGY_INVALID', /expected a Passport strategy.*got undefined/],
    ['a class', LocalStrategy, 'ERR_LOCKOUT_STRATEGY_INVALID', /got a function named Strategy/],
    ['an object without authenticate', { name: 'x' }, 'ERR_LOCKOUT_STRATEGY_INVALID', /got an object with name/],
    [
      'a frozen object with its own authenticate',
      Object.freeze({ _verify() {}, authenticate }),
      'ERR_LOCKOUT_STRATEGY_INVALID',
      /got a frozen one/,
    ],
    [
      'an opaque strategy',
      { name: 'opaque', authenticate },
      'ERR_LOCKOUT_STRATEGY_OPAQUE',
      /got "opaque".*none of the members _verify/,
    ],
    ['a nameless opaque strategy', { authenticate }, 'ERR_LOCKOUT_STRATEGY_OPAQUE', /got "a strategy without a name"/],
  ];
  for (const [what, strategy, code, message] of REFUSED) {
    it(`refuses ${what} at wrap time`, () => {
      expect(() => withLockout(strategy as StrategyLike))
        .to.throw(LockoutConfigError, message)
        .with.property('code', code);
    });
  }

  it('refuses wrong options at wrap time', () => {
    expect(() => withLockout(local(), { lockedStatus: 200 })).to.throw(LockoutConfigError, /options.lockedStatus/);
  });
});
