import { expect } from 'chai';
import { LockoutConfigError, LockoutError, LockoutRefusedError, LockoutStoreError } from '../lib/errors.js';

describe('errors', () => {
  const cause = new Error('connection lost');
  const KINDS = [
    { Kind: LockoutError, name: 'LockoutError' },
    { Kind: LockoutConfigError, name: 'LockoutConfigError' },
    { Kind: LockoutStoreError, name: 'LockoutStoreError' },
  ];
  for (const { Kind, name } of KINDS) {
    it(`${name} has a stable code, a name, a message and its cause`, () => {
      const error = new Kind('ERR_LOCKOUT_ANY', 'what happened', { cause });
      expect(error).to.be.instanceOf(LockoutError).and.instanceOf(Error);
      expect(error).to.include({ name, code: 'ERR_LOCKOUT_ANY', message: 'what happened', cause });
      expect(String(error)).to.equal(`${name}: what happened`);
    });

    it(`${name} has no cause unless given one`, () => {
      expect(new Kind('ERR_LOCKOUT_ANY', 'what happened')).to.not.have.property('cause');
    });
  }

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
