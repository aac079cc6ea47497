/** Strategies whose verdicts are not counted: when they cause a warning, and when not. */
import { expect } from 'chai';
import { HeaderAPIKeyStrategy } from 'passport-headerapikey';
import { BasicStrategy } from 'passport-http';
import { Strategy as BearerStrategy } from 'passport-http-bearer';
import { ExtractJwt, Strategy as JwtStrategy } from 'passport-jwt';
import { Strategy as LocalApiKeyStrategy } from 'passport-localapikey';
import { UniqueTokenStrategy } from 'passport-unique-token';
import { Lockout, type StrategyLike, type StrategyOptions, withLockout } from '../../lib/index.js';
import { BasicFirst, BindFirst, Bound, Closure, type Done } from '../support/fixtures/judging-first.js';
import { drive } from '../support/sites/drive.js';
import { LIMIT_3 } from '../support/sites/guarded.js';
import { accept, end, judging, login, username } from '../support/sites/judging.js';
import { EventLog } from '../support/tools/events.js';

const CODE = 'WARN_LOCKOUT_VERIFY_BYPASSED';

function open(inner: StrategyLike, options: StrategyOptions = {}) {
  const lockout = new Lockout(LIMIT_3);
  const events = new EventLog(lockout);
  const strategy = withLockout(inner, lockout, options);
  return {
    lockout,
    strategy,
    warnings: () => events.of('warning').filter(({ code }) => code === CODE),
  };
}

describe('A strategy whose verdicts are not counted', () => {
  it('X15 causes one warning at the first success that bypasses its guard, and check() reports it', async () => {
    const { lockout, strategy, warnings } = open(new Closure(judging().verify));
    await end(strategy, 'wrong');
    expect(warnings()).to.deep.equal([]);
    await end(strategy, 'right');
    await end(strategy, 'right', 'bob');

    expect(warnings()).to.have.length(1);
    expect(warnings()[0]).to.include({ option: 'guard' });
    expect(warnings()[0]?.message).to.match(/^a success of the strategy "closure" .*\{ guard: 'authenticate' \}/);
    expect((await lockout.check()).map(({ code }) => code)).to.include(CODE);
  });

  it('X15 causes a warning after it has judged three forms before verify', async () => {
    const { strategy, warnings } = open(new BindFirst(judging().judge, accept));
    await end(strategy, 'right');
    for (const password of ['1', '2', '3']) await end(strategy, password);
    expect(warnings()).to.deep.equal([]);
    for (const password of ['4', '5', '6', '7', '8', '9']) await end(strategy, password);
    expect(warnings()).to.have.length(1);
    expect(warnings()[0]?.message).to.match(/^the strategy "bind-first" has ended several attempts/);
  });

  it('X15 causes a warning if it judges the Basic header before verify', () => {
    const { strategy, warnings } = open(new BasicFirst(() => false, accept));
    const guess = () => drive(strategy, { ip: '203.0.113.9', headers: basic('alice:wrong') });
    for (let times = 0; times < 3; times += 1) guess();
    expect(warnings()).to.deep.equal([]);
    guess();
    expect(warnings()).to.have.length(1);
  });

  it('X15 causes a warning even if verify itself has refused somebody before', async () => {
    const { strategy, warnings } = open(
      new BindFirst(judging().judge, (...args) => (args.at(-1) as Done)(null, false)),
    );
    await end(strategy, 'right');
    for (const password of ['1', '2', '3', '4']) await end(strategy, password);
    expect(warnings()).to.have.length(1);
  });

  it('X15 causes no warning if such attempts do not come in a row', async () => {
    const { strategy, warnings } = open(new BindFirst(judging().judge, accept));
    for (const password of ['1', '2', '3']) {
      for (let month = 0; month < 3; month += 1) await end(strategy, password);
      await end(strategy, 'right');
    }
    expect(warnings()).to.deep.equal([]);
  });

  it('X15 causes no warning for empty forms or outages', async () => {
    const { strategy, warnings } = open(new BindFirst(() => false, accept));
    for (let form = 0; form < 9; form += 1) await end(strategy, '');
    const down = Object.assign(new BindFirst(() => false, accept), {
      authenticate(this: { fail(info: string, status: number): void }) {
        this.fail('down', 503);
      },
    });
    const outage = open(down as StrategyLike);
    for (let form = 0; form < 9; form += 1) await end(outage.strategy, 'x');
    expect([...warnings(), ...outage.warnings()]).to.deep.equal([]);
  });

  it('X15 causes no warning if another strategy judges the same request', async () => {
    const lockout = new Lockout({ ...LIMIT_3, tiers: [{ failures: 100, cooloff: { minutes: 15 } }] });
    const events = new EventLog(lockout);
    const reader = new BindFirst(() => false, accept);
    const [first, second] = [
      withLockout(reader, lockout),
      withLockout(new BindFirst(judging().judge, accept), lockout, { guard: 'authenticate', username }),
    ];
    for (let request = 0; request < 9; request += 1) {
      const req = login('wrong');
      drive(first, req);
      drive(second, req);
    }
    expect(events.of('warning').filter(({ code }) => code === CODE)).to.deep.equal([]);
  });

  it('X15 causes no warning if an outer lockout has refused nobody yet, but this one has', async () => {
    const outer = new Lockout(LIMIT_3);
    const events = new EventLog(outer);
    const inner = withLockout(new BindFirst(judging().judge, accept), LIMIT_3, { guard: 'authenticate', username });
    const strategy = withLockout(inner, outer);
    for (let guess = 0; guess < 12; guess += 1) await end(strategy, 'wrong');
    const told = events.of('warning').filter(({ code }) => code === CODE);
    // The outer one has seen two judgements before verify, and refusals, which are none.
    expect(told).to.deep.equal([]);
  });
});

const basic = (credentials: string) => ({ authorization: `Basic ${Buffer.from(credentials).toString('base64')}` });
const refuse = (...args: unknown[]) => (args.at(-1) as Done)(null, false);
const USER_FORM = { username: 'new-user', password: 'their first password' };

describe('A strategy that ends requests before verify without judging a password', () => {
  const EXPIRED = { authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmVkIGJ5IG5vYm9keQ' };
  const jwt = () =>
    new JwtStrategy({ jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: 'secret' }, refuse);

  const KINDS: readonly (readonly [what: string, create: () => unknown, headers: object])[] = [
    ['passport-jwt without a token', jwt, {}],
    ['passport-jwt with an expired token', jwt, EXPIRED],
    ['passport-jwt with a Basic header', jwt, basic('alice:x')],
    ['passport-http Basic without a header', () => new BasicStrategy(refuse), {}],
    ['passport-http Basic with a token', () => new BasicStrategy(refuse), EXPIRED],
    ['passport-http-bearer without a header', () => new BearerStrategy(refuse), {}],
    [
      'passport-headerapikey without a key',
      () => new HeaderAPIKeyStrategy({ header: 'X-Api-Key', prefix: '' }, false, refuse),
      {},
    ],
    ['passport-localapikey without a key', () => new LocalApiKeyStrategy(refuse), {}],
    ['passport-unique-token without a token', () => new UniqueTokenStrategy(refuse), {}],
  ];
  for (const [what, create, headers] of KINDS) {
    it(`X15 causes no warning for the form of a new user: ${what}`, () => {
      const { strategy, warnings } = open(create() as StrategyLike);
      const request = { ip: '203.0.113.9', headers, body: USER_FORM, query: {}, params: {} };
      const ends = Array.from({ length: 12 }, () => drive(strategy, request).actions[0]?.[0]);
      expect(ends).to.deep.equal(Array(12).fill('fail'));
      expect(warnings()).to.deep.equal([]);
    });
  }

  /** Somebody's own, for a header of theirs. */
  const own = (): StrategyLike =>
    ({
      name: 'own',
      _verify: refuse,
      authenticate(this: { fail(challenge: string): void }) {
        this.fail('Own realm="x"');
      },
    }) as StrategyLike;

  const HARMLESS: readonly object[] = [
    { name: 'Ann', zipCode: '10115' },
    { email: 'a@example.org', tokenId: '5' },
    { username: 'ann', keyword: 'tea' },
    { user: 'ann', passenger: 'Bob' },
    { user_name: 'ann', zip_code: '10115', country_code: 'DE' },
    { 'user-name': 'ann', 'area-code': '030' },
    { login: 'ann', shippingOptions: 'fast' },
    { mail: 'ann', compass: 'N', passport: 'C01X' },
    { username: 'ann', password: '' },
    { password: 'x' },
    { username: 'ann' },
  ];
  for (const body of HARMLESS) {
    it(`X15 causes no warning for ${JSON.stringify(body)}`, () => {
      const { strategy, warnings } = open(own());
      for (let request = 0; request < 12; request += 1) drive(strategy, { ip: '203.0.113.9', headers: {}, body });
      expect(warnings()).to.deep.equal([]);
    });
  }

  const SUSPICIOUS: readonly object[] = [
    USER_FORM,
    { userName: 'ann', userPassword: 'x' },
    { user_email: 'ann', user_pass: 'x' },
    { 'account-id': 'ann', 'account-pwd': 'x' },
    { customerNumber: '7', PIN: '1234' },
    { phone: '030', smsCode: '1234' },
    { j_username: 'ann', j_password: 'x' },
    { name: 'ann', passphrase: 'x' },
    { email: 'ann', OTP: '123456' },
    { user: { email: 'ann', password1: 'x' } },
    { USERNAME: 'ann', PASSWORD: 'x' },
    { mail: 'ann', Passwort: 'x' },
  ];
  for (const body of SUSPICIOUS) {
    it(`X15 causes a warning if the form looks like a login: ${JSON.stringify(body)}`, () => {
      const { strategy, warnings } = open(own());
      for (let request = 0; request < 4; request += 1) drive(strategy, { ip: '203.0.113.9', headers: {}, body });
      expect(warnings()).to.have.length(1);
    });
  }

  for (const [what, headers] of [
    ['without a password', basic('alice:')],
    ['without a name', basic(':x')],
    ['without a colon', basic('alice')],
    ['without credentials', { authorization: 'Basic' }],
    ['that is a list', { authorization: ['Basic', 'x'] }],
  ] as const) {
    it(`X15 causes no warning for a Basic header ${what}`, () => {
      const { strategy, warnings } = open(own());
      for (let request = 0; request < 12; request += 1) drive(strategy, { ip: '203.0.113.9', headers });
      expect(warnings()).to.deep.equal([]);
    });
  }
});

describe('An authenticate that is a member of the instance', () => {
  it('X15 causes a warning in direct mode if it bypasses the guard: at the first success', () => {
    const { strategy, warnings } = open(new Bound(judging().judge, accept));
    expect(drive(strategy, login('wrong'), { direct: true }).actions).to.have.length(1);
    expect(warnings()).to.deep.equal([]);
    expect(drive(strategy, login('right'), { direct: true }).actions).to.deep.equal([['success', { id: 1 }]]);
    expect(warnings()).to.have.length(1);
  });

  it('X15 causes a warning in direct mode if it bypasses the guard: after three wrong passwords', () => {
    const { strategy, warnings } = open(new Bound(judging().judge, accept));
    for (let guess = 0; guess < 4; guess += 1) drive(strategy, login('wrong'), { direct: true });
    expect(warnings()).to.have.length(1);
  });

  it('X15 is guarded with the option that the warning recommends', async () => {
    const { lockout, strategy } = open(new Bound(judging().judge, accept), { guard: 'authenticate', username });
    const ends = ['1', '2', '3', 'right'].map(
      (password) => drive(strategy, login(password), { direct: true }).actions[0]?.[2],
    );
    expect(ends).to.deep.equal([401, 401, 429, 429]);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 3, verifying: 0 });
  });
});
