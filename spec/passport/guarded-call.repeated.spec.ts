/** One guarded call in which the strategy answers twice, or verifies twice. */
import { expect } from 'chai';
import { Lockout, type StrategyLike, withLockout } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';
import { type Done, guarded, LIMIT_3, ON_STORES, request, USER } from '../support/sites/guarded.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { until } from '../support/tools/until.js';

describe('GuardedCall', () => {
  for (const [storeName, storeOptions] of ON_STORES) {
    describe(`on ${storeName}`, () => {
      it('F8 counts one failure for a repeated answer, whatever the second one is', async () => {
        for (const second of [false, USER]) {
          const lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
          const twice = guarded((_u, _p, done) => {
            done(null, false);
            done(null, second);
          }, lockout);
          const { actions } = drive(twice, request());
          await until(() => actions.length === 2);
          expect(actions.map(([name]) => name)).to.deep.equal(['fail', second ? 'success' : 'fail']);
          expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
        }
      });
    });
  }

  it('treats two verify functions of one call as one attempt', async () => {
    const tiers = [{ failures: 1, cooloff: 'forever' as const }];
    const lockout = new Lockout({ ...LIMIT_3, busyTimeout: { seconds: 0 }, tiers });
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
});
