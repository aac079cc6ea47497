/** What counts as a failure and what does not, over HTTP with real and hand-made strategies. */
import { expect } from 'chai';
import { Strategy as LocalStrategy, type VerifyFunction } from 'passport-local';
import { Lockout, type LockoutOptions, withLockout } from '../../lib/index.js';
import { countStatuses, type LoginApp, startLoginApp } from '../support/sites/login-app.js';
import { PasswordCheck, RIGHT_PASSWORD } from '../support/sites/password-strategy.js';
import { describeOnEachStore } from '../support/stores/each-store.js';
import { ManualClock } from '../support/stores/manual-clock.js';
import { PATIENT } from '../support/stores/patient.js';
import { EventLog } from '../support/tools/events.js';
import { until } from '../support/tools/until.js';

type Done = (error: unknown, user?: unknown, info?: unknown) => void;

const LIMIT_3: LockoutOptions = { dimensions: ['username'], tiers: [{ failures: 3, cooloff: { minutes: 15 } }] };

describeOnEachStore('A lockout', (stores) => {
  let app: LoginApp;
  let lockout: Lockout;
  let events: EventLog;

  /** One strategy whose verify is `verify`. */
  async function start(
    verify: (username: string, password: string, done: Done) => unknown,
    options = LIMIT_3,
  ): Promise<void> {
    lockout = new Lockout({ ...PATIENT, store: await stores.fresh(), ...options });
    const strategy = new LocalStrategy(verify as VerifyFunction);
    app = await startLoginApp({ strategies: { local: withLockout(strategy, lockout) } });
    // From here on: the warnings of the start are not the subject.
    events = new EventLog(lockout);
  }

  const failures = async () => (await lockout.status({ username: 'alice' })).failures;

  afterEach(() => app.close());

  it('F7 X16 gives the slot back when verify never answers, and counts but does not disclose a late answer', async () => {
    const clock = new ManualClock();
    const open: Done[] = [];
    await start((_username, password, done) => (password === 'hang' ? open.push(done) : done(null, false)), {
      ...LIMIT_3,
      store: await stores.fresh(clock.read),
      leaseTimeout: { seconds: 30 },
      busyTimeout: { seconds: 0 },
    });
    const hanging = [1, 2, 3].map(() => app.login('alice', 'hang'));
    await until(() => open.length === 3);
    expect((await app.login('alice', 'wrong')).status).to.equal(429);
    expect((await lockout.status({ username: 'alice' })).verifying).to.equal(3);

    clock.advance({ seconds: 30 });
    expect((await app.login('alice', 'wrong')).status).to.equal(401);
    expect((await lockout.status({ username: 'alice' })).verifying).to.equal(0);

    for (const [index, done] of open.entries()) {
      done(null, false);
      await until(async () => (await failures()) === Math.min(index + 2, 3));
    }
    expect(countStatuses(await Promise.all(hanging))).to.deep.equal({ 503: 3 });
  });

  it('F28 does not count missing credentials and leaves the response unchanged', async () => {
    await start((_username, _password, done) => done(null, false));
    for (const body of [{}, { username: 'alice' }, { password: 'x' }, { username: '', password: '' }]) {
      const { status } = await app.request('/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(status).to.equal(400);
    }
    expect(await failures()).to.equal(0);
    expect(events.all).to.deep.equal([]);
  });

  const BROKEN: readonly [string, (username: string, password: string, done: Done) => unknown][] = [
    ['an error given to done', (_username, _password, done) => done(new Error('database down'))],
    [
      'a thrown exception',
      () => {
        throw new Error('database down');
      },
    ],
  ];
  for (const [what, verify] of BROKEN) {
    it(`F29 does not take ${what} as a failure, frees the slot and passes the error on`, async () => {
      await start(verify);
      for (let index = 0; index < 5; index += 1) {
        expect(await app.login('alice', 'x')).to.include({ status: 500, body: 'error: database down' });
      }
      await until(async () => (await lockout.status({ username: 'alice' })).verifying === 0);
      expect(await failures()).to.equal(0);
    });
  }

  for (const action of ['pass', 'redirect'] as const) {
    it(`F30 neither counts nor blocks ${action}()`, async () => {
      lockout = new Lockout({ ...PATIENT, ...LIMIT_3, store: await stores.fresh() });
      const strategy = {
        name: 'custom',
        _usernameField: 'username',
        _passwordField: 'password',
        _verify: (_username: string, _password: string, done: () => void) => done(),
        authenticate(this: Record<string, (...args: unknown[]) => void>, req: { body: Record<string, string> }) {
          this['_verify']?.(req.body['username'], req.body['password'], () => this[action]?.('/elsewhere'));
        },
      };
      app = await startLoginApp({ strategies: { custom: withLockout(strategy as never, lockout) } });
      events = new EventLog(lockout);
      for (let index = 0; index < 5; index += 1) {
        const { status } = await app.request('/login', {
          method: 'POST',
          redirect: 'manual',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ username: 'alice', password: 'x' }),
        });
        expect(status).to.equal(action === 'redirect' ? 302 : 200);
      }
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
      expect(events.all).to.deep.equal([]);
    });
  }

  it('F30 does not block the start of a redirect while the address is locked', async () => {
    lockout = new Lockout({ ...PATIENT, store: await stores.fresh() });
    await lockout.block({ ip: '127.0.0.1' }, { for: 'forever' });
    const strategy = {
      name: 'oauth',
      _verify: () => undefined,
      authenticate(this: { redirect(url: string): void }) {
        this.redirect('https://provider.example/authorize');
      },
    };
    app = await startLoginApp({ strategies: { oauth: withLockout(strategy, lockout) } });
    expect((await app.request('/login', { redirect: 'manual' })).status).to.equal(302);
  });

  it('F32 counts one failure when two wrapped strategies try the same password', async () => {
    lockout = new Lockout({ ...PATIENT, ...LIMIT_3, store: await stores.fresh() });
    events = new EventLog(lockout);
    const first = new PasswordCheck();
    const second = new PasswordCheck();
    app = await startLoginApp({
      strategies: { a: withLockout(first.strategy(), lockout), b: withLockout(second.strategy(), lockout) },
    });

    await app.login('alice', 'wrong');
    expect(await failures()).to.equal(1);
    expect(events.count('attempt_failed')).to.equal(1);
    await app.login('alice', 'wrong');
    expect((await app.login('alice', 'wrong')).status).to.equal(429);
    expect(await failures()).to.equal(3);
    expect(first.verified).to.have.length(3);
    expect(second.verified).to.have.length(2);

    expect((await app.login('alice', RIGHT_PASSWORD)).status).to.equal(429);
    expect(first.verified).to.have.length(3);
    expect(second.verified).to.have.length(2);
  });

  it('F32 counts two passwords in one request as two guesses', async () => {
    lockout = new Lockout({ ...PATIENT, ...LIMIT_3, store: await stores.fresh() });
    const check = new PasswordCheck();
    const other = new LocalStrategy({ passwordField: 'otherPassword' }, (_username, _password, done) =>
      done(null, false),
    );
    app = await startLoginApp({
      strategies: { a: withLockout(check.strategy(), lockout), b: withLockout(other, lockout) },
    });
    const { status } = await app.request('/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'alice', password: 'one', otherPassword: 'two' }),
    });
    expect(status).to.equal(401);
    expect(await failures()).to.equal(2);
  });

  it('F33 gives each of two overlapping requests to one instance its own answer', async () => {
    const open = new Map<string, Done>();
    await start((username, _password, done) => open.set(username, done));
    const alice = app.login('alice', 'x');
    const bob = app.login('bob', 'x');
    await until(() => open.size === 2);
    open.get('bob')?.(null, { username: 'bob' });
    open.get('alice')?.(null, false);
    expect(await bob).to.include({ status: 200, body: '{"user":{"username":"bob"}}' });
    expect((await alice).status).to.equal(401);
  });

  it('F36 does not let a listener that throws or rejects affect a login', async () => {
    await start((_username, _password, done) => done(null, false));
    lockout.on('attempt_failed', () => {
      throw new Error('listener');
    });
    lockout.on('username_blocked', async () => {
      throw new Error('async listener');
    });
    const statuses = [];
    for (let index = 0; index < 3; index += 1) statuses.push((await app.login('alice', 'x')).status);
    expect(statuses).to.deep.equal([401, 401, 429]);
    const warnings = events.of('warning');
    expect(warnings.map(({ code }) => code)).to.deep.equal(Array(4).fill('WARN_LOCKOUT_LISTENER_FAILED'));
    expect(warnings.map(({ cause }) => String(cause))).to.include('Error: async listener');
  });

  it('F48 counts an attempt whose client hung up while it was verified, and frees its slot', async () => {
    const open: Done[] = [];
    await start((_username, _password, done) => open.push(done));
    const client = new AbortController();
    const gone = app
      .request('/login', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'alice', password: 'wrong' }),
        signal: client.signal,
      })
      .catch((error: Error) => error.name);
    await until(() => open.length === 1);
    client.abort();
    expect(await gone).to.equal('AbortError');
    open[0]?.(null, false);

    await until(async () => (await lockout.status({ username: 'alice' })).verifying === 0);
    expect(await failures()).to.equal(1);
  });
});
