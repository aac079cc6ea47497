/** Wrap time, and the wrapper as an object. */
import { inspect } from 'node:util';
import { expect } from 'chai';
import { Strategy as PassportStrategy } from 'passport';
import { Strategy as CustomStrategy } from 'passport-custom';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, LockoutConfigError, lockoutMixin, type StrategyLike, withLockout } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';
import { PasswordCheck } from '../support/sites/password-strategy.js';

const local = () => new PasswordCheck().strategy();
const request = () => ({ body: { username: 'alice', password: 'x' }, ip: '203.0.113.9' });

describe('withLockout', () => {
  it('returns what looks like the strategy: name, class, members, keys, inspection', () => {
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

  it('calls the current authenticate, as tracing agents replace it', () => {
    const inner = local();
    const wrapped = withLockout(inner);
    inner.authenticate = function patched() {
      this.pass();
    };
    expect(drive(wrapped, request()).actions).to.deep.equal([['pass']]);
  });

  it('guards an instance passed directly, on which Passport writes the actions', async () => {
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
    ['a class', LocalStrategy, 'ERR_LOCKOUT_STRATEGY_INVALID', /got the class Strategy; an instance is made with new$/],
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
    it(`throws for ${what} at wrap time`, () => {
      expect(() => withLockout(strategy as StrategyLike))
        .to.throw(LockoutConfigError, message)
        .with.property('code', code);
    });
  }

  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy as never;
  };
  const trapped = (target: object) =>
    new Proxy(target, {
      get() {
        throw new Error('a trap');
      },
    }) as never;
  class Local extends LocalStrategy {}
  const make = (Mixed: new (verify: () => void) => unknown) => new Mixed(() => {});
  const UNREADABLE: readonly (readonly [what: string, wrap: () => unknown, message: RegExp])[] = [
    ['a strategy', () => withLockout(revoked()), /^withLockout\(\): .*members can be read/],
    ['a strategy with a trap', () => withLockout(trapped(local())), /^withLockout\(\): .*members can be read/],
    [
      'a member of a strategy',
      () =>
        withLockout({
          authenticate() {},
          get _verify() {
            throw new Error('an accessor');
          },
        }),
      /^withLockout\(\): .*members can be read/,
    ],
    ['options', () => withLockout(local(), revoked()), /^options: .*that can be read/],
    ['options with a trap', () => withLockout(local(), trapped({})), /^options: .*that can be read/],
    ['an option', () => withLockout(local(), { tiers: revoked() }), /^options: .*that can be read/],
    ['strategy options', () => withLockout(local(), {}, revoked()), /^strategy options: .*that can be read/],
    [
      'a class',
      () => lockoutMixin(revoked()),
      /^lockoutMixin\(\): expected a strategy class, got an object that cannot be read/,
    ],
    ['options of a mixed class', () => lockoutMixin(Local, revoked()), /^options: .*that can be read/],
    [
      'strategy options of a mixed class',
      () => lockoutMixin(Local, {}, revoked()),
      /^strategy options: .*that can be read/,
    ],
    [
      'a member of an instance',
      () =>
        make(
          lockoutMixin(
            class extends Local {
              get _verify(): string {
                throw new Error('an accessor');
              }
              set _verify(_: string) {}
            } as never,
          ),
        ),
      /^lockoutMixin\(\): .*members can be read/,
    ],
  ];
  for (const [what, wrap, message] of UNREADABLE) {
    it(`X41 throws for ${what} that cannot be read, and names it`, () => {
      expect(wrap).to.throw(LockoutConfigError, message);
    });
  }

  it('X41 accepts a strategy that holds unreadable values, such as a strict environment', () => {
    const inner = Object.assign(new CustomStrategy(() => {}), {
      env: trapped({}),
      _options: trapped({}),
      client: revoked(),
    });
    expect(withLockout(inner, {}, { ipOnly: true })).to.have.property('name', 'custom');
  });

  it('X41 throws for a class whose instances are frozen', () => {
    class Frozen extends Local {
      constructor(verify: () => void) {
        super(verify);
        Object.freeze(this);
      }
    }
    expect(() => make(lockoutMixin(Frozen as never))).to.throw(
      LockoutConfigError,
      /^lockoutMixin\(\): .* got a frozen one/,
    );
  });

  it('X41 passes on what the constructor of a mixed class throws', () => {
    expect(() => new (lockoutMixin(Local))(undefined as never)).to.throw(TypeError, /requires a verify/);
  });

  it('throws for invalid options at wrap time', () => {
    expect(() => withLockout(local(), { lockedStatus: 200 })).to.throw(LockoutConfigError, /options.lockedStatus/);
  });
});
