/** Which strategies check a second factor, so that they do not count on the username: no first factor may be taken for one. */
import { expect } from 'chai';
import { DigestStrategy } from 'passport-http';
import { Lockout, type StrategyLike, type StrategyOptions, withLockout } from '../../lib/index.js';
import type { Done } from '../support/sites/differential.js';
import { drive } from '../support/sites/drive.js';
import { EventLog } from '../support/tools/events.js';

const DIGEST =
  'Digest username="alice", realm="Users", nonce="n", uri="/", response="00000000000000000000000000000000", qop=auth, nc=1, cnonce="c"';
const REQUEST = {
  ip: '203.0.113.9',
  method: 'GET',
  url: '/',
  headers: { authorization: DIGEST },
  body: { username: 'Alice', secret: '0000' },
};
type Body = { readonly body: typeof REQUEST.body };

const username: StrategyOptions['username'] = ({ req }) => (req as unknown as Body).body.username;
const digest = () =>
  new DigestStrategy({ qop: 'auth' }, (_name: unknown, done: Done) => done(null, { id: 1 }, 'password'));

/** Somebody's own strategy, which passes one value of the client to verify. */
const own = (read: (body: Body['body']) => string) =>
  ({
    _verify: (_value: string, done: (error: unknown, user: unknown) => void) => done(null, false),
    authenticate(this: { _verify: (...args: unknown[]) => void; fail(info: string): void }, { body }: Body) {
      this._verify(read(body), () => this.fail('wrong'));
    },
  }) as unknown as StrategyLike;

const CASES: readonly (readonly [
  what: string,
  create: () => StrategyLike,
  options: StrategyOptions,
  counted: string,
])[] = [
  ['a code of which the option `username` says whose it is', () => own(({ secret }) => secret), {}, 'factor+username'],
  [
    'the same if the application says that it lets in by itself',
    () => own(({ secret }) => secret),
    { factor: 'first' },
    'username',
  ],
  ['a name that is verified elsewhere', () => own((body) => body.username.toLowerCase()), {}, 'username'],
  [
    'a name that the application calls a second factor',
    () => own((body) => body.username),
    { factor: 'second' },
    'factor+username',
  ],
  ['the name that Digest asks for', digest, {}, 'username'],
];

describe('The failure of a strategy whose verify function is given one value counts', () => {
  for (const [what, create, options, counted] of CASES) {
    it(`on ${counted} for ${what}`, () => {
      const lockout = new Lockout({ dimensions: ['username'], secret: 's'.repeat(32) });
      const log = new EventLog(lockout);
      drive(withLockout(create(), lockout, { username, ...options }), { ...REQUEST });
      const subjects = log.of('attempt_failed').flatMap((failed) => failed.subjects);
      expect(subjects.map(({ dimension }) => dimension)).to.deep.equal([counted]);
    });
  }

  it('on the address alone where no name is counted', () => {
    const lockout = new Lockout({ secret: 's'.repeat(32) });
    const log = new EventLog(lockout);
    drive(
      withLockout(
        own(({ secret }) => secret),
        lockout,
        { username, ipOnly: true },
      ),
      { ...REQUEST },
    );
    const subjects = log.of('attempt_failed').flatMap((failed) => failed.subjects);
    expect(subjects.map(({ dimension }) => dimension)).to.deep.equal(['ip']);
  });
});
