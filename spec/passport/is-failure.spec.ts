/** An isFailure that fails: the verdict is not disclosed, and the slot comes back. */
import { expect } from 'chai';
import { Lockout, LockoutConfigError, type StrategyOptions, withLockout } from '../../lib/index.js';
import { withRejections } from '../support/sites/differential.js';
import { drive } from '../support/sites/drive.js';
import {
  type Course,
  type Done,
  guardedCourse,
  guardedReturning,
  LIMIT_3,
  local,
  ON_STORES,
  request,
  USER,
} from '../support/sites/guarded.js';
import { until } from '../support/tools/until.js';

const boom = new Error('a bug in isFailure');
const throwing = () => {
  throw boom;
};

describe('A strategy with an isFailure that fails', () => {
  for (const [storeName, storeOptions] of ON_STORES) {
    for (const [what, user] of [
      ['right', USER],
      ['wrong', false],
    ] as const) {
      it(`X21 ends with its error and gets its slot back if the password is ${what}, on ${storeName}`, async () => {
        const lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
        const verify = (_username: string, _password: string, done: Done) => done(null, user);
        const strategy = withLockout(local(verify), lockout, { isFailure: throwing });
        for (let login = 0; login < 4; login += 1) {
          const { actions } = drive(strategy, request());
          await until(() => actions.length > 0);
          expect(actions).to.deep.equal([['error', boom]]);
        }
        expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
      });
    }
  }

  it('X21 ends with its error alone, whatever the strategy does afterwards', () => {
    const verify = (_username: string, _password: string, done: Done) => {
      done(null, USER);
      done(null, USER);
    };
    const strategy = withLockout(local(verify), LIMIT_3, { isFailure: throwing });
    expect(drive(strategy, request()).actions).to.deep.equal([['error', boom]]);
  });

  it('X21 ends with its error even if the strategy succeeds after it has ended with another one', async () => {
    const verify = (_username: string, _password: string, done: Done) => void setImmediate(done, null, USER);
    const course: Course = (self, { body }) => {
      self._verify(body.username, body.password, () => self.success(USER));
      self.error(new Error('too slow'));
    };
    const isFailure: StrategyOptions['isFailure'] = ({ called }) => (called === 'success' ? throwing() : false);
    const { actions } = drive(guardedCourse(course, verify, { ...LIMIT_3, isFailure }), request());
    await until(() => actions.length === 2);
    expect(actions[1]).to.deep.equal(['error', boom]);
  });

  it('X21 throws its error instead of what verify has thrown', async () => {
    const lockout = new Lockout({ ...LIMIT_3, isFailure: throwing });
    const throwsWrong = () => {
      throw Object.assign(new Error('wrong'), { status: 401 });
    };
    expect(drive(guardedReturning(throwsWrong, lockout), request()).thrown).to.equal(boom);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
  });

  it('X21 explains that isFailure must answer at once if it is async, and does not crash the process by its rejection', async () => {
    const unhandled: unknown[] = [];
    const lockout = new Lockout(LIMIT_3);
    const rejecting = (async () => Promise.reject(boom)) as unknown as StrategyOptions['isFailure'];
    const verify = (_username: string, _password: string, done: Done) => done(null, USER);
    const strategy = withLockout(local(verify), lockout, { isFailure: rejecting });
    await withRejections(
      (reason) => unhandled.push(reason),
      async () => {
        const [[name, error] = []] = drive(strategy, request()).actions;
        expect(name).to.equal('error');
        expect(error).to.be.instanceOf(LockoutConfigError);
        expect((error as Error).message).to.match(/^strategy options\.isFailure: expected a synchronous function/);
        await new Promise((resolve) => setImmediate(resolve));
      },
    );
    expect(unhandled).to.deep.equal([]);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
  });
});
