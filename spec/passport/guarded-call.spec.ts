/** One guarded call beside the plain one: what Passport and the strategy can observe. */
import { expect } from 'chai';
import { Strategy as LocalStrategy, type VerifyFunction } from 'passport-local';
import { Lockout, type LockoutOptions, type StrategyLike, withLockout } from '../../lib/index.js';
import { quiet, withRejections } from '../support/sites/differential.js';
import { drive } from '../support/sites/drive.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { until } from '../support/tools/until.js';

type Done = (error?: unknown, user?: unknown, info?: unknown) => void;
type Verify = (username: string, password: string, done: Done) => unknown;

const LIMIT_3: LockoutOptions = { dimensions: ['username'], tiers: [{ failures: 3, cooloff: { minutes: 15 } }] };
const STORES = [
  ['the memory store', () => ({})],
  ['an asynchronous store', () => ({ store: new SlowStore() })],
] as const;

const request = (password = 'x') => ({ body: { username: 'alice', password }, ip: '203.0.113.9', headers: {} });
const local = (verify: Verify) => new LocalStrategy(verify as VerifyFunction);
const INFO = { message: 'wrong' };
const USER = { id: 1 };

/** Ways in which a verify function may behave, each once plain and once wrapped. */
const BEHAVIOURS: readonly [string, Verify, settled: number][] = [
  ['right', (_u, _p, done) => done(null, USER, INFO), 1],
  ['wrong', (_u, _p, done) => done(null, false, INFO), 1],
  ['wrong without info', (_u, _p, done) => done(null, false), 1],
  ['an error', (_u, _p, done) => done(INFO), 1],
  [
    'a throw',
    () => {
      throw INFO;
    },
    1,
  ],
  [
    'wrong, then right',
    (_u, _p, done) => {
      done(null, false, INFO);
      done(null, USER);
    },
    2,
  ],
  [
    'right, then wrong',
    (_u, _p, done) => {
      done(null, USER);
      done(null, false, INFO);
    },
    2,
  ],
  [
    'wrong twice',
    (_u, _p, done) => {
      done(null, false, INFO);
      done(null, false, INFO);
    },
    2,
  ],
  [
    'wrong, then a throw',
    (_u, _p, done) => {
      done(null, false, INFO);
      throw INFO;
    },
    2,
  ],
];

describe('guarded call', () => {
  for (const [storeName, storeOptions] of STORES) {
    describe(`on ${storeName}`, () => {
      for (const [what, verify, settled] of BEHAVIOURS) {
        it(`passes on exactly what the plain strategy does for ${what}`, async () => {
          const plain = drive(local(verify), request());
          const wrapped = drive(withLockout(local(verify), { ...LIMIT_3, ...storeOptions() }), request());
          await until(() => wrapped.actions.length === settled);
          expect(wrapped.actions).to.deep.equal(plain.actions);
          expect(wrapped.thrown).to.equal(plain.thrown);
          for (const [index, [, argument]] of plain.actions.entries())
            expect(wrapped.actions[index]?.[1]).to.equal(argument);
        });
      }

      it('F8 counts one failure for an answer given twice, whatever the second says', async () => {
        for (const second of [false, USER]) {
          const lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
          const strategy = withLockout(
            local((_u, _p, done) => {
              done(null, false);
              done(null, second);
            }),
            lockout,
          );
          const { actions } = drive(strategy, request());
          await until(() => actions.length === 2);
          expect(actions.map(([name]) => name)).to.deep.equal(['fail', second ? 'success' : 'fail']);
          expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
        }
      });

      it('drops what the strategy still says after the wrapper has refused', async () => {
        const lockout = new Lockout({ ...LIMIT_3, ...storeOptions(), tiers: [{ failures: 1, cooloff: 'forever' }] });
        const strategy = withLockout(
          local((_u, _p, done) => {
            done(null, false);
            done(null, USER);
          }),
          lockout,
        );
        const { actions } = drive(strategy, request());
        await until(() => actions.length > 0);
        expect(actions).to.deep.equal([['fail', refused('username', null), 429]]);
      });

      it('does not call verify while locked', async () => {
        let calls = 0;
        const lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
        await lockout.block({ username: 'alice' }, { for: 'forever' });
        const strategy = withLockout(
          local(() => {
            calls += 1;
          }),
          lockout,
        );
        const { actions } = drive(strategy, request());
        await until(() => actions.length > 0);
        expect(calls).to.equal(0);
        expect(actions).to.deep.equal([['fail', refused('username', null), 429]]);
      });

      it('sends what an action throws where an error of that turn would go', async () => {
        const boom = new Error('flash() is missing');
        const strategy = withLockout(
          local((_u, _p, done) => done(null, false)),
          { ...LIMIT_3, ...storeOptions() },
        );
        const { actions, thrown } = drive(strategy, request(), { throwing: { fail: boom } });
        await until(() => actions.length === 2);
        expect(thrown).to.equal(undefined);
        expect(actions[1]).to.deep.equal(['error', boom]);
      });
    });
  }

  it('calls an error() that throws, too, but once, and leaves its throw to the process', async () => {
    const [first, second] = [new Error('flash() is missing'), new Error('so is next()')];
    const rejections: unknown[] = [];
    const strategy = withLockout(
      local((_u, _p, done) => done(null, false)),
      { ...LIMIT_3, store: new SlowStore() },
    );
    await withRejections(
      (reason) => rejections.push(reason),
      async () => {
        const { actions } = drive(strategy, request(), { throwing: { fail: first, error: second } });
        await until(() => rejections.length > 0);
        await quiet(() => actions.length);
        expect(actions.slice(1)).to.deep.equal([['error', first]]);
      },
    );
    expect(rejections).to.deep.equal([second]);
  });

  it('answers in the same turn on the memory store', () => {
    const strategy = withLockout(
      local((_u, _p, done) => done(null, USER)),
      LIMIT_3,
    );
    expect(drive(strategy, request()).inTurn).to.equal(1);
  });

  it('frees the slot when a verify that returns a promise rejects, and rejects alike', async () => {
    const lockout = new Lockout(LIMIT_3);
    const strategy = withLockout(
      returningVerify(() => Promise.reject(INFO)),
      lockout,
    );
    const { returned } = drive(strategy, request());
    expect(await (returned as Promise<unknown>).catch((error: unknown) => error)).to.equal(INFO);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
  });

  it('returns what a verify returns', async () => {
    const strategy = withLockout(
      returningVerify(() => Promise.resolve(USER)),
      LIMIT_3,
    );
    expect(await drive(strategy, request()).returned).to.equal(USER);
    const plain = withLockout(
      returningVerify(() => 42),
      LIMIT_3,
    );
    expect(drive(plain, request()).returned).to.equal(42);
  });

  it('sends a throw of verify to error() once the turn is over', async () => {
    const strategy = withLockout(
      returningVerify(() => {
        throw INFO;
      }),
      { ...LIMIT_3, store: new SlowStore() },
    );
    const { actions } = drive(strategy, request());
    await until(() => actions.length > 0);
    expect(actions).to.deep.equal([['error', INFO]]);
  });

  it('shows the verify function with its length, name and properties, and takes a replacement', () => {
    const seen: unknown[] = [];
    const verify = Object.assign(function check(_u: string, _p: string, _done: Done) {}, { tag: 'mine' });
    const strategy = {
      _usernameField: 'username',
      _passwordField: 'password',
      _verify: verify as (...args: never[]) => unknown,
      authenticate() {
        seen.push(this._verify.length, this._verify.name, (this._verify as unknown as typeof verify).tag);
        this._verify = () => seen.push('replaced');
        Reflect.apply(this._verify, this, []);
      },
    };
    drive(withLockout(strategy, LIMIT_3), request());
    expect(seen).to.deep.equal([3, 'check', 'mine', 'replaced']);
    expect(strategy._verify).to.equal(verify);
  });

  it('takes two verify functions of one call for one attempt', async () => {
    const lockout = new Lockout({
      ...LIMIT_3,
      busyTimeout: { seconds: 0 },
      tiers: [{ failures: 1, cooloff: 'forever' }],
    });
    const strategy = {
      _verifyUsernameAndPassword: (_u: string, _p: string, done: Done) => done(null, USER),
      _verifyTotpCode: (_user: unknown, done: Done) => done(null, USER),
      authenticate(this: Record<string, (...args: unknown[]) => unknown>, req: ReturnType<typeof request>) {
        const { username, password } = req.body;
        this['_verifyUsernameAndPassword']?.(username, password, () => {
          this['_verifyTotpCode']?.(USER, () => this['success']?.(USER));
        });
      },
    };
    const { actions } = drive(withLockout(strategy as unknown as StrategyLike, lockout), request());
    expect(actions).to.deep.equal([['success', USER]]);
    expect((await lockout.status({ username: 'alice' })).verifying).to.equal(0);
  });

  it('holds a second verify function back while the first waits for its slot', async () => {
    const order: string[] = [];
    const strategy = {
      _verifyUsernameAndPassword: (_u: string, _p: string) => order.push('password'),
      _verifyTotpCode: () => order.push('code'),
      authenticate(this: Record<string, (...args: unknown[]) => unknown>, req: ReturnType<typeof request>) {
        this['_verifyUsernameAndPassword']?.(req.body.username, req.body.password, () => undefined);
        this['_verifyTotpCode']?.(USER, () => undefined);
      },
    };
    drive(withLockout(strategy as unknown as StrategyLike, { ...LIMIT_3, store: new SlowStore() }), request());
    await until(() => order.length === 2);
    expect(order).to.deep.equal(['password', 'code']);
  });

  it('hands everything through when disabled or skipped, and throws what skip throws', () => {
    const fail: Verify = (_u, _p, done) => done(null, false);
    for (const options of [{ enabled: false }, { skip: () => true }]) {
      const lockout = new Lockout({ ...LIMIT_3, ...options });
      const strategy = withLockout(local(fail), lockout);
      for (let index = 0; index < 5; index += 1) expect(drive(strategy, request()).actions[0]?.[0]).to.equal('fail');
      expect(drive(strategy, request()).actions).to.deep.equal([['fail', undefined]]);
    }
    const broken = withLockout(local(fail), {
      skip: () => {
        throw INFO;
      },
    });
    expect(drive(broken, request()).thrown).to.equal(INFO);
  });

  it('throws what a function of the options throws, and verifies nothing', () => {
    let calls = 0;
    const strategy = withLockout(
      local(() => {
        calls += 1;
      }),
      {
        ...LIMIT_3,
        canonicalUsername: () => {
          throw new Error('bug in the application');
        },
      },
    );
    const { actions } = drive(strategy, request());
    expect(calls).to.equal(0);
    expect(actions.map(([name, error]) => `${name}: ${error}`)).to.deep.equal(['error: Error: bug in the application']);
  });
});

/** A strategy that returns what verify returns, as those of promise-based libraries do. */
function returningVerify(verify: () => unknown): StrategyLike {
  return {
    _usernameField: 'username',
    _passwordField: 'password',
    _verify: verify,
    authenticate(this: { _verify(...args: unknown[]): unknown }, req: ReturnType<typeof request>) {
      return this._verify(req.body.username, req.body.password);
    },
  } as unknown as StrategyLike;
}

function refused(dimension: string, retryAfter: number | null) {
  return {
    code: 'ERR_LOCKOUT_LOCKED',
    message: `Too many failed logins. Please ${retryAfter === null ? 'contact an administrator' : 'try again later'}.`,
    dimension,
    retryAfter,
  };
}
