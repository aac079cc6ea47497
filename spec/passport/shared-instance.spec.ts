/** Instances that cannot be shared by overlapping requests: the overlap is an error, no free guess and no mix-up. */
import { expect } from 'chai';
import type { RequestHandler } from 'express';
import sinon, { type SinonFakeTimers } from 'sinon';
import { Lockout, LockoutConfigError, lockoutMixin, type StrategyLike, withLockout } from '../../lib/index.js';
import { LIMIT_3, ON_STORES, request } from '../support/sites/guarded.js';
import { countStatuses, startApp } from '../support/sites/login-app.js';
import { until } from '../support/tools/until.js';

type Done = (error: unknown, user?: unknown) => void;

/** Works only on its own instance; verify answers on demand of the spec. */
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

type Verify = ConstructorParameters<typeof PrivateStrategy>[0];

const KINDS: readonly (readonly [what: string, create: (verify: Verify, lockout: Lockout) => object])[] = [
  ['a class', (verify, lockout) => withLockout(new PrivateStrategy(verify), lockout)],
  ['an asynchronous class', (verify, lockout) => withLockout(new AsyncPrivateStrategy(verify), lockout)],
  ['a class of lockoutMixin', (verify, lockout) => new (lockoutMixin(PrivateStrategy, lockout))(verify)],
  [
    'an asynchronous class of lockoutMixin',
    (verify, lockout) => new (lockoutMixin(AsyncPrivateStrategy, lockout))(verify),
  ],
];

/** As `passport.authenticate(strategy)`: the actions are put on the instance itself. */
function run(strategy: StrategyLike, password: string): unknown[][] {
  const ends: unknown[][] = [];
  for (const name of ['success', 'fail', 'error']) {
    Object.assign(strategy, { [name]: (...args: unknown[]) => void ends.push([name, ...args]) });
  }
  void (strategy as { authenticate(req: object, options: object): unknown }).authenticate(request(password), {});
  return ends;
}

const isRefused = ([, error, status]: readonly unknown[] = []) =>
  status === 429 || (error as { readonly status?: unknown }).status === 429;

const isShared = ([name, error]: readonly unknown[]) =>
  name === 'error' && error instanceof LockoutConfigError && error.code === 'ERR_LOCKOUT_STRATEGY_SHARED';

for (const [storeName, storeOptions] of ON_STORES) {
  for (const [kind, create] of KINDS) {
    describe(`${kind} with #private members, passed to Passport directly, on ${storeName},`, () => {
      let asked: { readonly password: string; readonly done: Done }[];
      let lockout: Lockout;
      let shared: StrategyLike;

      beforeEach(() => {
        asked = [];
        lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
        shared = create((_username, password, done) => void asked.push({ password, done }), lockout) as StrategyLike;
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
          expect(isRefused(ends[0])).to.equal(true);
        }
        expect(asked).to.deep.equal([]);
      });

      it('X19 counts each of its requests', async () => {
        for (const answer of [false, false, false, { id: 1 }]) {
          const before = asked.length;
          const ends = run(shared, 'x');
          await until(() => ends.length === 1 || asked.length > before);
          if (asked.length > before) asked.at(-1)?.done(null, answer);
          await until(() => ends.length === 1);
        }
        expect(asked).to.have.length(3);
        expect(await lockout.status({ username: 'alice' })).to.include({ failures: 3, verifying: 0 });
      });
    });
  }
}

for (const [storeName, storeOptions] of ON_STORES) {
  describe(`A class with #private members whose verify never answers, on ${storeName},`, () => {
    let timers: SinonFakeTimers;
    let asked: { readonly password: string; readonly done: Done }[];
    let shared: StrategyLike;
    let lockout: Lockout;

    beforeEach(() => {
      timers = sinon.useFakeTimers({ toFake: ['performance'] });
      asked = [];
      lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
      const inner = new PrivateStrategy((_username, password, done) => void asked.push({ password, done }));
      shared = withLockout(inner as unknown as StrategyLike, lockout);
    });

    afterEach(() => timers.restore());

    async function runUntilAsked(password: string): Promise<unknown[][]> {
      const before = asked.length;
      const ends = run(shared, password);
      await until(() => asked.length > before);
      return ends;
    }

    it('X19 gives way to the next request when its lease is over', async () => {
      await runUntilAsked('first');
      timers.tick(29_000);
      const early = run(shared, 'early');
      await until(() => early.length === 1);
      expect(early.every(isShared)).to.equal(true);

      timers.tick(1_000);
      const second = await runUntilAsked('second');
      asked.at(-1)?.done(null, { id: 2 });
      await until(() => second.length === 1);
      expect(second).to.deep.equal([['success', { id: 2 }]]);
    });

    it('X19 receives what isFailure throws for such an answer', async () => {
      const boom = new Error('a bug in isFailure');
      lockout = new Lockout({
        ...LIMIT_3,
        ...storeOptions(),
        isFailure: () => {
          throw boom;
        },
      });
      const inner = new PrivateStrategy((_username, password, done) => void asked.push({ password, done }));
      shared = withLockout(inner as unknown as StrategyLike, lockout);
      const first = await runUntilAsked('first');
      timers.tick(30_000);
      const second = await runUntilAsked('second');
      asked[0]?.done(null, false);
      await until(() => first.length === 1);
      expect(first).to.deep.equal([['error', boom]]);
      expect(second).to.deep.equal([]);
    });

    for (const [what, answer, failures] of [
      ['right', [null, { id: 1 }], 0],
      ['wrong', [null, false], 1],
    ] as const) {
      it(`X19 is refused as too late when it finally answers ${what}, without affecting the next request`, async () => {
        const first = await runUntilAsked('first');
        timers.tick(30_000);
        const second = await runUntilAsked('second');
        asked[0]?.done(...(answer as [unknown, unknown]));
        await until(() => first.length === 1);
        expect(first[0]?.slice(2)).to.deep.equal([503]);
        expect(first[0]?.[1]).to.include({ code: 'ERR_LOCKOUT_LATE' });
        expect(second).to.deep.equal([]);
        expect(await lockout.status({ username: 'alice' })).to.include({ failures, verifying: 1 });

        asked[1]?.done(null, { id: 2 });
        await until(() => second.length === 1);
        expect(second).to.deep.equal([['success', { id: 2 }]]);
      });
    }
  });
}

for (const [storeName, storeOptions] of ON_STORES) {
  it(`X19 a class with #private members whose whole authenticate is guarded works when it is passed to Passport directly, one request at a time, on ${storeName}`, async () => {
    const asked: Done[] = [];
    const lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
    const inner = new PrivateStrategy((_username, _password, done) => void asked.push(done));
    const shared = withLockout(inner as unknown as StrategyLike, lockout, { guard: 'authenticate' });

    const first = run(shared, 'first');
    await until(() => asked.length === 1);
    const second = run(shared, 'second');
    await until(() => second.length === 1);
    expect(second.some(isShared)).to.equal(true);
    expect(await lockout.status({ username: 'alice' })).to.include({ verifying: 1 });
    asked[0]?.(null, false);
    await until(() => first.length === 1);
    expect(first).to.deep.equal([['fail', 'Private realm="Users"']]);
    expect(asked).to.have.length(1);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
  });
}

describe('Forty parallel requests on one instance of a class with #private members', () => {
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
