/**
 * Strategies that ask a directory before they call verify, and name their own fields, as passport-activedirectory does: the
 * gate stands before `authenticate`.
 */
import { expect } from 'chai';
import { Strategy } from 'passport';
import { Lockout, withLockout } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';

type Done = (error: unknown, user?: unknown) => void;
interface Credentials {
  readonly login?: string;
  readonly secret?: string;
}

/** Shaped as passport-activedirectory 1.0: `_ad`, `_usernameField`, `_passwordField`, `_verify`. */
class DirectoryStrategy extends Strategy {
  override readonly name = 'directory';
  readonly _usernameField = 'login';
  readonly _passwordField = 'secret';
  readonly _verify = (profile: unknown, _ad: unknown, done: Done) => done(null, profile);
  /** Passwords that reached the directory. */
  readonly binds: (string | undefined)[] = [];
  readonly _ad = {
    authenticate: ({ secret }: Credentials, done: (isRight: boolean) => void) => {
      this.binds.push(secret);
      done(secret === 'right');
    },
  };

  override authenticate(req: { readonly body: Credentials }): void {
    const { login, secret } = req.body;
    if (!login || !secret) {
      this.fail(400);
      return;
    }
    this._ad.authenticate(req.body, (isRight) => {
      if (isRight) this._verify({ login }, this._ad, (_error, user) => this.success(user as object));
      else this.fail('wrong', 401);
    });
  }
}

describe('A strategy that asks a directory first', () => {
  let inner: DirectoryStrategy;
  let lockout: Lockout;
  const login = (login: string | undefined, secret: string | undefined) =>
    drive(withLockout(inner, lockout), { ip: '203.0.113.9', body: { login, secret } }).actions[0]?.[0];
  const failures = async () => (await lockout.status({ username: 'alice' })).failures;

  beforeEach(() => {
    inner = new DirectoryStrategy();
    lockout = new Lockout();
  });

  it('is not run while the username is locked, not even with the right password', async () => {
    for (let failure = 0; failure < 3; failure += 1) login('alice', 'guess');
    expect(login(' ALICE ', 'right')).to.equal('fail');
    expect(inner.binds).to.deep.equal(['guess', 'guess', 'guess']);
    expect(login('bob', 'right')).to.equal('success');
  });

  it('counts nothing without both credentials', async () => {
    for (const [name, secret] of [
      ['alice', undefined],
      ['alice', ''],
      [undefined, 'guess'],
    ] as const)
      login(name, secret);
    expect(await failures()).to.equal(0);
    expect(inner.binds).to.deep.equal([]);
  });

  it('forgives the failures after a right password', async () => {
    login('alice', 'guess');
    login('alice', 'right');
    expect(await failures()).to.equal(0);
  });
});
