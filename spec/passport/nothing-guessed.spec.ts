/** Strategies of which nothing but `authenticate` is known: an empty form is no guess, whatever they answer. */
import { expect } from 'chai';
import { Lockout, type StrategyLike, withLockout } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';

const LIMIT_3 = { dimensions: ['ip'], tiers: [{ failures: 3, cooloff: { minutes: 15 } }] } as const;
const IP = '203.0.113.9';

/** Its check is held by a closure. */
function opaque(status?: number): StrategyLike {
  return {
    name: 'opaque',
    authenticate(this: { fail(info: object, status?: number): void }) {
      this.fail({ message: 'no' }, status);
    },
  };
}

/** What browsers and programs send beside any form. */
const HEADERS = {
  host: 'example.org',
  'user-agent': 'Mozilla/5.0',
  accept: '*/*',
  'accept-language': 'de',
  'content-type': 'application/x-www-form-urlencoded',
  'content-length': '19',
  origin: 'https://example.org',
  'sec-fetch-site': 'same-origin',
  'x-forwarded-for': IP,
};
const EXPRESS = { url: '/login', query: {}, params: {}, headers: HEADERS };
const EMPTY = { username: '', password: '' };

const NOT_COUNTED: readonly (readonly [what: string, request: object, status?: number])[] = [
  ['no form', { headers: HEADERS, query: {} }],
  ['a form without fields', { ...EXPRESS, body: {} }],
  ['a form of empty fields', { ...EXPRESS, body: EMPTY }],
  ['a form of empty fields within others', { ...EXPRESS, body: { user: { name: '', roles: [] }, password: null } }],
  ['an empty form of a test, without headers', { body: EMPTY }],
  ['a name without a password, called malformed', { ...EXPRESS, body: { username: 'alice', password: '' } }, 400],
  ['an empty form with a session, called malformed', { ...EXPRESS, headers: { cookie: 'sid=1' }, body: EMPTY }, 400],
];
const COUNTED: readonly (readonly [what: string, request: object, status?: number])[] = [
  ['a password', { ...EXPRESS, body: { password: 'x' } }],
  ['a password, called malformed', { ...EXPRESS, body: { username: 'alice', password: 'x' } }, 400],
  ['any field', { ...EXPRESS, body: { signature: 'x' } }],
  ['a name without a password, not called malformed', { ...EXPRESS, body: { username: 'alice', password: '' } }, 401],
  ['a field of the query', { ...EXPRESS, body: {}, query: { t: 'x' } }],
  ['a part of the path', { ...EXPRESS, params: { code: 'x' } }],
  ['a header of its own', { ...EXPRESS, headers: { ...HEADERS, 'x-api-key': 'x' } }],
  ['Authorization, called malformed', { ...EXPRESS, headers: { authorization: 'Basic eDp4' } }, 400],
  ['a cookie', { ...EXPRESS, headers: { cookie: 'sid=1' } }],
  ['a cookie called like a secret, called malformed', { ...EXPRESS, headers: { cookie: 'sid=1; login_token=x' } }, 400],
  ['a text as body', { ...EXPRESS, body: 'x' }],
  ['bytes as body', { ...EXPRESS, body: Buffer.from('x') }],
  ['a body that no parser has read', { ...EXPRESS, body: {}, headers: { 'content-type': 'multipart/form-data' } }],
  ['a query that nobody has parsed', { url: '/login?t=x', headers: HEADERS, body: {} }],
  [
    'more fields than are looked at',
    {
      ...EXPRESS,
      body: Object.fromEntries(
        Array(2_000)
          .fill('')
          .map((_, i) => [i, '']),
      ),
    },
  ],
];

describe('an opaque strategy, given', () => {
  async function failuresAfter(request: object, status?: number): Promise<number> {
    const lockout = new Lockout(LIMIT_3);
    const strategy = withLockout(opaque(status), lockout, { ipOnly: true });
    drive(strategy, { ip: IP, ...request });
    const { failures, verifying } = await lockout.status({ ip: IP });
    expect(verifying).to.equal(0);
    return failures;
  }

  for (const [what, request, status] of NOT_COUNTED) {
    it(`X22 ${what}, counts nothing`, async () => {
      expect(await failuresAfter(request, status)).to.equal(0);
    });
  }

  for (const [what, request, status] of COUNTED) {
    it(`X22 ${what}, counts a failure`, async () => {
      expect(await failuresAfter(request, status)).to.equal(1);
    });
  }

  it('X22 three empty forms, does not lock the address', () => {
    const strategy = withLockout(opaque(), LIMIT_3, { ipOnly: true });
    const ends = Array.from({ length: 4 }, () => drive(strategy, { ip: IP, ...EXPRESS, body: EMPTY }).actions[0]?.[2]);
    expect(ends).to.deep.equal([undefined, undefined, undefined, undefined]);
  });

  it('X22 an empty form, counts what isFailure says', async () => {
    const lockout = new Lockout(LIMIT_3);
    drive(withLockout(opaque(), lockout, { ipOnly: true, isFailure: () => true }), { ip: IP, ...EXPRESS, body: EMPTY });
    expect((await lockout.status({ ip: IP })).failures).to.equal(1);
  });
});
