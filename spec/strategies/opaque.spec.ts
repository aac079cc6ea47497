/** Strategies whose verify function cannot be found, and those that report wrong credentials as an error. */
import { expect } from 'chai';
import { Lockout, LockoutConfigError, type StrategyLike, withLockout } from '../../lib/index.js';
import { request, USER } from '../support/sites/differential.js';
import { drive } from '../support/sites/drive.js';
import { describeCredentialLock } from '../support/sites/locking.js';

interface Actions {
  success(user: unknown): void;
  fail(info?: unknown): void;
  error(error: unknown): void;
}
interface Login {
  readonly body: { readonly user: string; readonly password: string };
}
const login = (user: string, isRight: boolean) => request({ body: { user, password: isRight ? 'right' : 'wrong' } });
const username = ({ req }: { req: unknown }) => (req as Login).body.user;

/** Its check is held by a closure. */
function opaque(checked: (user: unknown) => void, wrong: (self: Actions) => void): StrategyLike {
  return {
    name: 'opaque',
    authenticate(this: Actions, { body }: Login) {
      checked(body.user);
      if (body.password === 'right') this.success(USER);
      else wrong(this);
    },
  };
}

describe('An opaque strategy', () => {
  const create = () =>
    opaque(
      () => undefined,
      (self) => self.fail(),
    );

  it('is rejected at wrap time without an option that says who tries', () => {
    expect(() => withLockout(create()))
      .to.throw(LockoutConfigError, /\{ username: .* or \{ ipOnly: true \}/)
      .with.property('code', 'ERR_LOCKOUT_STRATEGY_OPAQUE');
  });

  it('counts addresses with { ipOnly: true }', async () => {
    const lockout = new Lockout();
    const strategy = withLockout(create(), lockout, { ipOnly: true });
    expect(drive(strategy, login('alice', false)).actions[0]?.[0]).to.equal('fail');
    const { items } = await lockout.list({ locked: false });
    expect(items.map(({ parts, failures }) => ({ parts, failures }))).to.deep.equal([
      { parts: { ip: '203.0.113.9' }, failures: 1 },
    ]);
  });
});

describeCredentialLock('An opaque strategy with { username }', {
  create: (checked) => opaque(checked, (self) => self.fail()),
  request: login,
  strategyOptions: { username },
});

const BAD_MAC = Object.assign(new Error('Bad mac'), { isBoom: true });

describe('A strategy that reports wrong credentials as an error, like hawk,', () => {
  const create = () =>
    opaque(
      () => undefined,
      (self) => self.error(BAD_MAC),
    );
  const isFailure = ({ called, args }: { called: string; args: readonly unknown[] }) =>
    called === 'error' && (args[0] as { isBoom?: boolean }).isBoom;

  it('is not counted by default', async () => {
    const lockout = new Lockout();
    const strategy = withLockout(create(), lockout, { username });
    drive(strategy, login('alice', false));
    expect((await lockout.list({ locked: false })).items).to.deep.equal([]);
  });

  it('locks with { isFailure }, and passes the error on until then', async () => {
    const lockout = new Lockout({ tiers: [{ failures: 3, cooloff: { minutes: 15 } }], dimensions: ['username'] });
    const strategy = withLockout(create(), lockout, { username, isFailure });
    const attempts = Array.from({ length: 3 }, () => drive(strategy, login('alice', false)).actions[0]);
    expect(attempts[0]).to.deep.equal(['error', BAD_MAC]);
    expect(attempts[2]?.[2]).to.equal(429);
    expect(drive(strategy, login('alice', true)).actions[0]?.[2]).to.equal(429);
    expect(drive(strategy, login('bob', true)).actions).to.deep.equal([['success', USER]]);
  });
});
