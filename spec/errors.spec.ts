import { inspect } from 'node:util';
import { assert, expect } from 'chai';
import { LockoutConfigError, LockoutError, LockoutRefusedError, LockoutStoreError } from '../lib/errors.js';

type Rest = readonly [message: string, options?: { readonly cause?: unknown }];

describe('Errors:', () => {
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

    it(`${name} has no cause unless it is given one`, () => {
      expect(make('what happened')).to.not.have.property('cause');
    });
  }

  for (const { make, name } of KINDS) {
    it(`${name} contains its message as JSON, too`, () => {
      const error = make('what happened');
      const told = JSON.parse(JSON.stringify(error)) as unknown;
      expect(told).to.include({ name, code: error.code, message: 'what happened' });
    });
  }

  describe('LockoutStoreError as JSON', () => {
    const jsonOf = (made: unknown) =>
      JSON.parse(JSON.stringify(new LockoutStoreError('ERR_LOCKOUT_STORE_FAILED', 'it failed', { cause: made }))) as {
        readonly cause: { readonly message: string };
      };

    it('contains its causes, down to the root', () => {
      const root = Object.assign(new TypeError('connect ECONNREFUSED 127.0.0.1:27017'), { code: 'ECONNREFUSED' });
      expect(jsonOf(new Error('no server', { cause: root })).cause).to.deep.equal({
        name: 'Error',
        message: 'no server',
        cause: { name: 'TypeError', code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:27017' },
      });
    });

    it('contains the code of a cause without a message', () => {
      expect(jsonOf(Object.assign(new Error(), { code: 'ECONNREFUSED' })).cause).to.include({
        message: 'ECONNREFUSED',
      });
    });

    for (const [what, made, shown] of [
      ['the credentials of a URL', new Error('no mongodb://app:s3cret@db/x'), 'no mongodb://***@db/x'],
      ['a line break', new Error('one\ntwo'), 'one\\u{a}two'],
      ['the end of a long text', new Error('x'.repeat(1_000)), 'x'.repeat(512)],
      ['nothing of a string that was thrown', 'a text', 'a text'],
      ['an error that cannot be read', new Proxy({}, { get: () => assert.fail('read') }), ''],
    ] as const) {
      it(`is safe to log: it hides ${what}`, () => {
        expect(jsonOf(made).cause.message).to.equal(shown);
      });
    }

    it('ends although causes form a circle', () => {
      const [first, second] = [new Error('first'), new Error('second')];
      Object.assign(first, { cause: second });
      Object.assign(second, { cause: first });
      expect(JSON.stringify(jsonOf(first)).match(/first/g)).to.have.length.below(5);
    });
  });

  it('LockoutRefusedError does not contain as JSON, which may be a response, why the store failed', () => {
    const refused = { status: 503, dimension: undefined, retryAfter: null };
    const why = new LockoutStoreError('ERR_LOCKOUT_STORE_FAILED', 'the database is down');
    const error = new LockoutRefusedError('ERR_LOCKOUT_STORE_UNAVAILABLE', 'Try again.', { ...refused, cause: why });
    expect(JSON.stringify(error)).to.include('Try again.').and.not.include('database');
  });

  for (const { make, name } of KINDS.slice(1)) {
    it(`${name} contains the page that explains its code, wherever it is logged`, () => {
      expect(inspect(make('what happened'))).to.include(`help: '${HELP}'`);
    });
  }

  it('LockoutRefusedError names no page, since clients see it', () => {
    const refused = { status: 429, dimension: 'username', retryAfter: 900 };
    expect(new LockoutRefusedError('ERR_LOCKOUT_LOCKED', 'Please try again later.', refused)).not.to.have.property(
      'help',
    );
  });

  it('LockoutRefusedError gives frameworks the status and lets them show its message', () => {
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

  it('LockoutRefusedError has no dimension and no time if there is none', () => {
    const refused = { status: 503, dimension: undefined, retryAfter: null };
    const error = new LockoutRefusedError('ERR_LOCKOUT_STORE_UNAVAILABLE', 'Please try again later.', refused);
    expect(error).to.include({ status: 503, dimension: undefined, retryAfter: null });
  });
});
