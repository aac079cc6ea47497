/** Classes with `#private` members, which work on their own instance alone, used by name: Passport works on a child of it. */
import { expect } from 'chai';
import { Lockout, LockoutConfigError, type StrategyLike, type StrategyOptions, withLockout } from '../../lib/index.js';
import { withRejections } from '../support/sites/differential.js';
import { drive } from '../support/sites/drive.js';
import { LIMIT_3, ON_STORES, request } from '../support/sites/guarded.js';
import { until } from '../support/tools/until.js';

class Private {
  declare success: (user: unknown) => void;
  declare fail: (challenge: unknown, status: number) => void;
  readonly name = 'private';
  readonly #right = 'right';

  authenticate({ body }: ReturnType<typeof request>): unknown {
    if (body.password === this.#right) this.success({ id: 1 });
    else this.fail('wrong', 401);
    return undefined;
  }
}

class PrivateMethod extends Private {
  override authenticate(req: ReturnType<typeof request>): unknown {
    return this.#judge(req);
  }

  #judge(req: ReturnType<typeof request>): unknown {
    return super.authenticate(req);
  }
}

class AsyncPrivate extends Private {
  override async authenticate(req: ReturnType<typeof request>): Promise<void> {
    await Promise.resolve();
    super.authenticate(req);
  }
}

class WithVerify extends AsyncPrivate {
  readonly _verify = () => undefined;
}

const username: StrategyOptions['username'] = ({ req }) => (req as ReturnType<typeof request>).body.username;

const WAYS: readonly (readonly [what: string, create: () => StrategyLike, options: StrategyOptions])[] = [
  ['an opaque class', () => new Private(), { username }],
  ['an opaque class with a private method', () => new PrivateMethod(), { username }],
  ['an opaque asynchronous class', () => new AsyncPrivate(), { username }],
  ['a class guarded as a whole', () => new Private(), { username, guard: 'authenticate' }],
  ['an asynchronous class guarded as a whole', () => new AsyncPrivate(), { ipOnly: true, guard: 'authenticate' }],
  ['a class with a verify function', () => new WithVerify(), {}],
];

const isClear = ([name, error]: readonly unknown[]) =>
  name === 'error' &&
  error instanceof LockoutConfigError &&
  error.code === 'ERR_LOCKOUT_STRATEGY_PRIVATE' &&
  error.cause instanceof TypeError;

for (const [storeName, storeOptions] of ON_STORES) {
  for (const [what, create, options] of WAYS) {
    it(`X19 ${what} with #private members ends with an explanatory error when it is used by name, on ${storeName}`, async () => {
      const rejections: unknown[] = [];
      const lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
      const strategies = {
        once: withLockout(create(), lockout, options),
        twice: withLockout(withLockout(create(), lockout, options), new Lockout(LIMIT_3), options),
      };
      await withRejections(
        (reason) => rejections.push(reason),
        async () => {
          for (const strategy of Object.values(strategies)) {
            const { actions, thrown } = drive(strategy, request());
            await until(() => actions.length > 0);
            expect(actions.map(isClear)).to.deep.equal([true]);
            expect(thrown).to.equal(undefined);
          }
          await new Promise((resolve) => setImmediate(resolve));
        },
      );
      expect(rejections).to.deep.equal([]);
      await until(async () => (await lockout.status({ username: 'alice' })).verifying === 0);
    });
  }
}

it('X19 an error of a private member after the strategy has ended goes where it would have gone', () => {
  class Late extends Private {
    override authenticate(req: ReturnType<typeof request>): void {
      this.fail('wrong', 401);
      super.authenticate(req);
    }
  }
  const { actions, thrown } = drive(withLockout(new Late(), LIMIT_3, { username }), request());
  expect(actions).to.have.length(1);
  expect(thrown).to.be.instanceOf(TypeError);
});
