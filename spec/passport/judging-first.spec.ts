/** Strategies that judge before they call verify, or call it where no guard can stand. */
import { expect } from 'chai';
import { Lockout, LockoutConfigError, type StrategyLike, type StrategyOptions, withLockout } from '../../lib/index.js';
import { BindFirst, Cas, Closure, Cognito, passwordGrant, type Verify } from '../support/fixtures/judging-first.js';
import { drive } from '../support/sites/drive.js';
import { LIMIT_3, ON_STORES } from '../support/sites/guarded.js';
import { accept, end, judging, login, username } from '../support/sites/judging.js';
import { EventLog } from '../support/tools/events.js';

const CODE = 'WARN_LOCKOUT_VERIFY_BYPASSED';
describe('A strategy that judges where no verify function is guarded', () => {
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
      it(`X15 locks at the third failure if it judges ${where}, and is not run while locked, on ${storeName}`, async () => {
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

  it('X15 is not taken for one that only ends with errors if isFailure is known', async () => {
    const lockout = new Lockout(LIMIT_3);
    const events = new EventLog(lockout);
    const strategy = withLockout(
      passwordGrant(() => false, accept),
      lockout,
    );
    for (const password of ['1', '2', '3']) await end(strategy, password);
    expect(events.of('warning').filter(({ code }) => code === 'WARN_LOCKOUT_ONLY_ERRORS')).to.deep.equal([]);
  });

  it('X15 counts nothing if the form is empty', async () => {
    const lockout = new Lockout(LIMIT_3);
    const strategy = withLockout(new BindFirst(() => false, accept), lockout, { guard: 'authenticate', username });
    for (let form = 0; form < 4; form += 1) expect(await end(strategy, '')).to.equal('fail 400');
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
  });

  for (const [what, answer, failures] of [
    ['an unknown user', [{ code: 'UserNotFoundException' }], 1],
    ['an outage', [{ code: 'NetworkingError' }], 0],
    ['the demand for a second factor', [{ message: 'Multi factor authentication Required' }, 424], 0],
    ['the demand for a new password', [{ message: 'New Password Required' }, 412], 0],
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

describe('The strategy option guard', () => {
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
    it(`X15 rejects ${JSON.stringify(options)}`, () => {
      expect(wrap(options)).to.throw(LockoutConfigError, message);
    });
  }

  it('X15 needs neither username nor ipOnly if the strategy names its fields', async () => {
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
    expect((await lockout.list({ locked: false })).items.map(({ parts }) => parts)).to.deep.equal([
      { ip: '203.0.113.9' },
    ]);
  });

  /** Kinds that are known, and wait for fields of their own. */
  const KNOWN: readonly (readonly [what: string, members: object])[] = [
    ['passport-ldapauth', { options: {}, getOptions: () => undefined }],
    ['passport-activedirectory', { _ad: {}, _usernameField: 'username', _passwordField: 'password' }],
    ['passport-cognito', { _userPoolId: 'x' }],
    ['passport-cas', { ssoBase: 'x', _validate: () => undefined }],
    ['passport-local', { _usernameField: 'username', _passwordField: 'password' }],
  ];
  for (const [what, members] of KNOWN) {
    /** Reads other fields. */
    const own = (): StrategyLike =>
      Object.assign(new BindFirst(() => false, accept), members, {
        authenticate(this: { fail(info: string, status: number): void }) {
          this.fail('wrong', 401);
        },
      });
    const request = { ip: '203.0.113.9', headers: {}, body: { login: 'alice', secret: 'guess' } };

    it(`X15 uses the option username, whatever fields a strategy shaped as ${what} would read`, async () => {
      const lockout = new Lockout(LIMIT_3);
      const strategy = withLockout(own(), lockout, {
        guard: 'authenticate',
        username: ({ req }) => (req as typeof request).body.login,
      });
      const statuses = Array.from({ length: 4 }, () => drive(strategy, request).actions[0]?.[2]);
      expect(statuses).to.deep.equal([401, 401, 429, 429]);
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 3, verifying: 0 });
    });

    it(`X15 counts the address with ipOnly, whatever fields a strategy shaped as ${what} would read`, async () => {
      const lockout = new Lockout({ dimensions: ['ip'] });
      drive(withLockout(own(), lockout, { guard: 'authenticate', ipOnly: true }), request);
      expect(await lockout.status({ ip: request.ip })).to.include({ failures: 1, verifying: 0 });
    });
  }
});
