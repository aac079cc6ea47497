/** What counts as a failure and what does not, over HTTP with real and hand-made strategies. */
import { expect } from 'chai';
import type { RequestHandler } from 'express';
import { Strategy as LocalStrategy, type VerifyFunction } from 'passport-local';
import { Lockout, type LockoutOptions, MemoryStore, withLockout } from '../../lib/index.js';
import { EventLog } from '../support/events.js';
import { type LoginApp, startLoginApp } from '../support/login-app.js';
import { ManualClock } from '../support/manual-clock.js';
import { PasswordCheck, RIGHT_PASSWORD } from '../support/password-strategy.js';
import { until } from '../support/until.js';

type Done = (error: unknown, user?: unknown, info?: unknown) => void;

const LIMIT_3: LockoutOptions = { dimensions: ['username'], tiers: [{ failures: 3, cooloff: { minutes: 15 } }] };

describe('outcomes', () => {
  let app: LoginApp;
  let lockout: Lockout;
  let events: EventLog;

  /** How many requests have reached Passport. */
  let arrived: number;

  /** One strategy whose verify is `verify`. */
  async function start(
    verify: (username: string, password: string, done: Done) => unknown,
    options = LIMIT_3,
  ): Promise<void> {
    lockout = new Lockout(options);
    events = new EventLog(lockout);
    arrived = 0;
    const count: RequestHandler = (_req, _res, next) => {
      arrived += 1;
      next();
    };
    const strategy = new LocalStrategy(verify as VerifyFunction);
    app = await startLoginApp({ strategies: { local: withLockout(strategy, lockout) }, before: [count] });
  }

  const failures = async () => (await lockout.status({ username: 'alice' })).failures;

  afterEach(() => app.close());

  it('F7 gives the slot back when verify never answers, and counts an answer that comes later', async () => {
    const clock = new ManualClock();
    const open: Done[] = [];
    await start((_username, password, done) => (password === 'hang' ? open.push(done) : done(null, false)), {
      ...LIMIT_3,
      store: new MemoryStore({ clock: clock.read }),
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

    open[0]?.(null, false);
    await hanging[0];
    expect(await failures()).to.equal(2);
    open[1]?.(null, false);
    expect((await hanging[1])?.status).to.equal(429);
    open[2]?.(null, false);
    await hanging[2];
  });

  it('F28 does not count missing credentials and leaves the answer as it is', async () => {
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
    it(`F29 takes ${what} for no failure, frees the slot and passes the error on`, async () => {
      await start(verify);
      for (let index = 0; index < 5; index += 1) {
        expect(await app.login('alice', 'x')).to.include({ status: 500, body: 'error: database down' });
      }
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
    });
  }

  it('F29 frees the slot of a rejected promise, which stays unhandled as without the wrapper', async () => {
    const reasons: unknown[] = [];
    const listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (reason) => reasons.push(reason));
    try {
      await start(async () => {
        throw new Error('database down');
      });
      const pending = app.login('alice', 'x').catch(() => 'never answered');
      await until(() => reasons.length > 0);
      expect(reasons.map(String)).to.deep.equal(['Error: database down']);
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
      await app.close();
      expect(await pending).to.equal('never answered');
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of listeners) process.on('unhandledRejection', listener);
    }
  });

  for (const action of ['pass', 'redirect'] as const) {
    it(`F30 neither counts nor blocks ${action}()`, async () => {
      lockout = new Lockout(LIMIT_3);
      events = new EventLog(lockout);
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
    lockout = new Lockout();
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
    lockout = new Lockout(LIMIT_3);
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
    lockout = new Lockout(LIMIT_3);
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

  it('F44 ends what waits when closed, twice without harm, and keeps answering', async () => {
    const open: Done[] = [];
    await start((_username, _password, done) => open.push(done));
    const verifying = [1, 2, 3].map(() => app.login('alice', 'x'));
    await until(() => open.length === 3);
    const waiting = app.login('alice', 'x');
    await until(() => arrived === 4);

    await lockout.close();
    await lockout.close();

    expect(await waiting).to.include({ status: 429, retryAfter: '1' });
    for (const done of open) done(null, { username: 'alice' });
    expect((await Promise.all(verifying)).map(({ status }) => status)).to.deep.equal([200, 200, 200]);
  });
});
