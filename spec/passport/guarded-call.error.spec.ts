/** One guarded call in which something throws or rejects: where the error goes, and what it costs. */
import { expect } from 'chai';
import { Lockout, type LockoutStore, MemoryStore, withLockout } from '../../lib/index.js';
import { quiet, withRejections } from '../support/sites/differential.js';
import { drive } from '../support/sites/drive.js';
import {
  guarded,
  guardedReturning,
  INFO,
  LIMIT_3,
  lockedInfo,
  ON_STORES,
  request,
  wrong,
} from '../support/sites/guarded.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { until } from '../support/tools/until.js';

describe('GuardedCall', () => {
  for (const [storeName, storeOptions] of ON_STORES) {
    describe(`on ${storeName}`, () => {
      it('sends what an action throws to where an error of that turn would go', async () => {
        const boom = new Error('flash() is missing');
        const strategy = guarded(wrong, { ...LIMIT_3, ...storeOptions() });
        const { actions, thrown } = drive(strategy, request(), { throwing: { fail: boom } });
        await until(() => actions.length === 2);
        expect(thrown).to.equal(undefined);
        expect(actions[1]).to.deep.equal(['error', boom]);
      });
    });
  }

  it('calls an error() that throws only once, and leaves what it throws to the process', async () => {
    const [first, second] = [new Error('flash() is missing'), new Error('so is next()')];
    const rejections: unknown[] = [];
    const strategy = guarded(wrong, { ...LIMIT_3, store: new SlowStore() });
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

  it('frees the slot when a verify that returns a promise rejects, and rejects as well', async () => {
    const lockout = new Lockout(LIMIT_3);
    const { returned } = drive(
      guardedReturning(() => Promise.reject(INFO), lockout),
      request(),
    );
    expect(await (returned as Promise<unknown>).catch((error: unknown) => error)).to.equal(INFO);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
  });

  it('refuses instead of passing on an error that locks, even if the store is asynchronous', async () => {
    const memory = new MemoryStore();
    const settle: LockoutStore['settle'] = async (...args) => memory.settle(...args);
    const reserve: LockoutStore['reserve'] = (...args) => memory.reserve(...args);
    const store: LockoutStore = Object.assign(new SlowStore(), { reserve, settle });
    const throwing = () => {
      throw Object.assign(new Error('no'), { status: 401 });
    };
    const tiers = [{ failures: 1, cooloff: 'forever' as const }];
    const { actions, thrown } = drive(guardedReturning(throwing, { ...LIMIT_3, store, tiers }), request());
    await until(() => actions.length > 0);
    expect(thrown).to.equal(undefined);
    expect(actions).to.deep.equal([['fail', lockedInfo(null), 429]]);
  });

  it('sends an error thrown by verify to error() once the turn is over', async () => {
    const throwing = () => {
      throw INFO;
    };
    const { actions } = drive(guardedReturning(throwing, { ...LIMIT_3, store: new SlowStore() }), request());
    await until(() => actions.length > 0);
    expect(actions).to.deep.equal([['error', INFO]]);
  });

  it('passes on what an option function throws, and verifies nothing', () => {
    let calls = 0;
    const canonicalUsername = () => {
      throw new Error('bug in the application');
    };
    const counting = guarded(
      () => {
        calls += 1;
      },
      { ...LIMIT_3, canonicalUsername },
    );
    const { actions } = drive(counting, request());
    expect(calls).to.equal(0);
    expect(actions.map(([name, error]) => `${name}: ${error}`)).to.deep.equal(['error: Error: bug in the application']);
  });

  /** Its private members refuse every object but the instance itself. */
  class PrivateStrategy {
    readonly #challenge = 'Realm';
    readonly actsFirst: boolean;
    constructor(actsFirst: boolean) {
      this.actsFirst = actsFirst;
    }
    fail(_challenge: string): void {}
    _verify(): void {}
    authenticate(): void {
      if (this.actsFirst) this.fail('wrong');
      this.fail(this.#challenge);
    }
  }

  /** As `passport.authenticate(strategyObject)` does: the actions are put on the strategy itself. */
  function driveDirectly(inner: PrivateStrategy) {
    const actions: unknown[] = [];
    const strategy = withLockout(inner, LIMIT_3);
    strategy.fail = (challenge) => void actions.push(['fail', challenge]);
    const run = () => (strategy.authenticate as (...args: unknown[]) => void)(request(), {});
    return { actions, run };
  }

  it('runs a class with private members again on its own instance if it has not acted yet', () => {
    const { actions, run } = driveDirectly(new PrivateStrategy(false));
    run();
    expect(actions).to.deep.equal([['fail', 'Realm']]);
  });

  it('throws what a private member throws, and runs nothing twice, if it has acted', () => {
    const { actions, run } = driveDirectly(new PrivateStrategy(true));
    expect(run).to.throw(TypeError, /private/);
    expect(actions).to.deep.equal([['fail', 'wrong']]);
  });
});
