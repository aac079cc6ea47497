/** Strategies that judge before they call verify, or call it where no guard can stand. */
import { expect } from 'chai';
import { Lockout, LockoutConfigError, type StrategyLike, type StrategyOptions, withLockout } from '../../lib/index.js';
import {
  BindFirst,
  Cas,
  Closure,
  Cognito,
  type Done,
  passwordGrant,
  type Verify,
} from '../support/fixtures/judging-first.js';
import { drive } from '../support/sites/drive.js';
import { LIMIT_3, ON_STORES } from '../support/sites/guarded.js';
import { EventLog } from '../support/tools/events.js';
import { until } from '../support/tools/until.js';

const CODE = 'WARN_LOCKOUT_VERIFY_BYPASSED';
const username: StrategyOptions['username'] = ({ req }) =>
  (req as { readonly body: { readonly username?: string } }).body.username;
const accept: Verify = (...args) => (args.at(-1) as Done)(null, { id: 1 });

/** The passwords that were asked for, and whether they are right. */
function judging() {
  const judged: string[] = [];
  const judge = (_username: string, password: string) => {
    judged.push(password);
    return password === 'right';
  };
  const verify: Verify = (...args) => {
    const [, password] = args as [string, string];
    (args.at(-1) as Done)(null, judge('', password) && { id: 1 });
  };
  return { judged, judge, verify };
}

const login = (password: string, user = 'alice') => ({
  ip: '203.0.113.9',
  headers: {},
  body: { username: user, password },
});

async function end(strategy: StrategyLike, password: string, user?: string): Promise<string> {
  const credentials = { username: user ?? 'alice', password };
  const { actions } = drive(strategy, login(password, user), { options: credentials });
  await until(() => actions.length > 0);
  const [[name, , status] = []] = actions;
  return status === undefined ? String(name) : `${name} ${status}`;
}

describe('a strategy that judges where no verify function is guarded', () => {
  const GUARDED: readonly (readonly [
    what: string,
    create: (site: ReturnType<typeof judging>) => StrategyLike,
    options: StrategyOptions,
    wrong: string,
  ])[] = [
    ['before verify', ({ judge }) => new BindFirst(judge, accept), { guard: 'authenticate', username }, 'fail 401'],
    ['in a closure', ({ verify }) => new Closure(verify), { guard: 'authenticate', username }, 'fail 401'],
    [
      'in a user pool, as passport-cognito',
      ({ judge }) =>
        new Cognito((name, password) => (judge(name, password) ? null : [{ code: 'NotAuthorizedException' }]), accept),
      {},
      'fail',
    ],
    ['at a provider, as passport-oauth2-password-grant', ({ judge }) => passwordGrant(judge, accept), {}, 'error'],
  ];
  for (const [storeName, storeOptions] of ON_STORES) {
    for (const [where, create, options, wrong] of GUARDED) {
      it(`X15 locks at the third where it judges ${where}, and asks nobody while locked, on ${storeName}`, async () => {
        const site = judging();
        const lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
        const events = new EventLog(lockout);
        const strategy = withLockout(create(site), lockout, options);
        const ends = [];
        for (const password of ['1', '2', '3', '4', 'right']) ends.push(await end(strategy, password));

        expect(ends).to.deep.equal([wrong, wrong, 'fail 429', 'fail 429', 'fail 429']);
        expect(site.judged).to.deep.equal(['1', '2', '3']);
        expect(await end(strategy, 'right', 'bob')).to.equal('success');
        expect(events.of('warning').filter(({ code }) => code === CODE)).to.deep.equal([]);
      });
    }
  }

  it('X15 is not taken for a strategy that ends with errors only where it is known how it says wrong', async () => {
    const lockout = new Lockout(LIMIT_3);
    const events = new EventLog(lockout);
    const strategy = withLockout(
      passwordGrant(() => false, accept),
      lockout,
    );
    for (const password of ['1', '2', '3']) await end(strategy, password);
    expect(events.of('warning').filter(({ code }) => code === 'WARN_LOCKOUT_ONLY_ERRORS')).to.deep.equal([]);
  });

  it('X15 counts nothing where the form is empty', async () => {
    const lockout = new Lockout(LIMIT_3);
    const strategy = withLockout(new BindFirst(() => false, accept), lockout, { guard: 'authenticate', username });
    for (let form = 0; form < 4; form += 1) expect(await end(strategy, '')).to.equal('fail 400');
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
  });

  for (const [what, answer, failures] of [
    ['an unknown user', [{ code: 'UserNotFoundException' }], 1],
    ['an outage', [{ code: 'NetworkingError' }], 0],
    ['a second factor that has to follow', [{ message: 'Multi factor authentication Required' }, 424], 0],
    ['a new password that has to follow', [{ message: 'New Password Required' }, 412], 0],
  ] as const) {
    it(`X15 counts ${failures} for ${what} of a user pool`, async () => {
      const lockout = new Lockout(LIMIT_3);
      await end(withLockout(new Cognito(() => answer, accept), lockout), 'x');
      expect(await lockout.status({ username: 'alice' })).to.include({ failures, verifying: 0 });
    });
  }

  it('X15 refuses a locked address at the ticket of passport-cas, and redirects it as before', async () => {
    const lockout = new Lockout({ dimensions: ['ip'] });
    let verified = 0;
    const counting: Verify = (...args) => {
      verified += 1;
      accept(...args);
    };
    const strategy = withLockout(new Cas(counting), lockout);
    const run = (query: Record<string, string>) => drive(strategy, { ...login(''), query }).actions[0]?.[0];

    expect(run({ ticket: 'ST-1' })).to.equal('success');
    await lockout.block({ ip: '203.0.113.9' }, { for: { hours: 1 } });
    expect([run({}), run({ ticket: 'ST-1' })]).to.deep.equal(['redirect', 'fail']);
    expect(verified).to.equal(1);
  });
});

describe('a strategy whose verdicts nobody counts', () => {
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

  it('X15 is told of at the first success that comes past its guard, once, and check() finds it', async () => {
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

  it('X15 is told of where it has judged three forms before verify, with the next one', async () => {
    const { strategy, warnings } = open(new BindFirst(judging().judge, accept));
    await end(strategy, 'right');
    for (const password of ['1', '2', '3']) await end(strategy, password);
    expect(warnings()).to.deep.equal([]);
    for (const password of ['4', '5', '6', '7', '8', '9']) await end(strategy, password);
    expect(warnings()).to.have.length(1);
    expect(warnings()[0]?.message).to.match(/^the strategy "bind-first" has ended attempts/);
  });

  it('X15 is not told of for empty forms, nor for outages', async () => {
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

  it('X15 is not told of where another strategy judges the same request', async () => {
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

  it('X15 is not told of where another lockout around it has refused nobody yet, but this one has', async () => {
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

describe('the strategy option guard', () => {
  const wrap = (options: object) => () =>
    withLockout(new BindFirst(() => false, accept), {}, options as StrategyOptions);

  for (const [options, message] of [
    [{ guard: 'verify' }, /^strategy options\.guard: expected 'authenticate', got "verify" \(a string\)$/],
    [{ guard: true }, /^strategy options\.guard: expected 'authenticate', got true \(a boolean\)$/],
    [
      { guard: 'authenticate' },
      /^strategy options\.guard: expected to be told who tries .* got nothing for "bind-first"\. Pass \{ username/,
    ],
  ] as const) {
    it(`X15 refuses ${JSON.stringify(options)}`, () => {
      expect(wrap(options)).to.throw(LockoutConfigError, message);
    });
  }

  it('X15 needs neither username nor ipOnly where the strategy names its fields', async () => {
    const lockout = new Lockout(LIMIT_3);
    const inner = Object.assign(new BindFirst(() => false, accept), {
      _usernameField: 'username',
      _passwordField: 'password',
    });
    const strategy = withLockout(inner, lockout, { guard: 'authenticate' });
    await end(strategy, 'wrong');
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1 });
  });

  it('X15 counts addresses alone with ipOnly', async () => {
    const lockout = new Lockout({ dimensions: ['username', 'ip'] });
    const strategy = withLockout(new BindFirst(() => false, accept), lockout, { guard: 'authenticate', ipOnly: true });
    await end(strategy, 'wrong');
    expect((await lockout.list({ locked: false })).items.map(({ subject }) => subject)).to.deep.equal([
      { ip: '203.0.113.9' },
    ]);
  });
});
