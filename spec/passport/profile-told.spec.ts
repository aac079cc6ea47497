/** What the options or the field names of a strategy state overrides what its members look like. */
import { expect } from 'chai';
import { Lockout, type StrategyLike, withLockout } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';
import { type Done, LIMIT_3, request } from '../support/sites/guarded.js';

interface Actions {
  fail(info?: unknown): void;
  pass(): void;
}
const denied = () => new Lockout({ deny: { when: () => true } });
const ends = (strategy: StrategyLike) => drive(strategy, request()).actions.map(([name]) => name);

describe('A strategy that seems to judge nothing, or to leave it to a provider,', () => {
  const passing = (): StrategyLike => ({
    name: 'guest',
    authenticate(this: Actions) {
      this.pass();
    },
  });
  for (const [what, options] of [
    ['username', { username: () => 'alice' }],
    ['ipOnly', { ipOnly: true }],
    ['guard', { guard: 'authenticate', ipOnly: true }],
  ] as const) {
    it(`X22 is guarded if its option ${what} says that a user is tried`, () => {
      expect(ends(withLockout(passing(), denied(), options))).to.deep.equal(['fail']);
    });
  }

  it('X22 is passed through if only the lockout has an option username, which is for all strategies', () => {
    const lockout = new Lockout({ deny: { when: () => true }, username: () => 'alice' });
    expect(ends(withLockout(passing(), lockout))).to.deep.equal(['pass']);
  });

  const TOKENS = { client: { verifyIdToken: () => undefined } };
  const judging = (members: object): StrategyLike =>
    ({
      name: 'both',
      _verify: (...args: unknown[]) => (args.at(-1) as Done)(null, false),
      authenticate(this: Actions & { _verify(...args: unknown[]): void }, { body }: ReturnType<typeof request>) {
        this._verify(body.username, body.password, () => this.fail('wrong'));
      },
      ...TOKENS,
      ...members,
    }) as StrategyLike;
  for (const [what, members, options] of [
    ['it names its fields', { _usernameField: 'username', _passwordField: 'password' }, {}],
    ['it names its fields in lists', { _usernameField: ['username'], _passwordField: ['password'] }, {}],
    ['its option username says who is tried', {}, { username: () => 'alice' }],
  ] as const) {
    it(`X13 counts failures although it can verify ID tokens, if ${what}`, async () => {
      const lockout = new Lockout(LIMIT_3);
      drive(withLockout(judging(members), lockout, options), request());
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1 });
    });
  }

  it('X13 counts no failures if it can verify ID tokens and nothing else is known', async () => {
    const lockout = new Lockout({ dimensions: ['ip'] });
    drive(withLockout(judging({}), lockout), request());
    expect(await lockout.status({ ip: request().ip })).to.include({ failures: 0 });
  });
});
