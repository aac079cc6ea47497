/** Instances that cannot be shared by overlapping requests: the overlap is an error, no free guess and no mix-up. */
import { expect } from 'chai';
import type { RequestHandler } from 'express';
import { Lockout, LockoutConfigError, type StrategyLike, withLockout } from '../../lib/index.js';
import { LIMIT_3, ON_STORES, request } from '../support/sites/guarded.js';
import { countStatuses, startApp } from '../support/sites/login-app.js';
import { until } from '../support/tools/until.js';

type Done = (error: unknown, user?: unknown) => void;

/** Works on its own instance alone; verify answers when the spec says. */
class PrivateStrategy {
  declare success: (user: unknown) => void;
  declare fail: (challenge: unknown) => void;
  declare error: (error: unknown) => void;
  readonly name = 'private';
  readonly _usernameField = 'username';
  readonly _passwordField = 'password';
  readonly #realm = 'Users';
  readonly _verify: (username: string, password: string, done: Done) => void;

  constructor(verify: (username: string, password: string, done: Done) => void) {
    this._verify = verify;
  }

  authenticate({ body }: ReturnType<typeof request>): void {
    const challenge = `Private realm="${this.#realm}"`;
    this._verify(body.username, body.password, (error, user) => {
      if (error) this.error(error);
      else if (user) this.success(user);
      else this.fail(challenge);
    });
  }
}

/** The same, after a turn. */
class AsyncPrivateStrategy extends PrivateStrategy {
  readonly #delay = Promise.resolve();

  override async authenticate(req: ReturnType<typeof request>): Promise<void> {
    await this.#delay;
    super.authenticate(req);
  }
}

const KINDS = [
  ['a class', PrivateStrategy],
  ['an asynchronous class', AsyncPrivateStrategy],
] as const;

/** As `passport.authenticate(strategy)`: the actions are put on the instance itself. */
function run(strategy: StrategyLike, password: string): unknown[][] {
  const ends: unknown[][] = [];
  for (const name of ['success', 'fail', 'error']) {
    Object.assign(strategy, { [name]: (...args: unknown[]) => void ends.push([name, ...args]) });
  }
  void (strategy as { authenticate(req: object, options: object): unknown }).authenticate(request(password), {});
  return ends;
}

const isShared = ([name, error]: readonly unknown[]) =>
  name === 'error' && error instanceof LockoutConfigError && error.code === 'ERR_LOCKOUT_STRATEGY_SHARED';

for (const [storeName, storeOptions] of ON_STORES) {
  for (const [kind, Strategy] of KINDS) {
    describe(`${kind} with #private members, given to Passport directly, on ${storeName}`, () => {
      let asked: { readonly password: string; readonly done: Done }[];
      let lockout: Lockout;
      let shared: StrategyLike;

      beforeEach(() => {
        asked = [];
        lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
        const inner = new Strategy((_username, password, done) => void asked.push({ password, done }));
        shared = withLockout(inner as unknown as StrategyLike, lockout);
      });

      it('X19 ends a request that overlaps another with an error, and verifies nothing for it', async () => {
        const first = run(shared, 'first');
        await until(() => asked.length === 1);
        const second = run(shared, 'second');
        await until(() => second.length === 1);

        expect(second.every(isShared)).to.equal(true);
        expect(asked.map(({ password }) => password)).to.deep.equal(['first']);
        asked[0]?.done(null, { id: 1 });
        await until(() => first.length === 1);
        expect(first).to.deep.equal([['success', { id: 1 }]]);
        expect(second).to.have.length(1);
      });

      it('X19 serves the next request once the one before has ended, whether right, wrong or with an error', async () => {
        for (const [index, answer] of [[null, { id: 1 }], [null, false], [new Error('down')]].entries()) {
          const ends = run(shared, String(index));
          await until(() => asked.length === index + 1);
          asked[index]?.done(...(answer as [unknown, unknown]));
          await until(() => ends.length === 1);
          expect(ends.some(isShared)).to.equal(false);
        }
      });

      it('X19 serves the next request once the one before was refused', async () => {
        await lockout.block({ username: 'alice' }, { for: { minutes: 15 } });
        for (let login = 0; login < 3; login += 1) {
          const ends = run(shared, 'x');
          await until(() => ends.length === 1);
          expect(ends[0]?.[2]).to.equal(429);
        }
        expect(asked).to.deep.equal([]);
      });
    });
  }
}

describe('a class with #private members whose whole authenticate is guarded', () => {
  it('X19 works when it is given to Passport directly, one request at a time', async () => {
    const asked: Done[] = [];
    const lockout = new Lockout(LIMIT_3);
    const inner = new PrivateStrategy((_username, _password, done) => void asked.push(done));
    const shared = withLockout(inner as unknown as StrategyLike, lockout, { guard: 'authenticate' });

    const first = run(shared, 'first');
    const second = run(shared, 'second');
    expect(second.some(isShared)).to.equal(true);
    expect(await lockout.status({ username: 'alice' })).to.include({ verifying: 1 });
    asked[0]?.(null, false);
    expect(first).to.deep.equal([['fail', 'Private realm="Users"']]);
    expect(asked).to.have.length(1);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
  });
});

describe('40 requests at once on one instance of a class with #private members', () => {
  it('X19 are all answered, and one of them is judged', async () => {
    let [judged, arrived] = [0, 0];
    const inner = new PrivateStrategy((_username, _password, done) => {
      judged += 1;
      void until(() => arrived === 40).then(() => done(null, false));
    });
    const shared = withLockout(inner as unknown as StrategyLike, LIMIT_3);
    const app = await startApp((routes, passport) => {
      const count: RequestHandler = (_req, _res, next) => {
        arrived += 1;
        next();
      };
      routes.post('/login', count, passport.authenticate(shared as never, { session: false }) as RequestHandler);
    });
    const answers = await Promise.all(Array.from({ length: 40 }, () => app.login('alice', 'wrong')));
    await app.close();

    expect(judged).to.equal(1);
    expect(countStatuses(answers)).to.deep.equal({ 401: 1, 500: 39 });
  });
});
