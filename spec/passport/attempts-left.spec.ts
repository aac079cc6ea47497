/** The `attemptsLeft` option: what it adds to the info of a failed login. */
import { expect } from 'chai';
import { BasicStrategy } from 'passport-http';
import { Strategy as LocalStrategy } from 'passport-local';
import { Lockout, type LockoutOptions, withLockout } from '../../lib/index.js';
import { CookieKeeper } from '../support/sites/cookie-keeper.js';
import { drive } from '../support/sites/drive.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { until } from '../support/tools/until.js';

describe('attemptsLeft', () => {
  const MESSAGE = { message: 'Wrong.' };
  const IP = { ip: '203.0.113.9' };
  const refuse = (_username: string, _password: string, done: (error: unknown, user: false) => void) =>
    done(null, false);

  function attempts(info: object | undefined, options: LockoutOptions, usernames: readonly string[]): unknown[] {
    const inner = new LocalStrategy((_username, _password, done) => done(null, false, info as never));
    const strategy = withLockout(inner, options);
    return usernames.map((username) => drive(strategy, { ...IP, body: { username, password: 'x' } }).actions[0]);
  }

  it('is added to the info of a failed login', () => {
    expect(attempts(MESSAGE, { attemptsLeft: true }, ['alice', 'alice'])).to.deep.equal([
      ['fail', { message: 'Wrong.', attemptsLeft: 2 }],
      ['fail', { message: 'Wrong.', attemptsLeft: 1 }],
    ]);
    expect(MESSAGE, 'the object of the strategy').to.deep.equal({ message: 'Wrong.' });
  });

  it('becomes the info if there was none', () => {
    expect(attempts(undefined, { attemptsLeft: true }, ['alice'])).to.deep.equal([['fail', { attemptsLeft: 2 }]]);
  });

  it("is absent by default, and the info is the strategy's own object", () => {
    const [[, info]] = attempts(MESSAGE, {}, ['alice']) as [unknown[]];
    expect(info).to.equal(MESSAGE);
  });

  it('leaves a WWW-Authenticate challenge unchanged', () => {
    const strategy = withLockout(new BasicStrategy(refuse), {
      attemptsLeft: true,
    });
    const headers = { authorization: `Basic ${Buffer.from('alice:x').toString('base64')}` };

    expect(drive(strategy, { ...IP, headers }).actions).to.deep.equal([['fail', 'Basic realm="Users"']]);
  });

  it('is the same for existing and unknown users', () => {
    const strategy = withLockout(
      new LocalStrategy((username, password, done) => done(null, username === 'alice' && password === 'right')),
      { attemptsLeft: true },
    );
    const told = ['alice', 'nobody'].map((username) =>
      [1, 2].map(() => drive(strategy, { ...IP, body: { username, password: 'x' } }).actions),
    );
    expect(told[0]).to.deep.equal(told[1]);
  });

  it('is the lowest number of all dimensions, here that of the address', () => {
    const tiers = { ip: [{ failures: 3, cooloff: { hours: 1 } }] };
    expect(attempts(MESSAGE, { attemptsLeft: true, tiers }, ['alice', 'bob'])).to.deep.equal([
      ['fail', { message: 'Wrong.', attemptsLeft: 2 }],
      ['fail', { message: 'Wrong.', attemptsLeft: 1 }],
    ]);
  });

  it('is absent from the response to the failure that locks', () => {
    const last = attempts(MESSAGE, { attemptsLeft: true }, ['alice', 'alice', 'alice'])[2] as unknown[];
    expect(last[1]).to.include({ code: 'ERR_LOCKOUT_LOCKED' }).and.not.have.property('attemptsLeft');
    expect(last[2]).to.equal(429);
  });

  for (const [what, options] of [
    ['the lockout only monitors', { mode: 'monitor' }],
    ['the lockout is disabled', { enabled: false }],
    ['the attempt is allowed', { allow: { when: () => true } }],
    ['an attempt is skipped', { skip: () => true }],
  ] as [string, LockoutOptions][]) {
    it(`is absent if ${what}`, () => {
      expect(attempts(MESSAGE, { attemptsLeft: true, ...options }, ['alice'])).to.deep.equal([['fail', MESSAGE]]);
    });
  }

  it('is that of a known device, whatever strangers have failed at its username', () => {
    const inner = new LocalStrategy((username, password, done) => done(null, password === 'right' && { username }));
    const options = { secret: 's'.repeat(32), attemptsLeft: true, hardStop: { failures: 100 } };
    const strategy = withLockout(inner, options);
    const owner = new CookieKeeper('203.0.113.9');
    const logIn = (password: string, from: object = owner.request()) =>
      drive(strategy, { ...from, body: { username: 'alice', password } }).actions[0];
    logIn('right');
    logIn('guess 1', { ip: '198.51.100.1' });
    logIn('guess 2', { ip: '198.51.100.2' });
    expect(logIn('typing error')?.[1]).to.include({ attemptsLeft: 9 });
  });

  it('is also added with an asynchronous store', async () => {
    const inner = new LocalStrategy((_username, _password, done) => done(null, false, MESSAGE));
    const strategy = withLockout(inner, new Lockout({ store: new SlowStore(), attemptsLeft: true }));
    const { actions } = drive(strategy, { ...IP, body: { username: 'alice', password: 'x' } });
    await until(() => actions.length > 0);

    expect(actions).to.deep.equal([['fail', { message: 'Wrong.', attemptsLeft: 2 }]]);
  });
});
