/** Strategies that end while their slots are still being asked for. */
import { expect } from 'chai';
import { Lockout } from '../../lib/index.js';
import { quiet, withRejections } from '../support/sites/differential.js';
import { drive } from '../support/sites/drive.js';
import { type Course, guardedCourse, LIMIT_3, request } from '../support/sites/guarded.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { EventLog } from '../support/tools/events.js';
import { until } from '../support/tools/until.js';

const BUG = new Error('a bug in the strategy');

/** Ways in which a strategy ends while verify has not been asked yet, and what it is heard to say. */
const ENDING: readonly (readonly [what: string, end: Course, actions: readonly unknown[]])[] = [
  ['fails', (self) => self.fail('too slow', 401), [['fail', 'too slow', 401]]],
  ['passes', (self) => self.pass(), [['pass']]],
  [
    'throws',
    () => {
      throw BUG;
    },
    [],
  ],
  ['rejects', () => Promise.reject(BUG), []],
];

for (const [what, end, expected] of ENDING) {
  describe(`A strategy that ${what} while its reservation is under way`, () => {
    function open() {
      const store = new SlowStore();
      const lockout = new Lockout({ ...LIMIT_3, store });
      let asked = 0;
      const strategy = guardedCourse(
        (self, req) => {
          void self._verify(req.body.username, req.body.password, () => self.success({ id: 1 }));
          return end(self, req);
        },
        () => {
          asked += 1;
        },
        lockout,
      );
      const run = async () => {
        let actions: readonly unknown[] = [];
        await withRejections(
          () => undefined,
          async () => {
            ({ actions } = drive(strategy, request()));
            await quiet(() => actions.length);
          },
        );
        return actions;
      };
      return { lockout, store, run, asked: () => asked };
    }

    it('gets its slot back, and verify is not called', async () => {
      const { lockout, store, run, asked } = open();
      const events = new EventLog(lockout);
      expect(await run()).to.deep.equal(expected);
      await until(() => store.count('settle') === 1);
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
      expect(asked()).to.equal(0);
      expect(events.all.filter(({ name }) => name !== 'warning')).to.deep.equal([]);
      expect(events.of('warning').map(({ code }) => code)).not.to.include('WARN_LOCKOUT_VERIFY_BYPASSED');
    });

    it('is not answered again if the name is locked', async () => {
      const { lockout, run, asked } = open();
      await lockout.block({ username: 'alice' }, { for: { minutes: 15 } });
      expect(await run()).to.deep.equal(expected);
      expect(asked()).to.equal(0);
    });
  });
}

describe('A strategy that ends with a throw before verify has answered', () => {
  it('is counted if verify fails after all', async () => {
    const lockout = new Lockout(LIMIT_3).on('warning', () => {});
    const answers: ((error: null, user: false) => void)[] = [];
    const strategy = guardedCourse(
      (self, { body }) => {
        self._verify(body.username, body.password, () => self.fail('bad', 401));
        self.error(new Error('too slow'));
      },
      (_username: string, _password: string, done: (error: null, user: false) => void) => answers.push(done),
      lockout,
    );
    const { actions } = drive(strategy, request());
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
    answers[0]?.(null, false);
    await until(() => actions.length === 2);
    expect(actions.map(([name]) => name)).to.deep.equal(['error', 'fail']);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
  });
});
