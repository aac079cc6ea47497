/** One guarded call that the wrapper answers instead of the strategy. */
import { expect } from 'chai';
import { Lockout } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';
import { guarded, LIMIT_3, lockedInfo, ON_STORES, request, USER } from '../support/sites/guarded.js';
import { until } from '../support/tools/until.js';

describe('GuardedCall', () => {
  for (const [storeName, storeOptions] of ON_STORES) {
    describe(`on ${storeName}`, () => {
      it('drops what the strategy does after the refusal', async () => {
        const tiers = [{ failures: 1, cooloff: 'forever' as const }];
        const wrongThenRight = guarded(
          (_u, _p, done) => {
            done(null, false);
            done(null, USER);
          },
          { ...LIMIT_3, ...storeOptions(), tiers },
        );
        const { actions } = drive(wrongThenRight, request());
        await until(() => actions.length > 0);
        expect(actions).to.deep.equal([['fail', lockedInfo(null), 429]]);
      });

      it('does not call verify while locked', async () => {
        let calls = 0;
        const lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
        await lockout.block({ username: 'alice' }, { for: 'forever' });
        const counting = guarded(() => {
          calls += 1;
        }, lockout);
        const { actions } = drive(counting, request());
        await until(() => actions.length > 0);
        expect(calls).to.equal(0);
        expect(actions).to.deep.equal([['fail', lockedInfo(null), 429]]);
      });
    });
  }
});
