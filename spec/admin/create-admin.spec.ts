import { expect } from 'chai';
import { type AdminOptions, createAdmin } from '../../lib/admin/index.js';
import { Lockout, LockoutConfigError } from '../../lib/index.js';

const authorize = () => false as const;

describe('createAdmin', () => {
  const MISTAKES: readonly (readonly [string, unknown, string])[] = [
    ['no options', undefined, 'options: expected an object of options, got undefined'],
    ['no authorize', {}, 'options.authorize: expected a function that returns false or { actor, can }, got undefined'],
    [
      'an authorize that is no function',
      { authorize: true },
      'options.authorize: expected a function that returns false or { actor, can }, got true (a boolean)',
    ],
    [
      'a basePath without a slash at its beginning',
      { authorize, basePath: 'admin' },
      'options.basePath: expected a path that begins with a slash, such as /admin/lockout, got "admin" (a string)',
    ],
    [
      'a basePath that names a host',
      { authorize, basePath: '//evil.example/x' },
      'options.basePath: expected a path that begins with a slash, such as /admin/lockout, got "//evil.example/x" (a string)',
    ],
    [
      'an origin with a path',
      { authorize, origin: 'https://admin.example.com/' },
      'options.origin: expected an origin, such as https://admin.example.com, got "https://admin.example.com/" (a string)',
    ],
    [
      'a mistyped option',
      { authorize, basepath: '/x' },
      'options.basepath: there is no such option; did you mean basePath?',
    ],
  ];
  for (const [what, options, message] of MISTAKES) {
    it(`throws for ${what} and says what was expected`, () => {
      expect(() => createAdmin(new Lockout(), options as AdminOptions)).to.throw(LockoutConfigError, message);
    });
  }

  for (const [what, lockout] of [
    ['undefined', undefined],
    ['an object with x', { x: 1 }],
    ['the class Lockout; an instance is made with new', Lockout],
  ] as const) {
    it(`throws if it is given ${what} in place of a lockout`, () => {
      expect(() => createAdmin(lockout as unknown as Lockout, { authorize })).to.throw(
        LockoutConfigError,
        `lockout: expected a Lockout, got ${what}`,
      );
    });
  }

  it('accepts every option as documented', () => {
    const options = { authorize, basePath: '/a b/x/', origin: 'https://admin.example.com:8443' };
    expect(createAdmin(new Lockout(), options)).to.be.a('function').with.property('fetch');
  });

  it('can be closed twice', () => {
    const admin = createAdmin(new Lockout(), { authorize });
    admin.close();
    expect(() => admin.close()).not.to.throw();
  });
});
