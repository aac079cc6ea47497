/** Attempts that never end: verify answers the request itself, or never comes back. */
import { createServer } from 'node:http';
import { expect } from 'chai';
import Koa from 'koa';
import bodyParser from 'koa-bodyparser';
import koaPassport from 'koa-passport';
import { Strategy as LocalStrategy } from 'passport-local';
import sinon from 'sinon';
import { Lockout, type LockoutOptions, type StrategyLike, withLockout } from '../../lib/index.js';
import { listen } from '../frameworks/contract.js';
import { drive } from '../support/sites/drive.js';
import { type Done, local, request, USER } from '../support/sites/guarded.js';
import { startLoginApp } from '../support/sites/login-app.js';
import { EventLog } from '../support/tools/events.js';

const { KoaPassport } = koaPassport as unknown as { readonly KoaPassport: new () => typeof koaPassport };

const CODE = 'WARN_LOCKOUT_NEVER_ENDED';
const LEASE_MS = 10_000;
const LIMIT_3: LockoutOptions = {
  dimensions: ['username', 'ip'],
  tiers: { username: [{ failures: 3, cooloff: { minutes: 15 } }], ip: [{ failures: 30, cooloff: { minutes: 15 } }] },
  leaseTimeout: { milliseconds: LEASE_MS },
  busyTimeout: { seconds: 0 },
};
const ALICE = { username: 'alice' };

/** A response, as a framework shows it with the request. */
interface Shown {
  statusCode: number;
  writableEnded: boolean;
}
/** What verify is asked for, and what it does. */
interface Asked {
  readonly res: Shown;
  readonly done: Done;
}

describe('An attempt that never ends', () => {
  let timers: sinon.SinonFakeTimers;
  let lockout: Lockout;
  let events: EventLog;
  let asked: Asked[];
  let strategy: StrategyLike;

  beforeEach(() => {
    timers = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    use();
  });
  afterEach(() => timers.restore());

  function use(options: LockoutOptions = {}): void {
    lockout = new Lockout({ ...LIMIT_3, attemptLog: 'await', ...options });
    events = new EventLog(lockout);
    asked = [];
    const inner = local((_username, _password, done) => {
      asked.push({ res: shown, done });
    });
    strategy = withLockout(inner, lockout);
  }

  let shown: Shown;
  /** @returns the actions called so far */
  function logIn(ip = '203.0.113.9') {
    shown = { statusCode: 200, writableEnded: false };
    return drive(strategy, { ...request(), ip, res: shown }).actions;
  }

  function answer(statusCode: number, { res }: Asked = asked.at(-1) as Asked): void {
    res.statusCode = statusCode;
    res.writableEnded = true;
  }

  async function pass(ms: number): Promise<void> {
    await timers.tickAsync(ms);
  }
  const warnings = () => events.of('warning').filter(({ code }) => code === CODE);

  for (const status of [400, 401, 403, 404, 422]) {
    it(`is a failure if verify has answered the request itself with ${status}`, async () => {
      logIn();
      answer(status);
      await pass(1_000);
      expect(await lockout.status(ALICE)).to.include({ failures: 1, verifying: 0 });
    });
  }

  it('is a failure even if verify answers the request itself seconds later', async () => {
    logIn();
    await pass(5_500);
    answer(401);
    await pass(1_000);
    expect(await lockout.status(ALICE)).to.include({ failures: 1, verifying: 0 });
  });

  it('locks as the third of its kind, with the usual events and log entries; no more than three are verified meanwhile', async () => {
    for (let guess = 0; guess < 20; guess += 1) {
      logIn();
      answer(401);
    }
    expect(asked).to.have.length(3);
    await pass(1_000);

    expect(events.count('attempt_failed')).to.equal(3);
    expect(events.count('username_blocked')).to.equal(1);
    const { items } = await lockout.attempts({ username: 'alice', outcome: 'failed' });
    expect(items).to.have.length(3);
    expect(logIn().map(([name]) => name)).to.deep.equal(['fail']);
    expect(asked).to.have.length(3);
  });

  for (const [what, how] of [
    ['has not answered at all', () => undefined],
    ['has answered with 200', () => answer(200)],
    ['has answered with a redirect', () => answer(302)],
    ['has answered with 500', () => answer(500)],
    ['has begun an answer with 401', () => Object.assign((asked[0] as Asked).res, { statusCode: 401 })],
  ] as const) {
    it(`is released uncounted when its lease ends, if verify ${what}`, async () => {
      logIn();
      how();
      await pass(LEASE_MS - 1);
      expect(await lockout.status(ALICE)).to.include({ failures: 0, verifying: 1 });
      await pass(1);
      expect(await lockout.status(ALICE)).to.include({ failures: 0, verifying: 0 });
      expect(events.all.filter(({ name }) => name !== 'warning')).to.deep.equal([]);
    });
  }

  it('makes its address pause at this name when it is released', async () => {
    logIn();
    await pass(LEASE_MS);
    expect(logIn().map(([name]) => name)).to.deep.equal(['fail']);
    expect(logIn('198.51.100.1')).to.deep.equal([]);
    expect(asked).to.have.length(2);
    await pass(50);
    logIn();
    expect(asked).to.have.length(3);
  });

  it('causes one warning for each strategy, and check() finds it', async () => {
    const other = withLockout(
      Object.assign(
        local(() => undefined),
        { name: 'other' },
      ),
      lockout,
    );
    for (const ip of ['203.0.113.1', '203.0.113.2']) logIn(ip);
    drive(other, request());
    answer(401);
    await pass(LEASE_MS);

    expect(warnings().map(({ message }) => /"(\w+)"/.exec(message)?.[1])).to.have.members(['local', 'other']);
    expect((await lockout.check()).filter(({ code }) => code === CODE)).to.have.length(2);
  });

  it('causes no warning if it ends before its lease, however late', async () => {
    logIn();
    await pass(LEASE_MS - 1);
    asked[0]?.done(null, USER);
    answer(401);
    await pass(LEASE_MS);
    expect(warnings()).to.deep.equal([]);
    expect(await lockout.status(ALICE)).to.include({ failures: 0, verifying: 0 });
  });

  describe('and then ends after all', () => {
    for (const [what, statusCode, failures] of [
      ['was counted', 401, 1],
      ['was released', 200, 0],
    ] as const) {
      it(`does not disclose that the password is right, and forgives nothing, if it ${what}`, async () => {
        const actions = logIn();
        answer(statusCode);
        await pass(LEASE_MS);
        asked[0]?.done(null, USER);
        expect(actions.map(([name, info]) => [name, (info as { code: string }).code])).to.deep.equal([
          ['fail', 'ERR_LOCKOUT_LATE'],
        ]);
        expect(await lockout.status(ALICE)).to.include({ failures, verifying: 0 });
        expect(events.count('attempt_succeeded')).to.equal(0);
      });

      it(`counts as one failure if the password is wrong and it ${what}`, async () => {
        logIn();
        answer(statusCode);
        await pass(LEASE_MS);
        asked[0]?.done(null, false);
        expect(await lockout.status(ALICE)).to.include({ failures: 1, verifying: 0 });
        expect(events.count('attempt_failed')).to.equal(1);
      });
    }

    it('does not disclose a right password if the response was a refusal seconds ago', async () => {
      const actions = logIn();
      answer(401);
      await pass(1_000);
      asked[0]?.done(null, USER);
      expect(actions.map(([name]) => name)).to.deep.equal(['fail']);
    });
  });

  it('is noticed in monitor mode, too', async () => {
    use({ mode: 'monitor' });
    logIn();
    answer(401);
    await pass(1_000);
    expect(await lockout.status(ALICE)).to.include({ failures: 1 });
    expect(warnings()).to.have.length(1);
  });

  describe('in protect', () => {
    const never = () => new Promise<boolean>(() => {});

    it('is released when its lease ends, and named in the warning by its action', async () => {
      void lockout.protect({ ...ALICE, action: 'otp' }, never);
      void lockout.protect(ALICE, never);
      await pass(LEASE_MS);
      expect(await lockout.status(ALICE)).to.include({ failures: 0, verifying: 0 });
      expect(warnings().map(({ message }) => /"(\w+)"/.exec(message)?.[1])).to.deep.equal(['otp', 'protect']);
    });

    it('is a failure if its response has a status of refusal', async () => {
      const res = { statusCode: 403, writableEnded: true };
      void lockout.protect({ ...ALICE, req: { ip: '203.0.113.9', res } as object }, never);
      await pass(1_000);
      expect(await lockout.status(ALICE)).to.include({ failures: 1, verifying: 0 });
    });

    it('does not crash the process if the request has no readable response', async () => {
      const req = {
        get res(): never {
          throw new TypeError('no response');
        },
      };
      void lockout.protect({ ...ALICE, req: req as object }, never);
      await pass(LEASE_MS);
      expect(await lockout.status(ALICE)).to.include({ failures: 0, verifying: 0 });
    });
  });

  describe('regarding timers', () => {
    it('shares one timer with all other attempts', () => {
      const before = timers.countTimers();
      for (let login = 0; login < 100; login += 1) {
        void lockout.protect({ username: `user ${login}` }, () => new Promise<boolean>(() => {}));
        void lockout.protect({ username: `somebody ${login}` }, () => true);
      }
      expect(timers.countTimers()).to.equal(before + 1);
    });

    it('starts no timer after the lockout was closed', async () => {
      await lockout.close();
      const before = timers.countTimers();
      logIn();
      expect(timers.countTimers()).to.equal(before);
    });
  });

  describe('over HTTP', () => {
    const TOLD = 'wrong, says verify';

    it('locks if an Express verify answers by itself', async () => {
      const inner = new LocalStrategy({ passReqToCallback: true }, (req) => {
        req.res?.status(401).send(TOLD);
      });
      const app = await startLoginApp({ strategies: { local: withLockout(inner, lockout) as StrategyLike } });
      const answers = [];
      for (let guess = 0; guess < 3; guess += 1) answers.push(await app.login('alice', 'x'));
      await pass(1_000);
      answers.push(await app.login('alice', 'x'));
      await app.close();

      expect(answers.map(({ status, body }) => `${status} ${body}`)).to.deep.equal([
        ...Array(3).fill(`401 ${TOLD}`),
        '429 Too Many Requests',
      ]);
    });

    it("locks if a Koa verify answers by itself, behind Koa's response wrapper", async () => {
      const passport = new KoaPassport();
      const inner = new LocalStrategy({ passReqToCallback: true }, (req) => {
        const { ctx } = req as unknown as { readonly ctx: Koa.Context };
        ctx.respond = false;
        ctx.res.writeHead(401).end(TOLD);
      });
      passport.use(withLockout(inner, lockout) as never);
      const app = new Koa();
      app.use(bodyParser()).use(passport.initialize()).use(passport.authenticate('local'));
      const { server, close } = await listen(createServer(app.callback()));
      const { port } = server.address() as { readonly port: number };
      const { status } = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'alice', password: 'x' }),
      });
      await pass(1_000);
      await close();

      expect(status).to.equal(401);
      expect(await lockout.status(ALICE)).to.include({ failures: 1 });
    });
  });
});
