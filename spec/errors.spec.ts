import { inspect } from 'node:util';
import { expect } from 'chai';
import { LockoutConfigError, LockoutError, LockoutRefusedError, LockoutStoreError } from '../lib/errors.js';

type Rest = readonly [message: string, options?: { readonly cause?: unknown }];

describe('errors', () => {
  const cause = new Error('connection lost');
  const HELP = 'passport-lockout/docs/errors.md';
  const KINDS = [
    { make: (...rest: Rest) => new LockoutError('ERR_LOCKOUT_OPTION_INVALID', ...rest), name: 'LockoutError' },
    {
      make: (...rest: Rest) => new LockoutConfigError('ERR_LOCKOUT_OPTION_INVALID', ...rest),
      name: 'LockoutConfigError',
    },
    { make: (...rest: Rest) => new LockoutStoreError('ERR_LOCKOUT_STORE_FAILED', ...rest), name: 'LockoutStoreError' },
  ];
  for (const { make, name } of KINDS) {
    it(`${name} has a stable code, a name, a message and its cause`, () => {
      const error = make('what happened', { cause });
      expect(error).to.be.instanceOf(LockoutError).and.instanceOf(Error);
      expect(error.code).to.match(/^ERR_LOCKOUT_/);
      expect(error).to.include({ name, message: 'what happened', cause });
      expect(String(error)).to.equal(`${name}: what happened`);
    });

    it(`${name} has no cause unless given one`, () => {
      expect(make('what happened')).to.not.have.property('cause');
    });
  }

  for (const { make, name } of KINDS.slice(1)) {
    it(`${name} shows the page that explains its code, wherever it is logged`, () => {
      expect(inspect(make('what happened'))).to.include(`help: '${HELP}'`);
    });
  }

  it('LockoutRefusedError names no page, for clients see it', () => {
    const refused = { status: 429, dimension: 'username', retryAfter: 900 };
    expect(new LockoutRefusedError('ERR_LOCKOUT_LOCKED', 'Please try again later.', refused)).not.to.have.property(
      'help',
    );
  });

  it('LockoutRefusedError tells frameworks the status and that its message may be shown', () => {
    const refused = { status: 429, dimension: 'username', retryAfter: 900 };
    const error = new LockoutRefusedError('ERR_LOCKOUT_LOCKED', 'Please try again later.', refused);
    expect(error).to.be.instanceOf(LockoutError);
    expect(error).to.include({
      name: 'LockoutRefusedError',
      code: 'ERR_LOCKOUT_LOCKED',
      message: 'Please try again later.',
      status: 429,
      statusCode: 429,
      expose: true,
      dimension: 'username',
      retryAfter: 900,
    });
  });

  it('LockoutRefusedError knows no dimension and no time where there is none', () => {
    const refused = { status: 503, dimension: undefined, retryAfter: null };
    const error = new LockoutRefusedError('ERR_LOCKOUT_STORE_UNAVAILABLE', 'Please try again later.', refused);
    expect(error).to.include({ status: 503, dimension: undefined, retryAfter: null });
  });
});
