/** Strategies that catch what verify throws, and then end as they like: what counts is how they end. */
import { expect } from 'chai';
import { Lockout, withLockout } from '../../lib/index.js';
import { quiet, withRejections } from '../support/sites/differential.js';
import { drive } from '../support/sites/drive.js';
import {
  type Course,
  endOf,
  endsOf,
  guarded,
  guardedCourse,
  LIMIT_3,
  ON_STORES,
  request,
  USER,
} from '../support/sites/guarded.js';
import { until } from '../support/tools/until.js';

const WRONG = new Error('no');
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
const laterTurns = async () => {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
};

/** Ways in which a verify function throws. */
const THROWING: readonly (readonly [how: string, create: (error: unknown) => () => unknown])[] = [
  [
    'throws',
    (error) => () => {
      throw error;
    },
  ],
  ['rejects', (error) => () => Promise.reject(error)],
  [
    'rejects later',
    (error) => async () => {
      await nextTurn();
      throw error;
    },
  ],
];

const ask: Course = (self, { body }) => self._verify(body.username, body.password);
const promised: Course = (self, req) => new Promise((resolve) => resolve(ask(self, req)));

/** Ways in which a strategy catches it, before it ends. */
const CATCHING: readonly (readonly [how: string, create: (end: Course) => Course])[] = [
  [
    'at once',
    (end) => async (self, req) => {
      try {
        self.success(await ask(self, req));
      } catch {
        end(self, req);
      }
    },
  ],
  [
    'after it has written that down',
    (end) => async (self, req) => {
      try {
        self.success(await ask(self, req));
      } catch {
        await laterTurns();
        end(self, req);
      }
    },
  ],
  [
    'in a chain that it does not return',
    (end) => (self, req) => {
      const succeed = (user: unknown) => self.success(user);
      void (promised(self, req) as Promise<unknown>).then(succeed, () => end(self, req));
    },
  ],
  [
    'in such a chain, some turns later',
    (end) => (self, req) => {
      const succeed = (user: unknown) => self.success(user);
      const endLater = async () => {
        await laterTurns();
        end(self, req);
      };
      void (promised(self, req) as Promise<unknown>).then(succeed, endLater);
    },
  ],
];

const fail: Course = (self) => self.fail('bad', 401);

for (const [storeName, storeOptions] of ON_STORES) {
  for (const [throws, createVerify] of THROWING) {
    describe(`A strategy whose verify ${throws}, on ${storeName},`, () => {
      for (const [catches, createCourse] of CATCHING) {
        it(`X14 locks at the third failure if it fails ${catches}`, async () => {
          let asked = 0;
          const verify = createVerify(WRONG);
          const counting = () => {
            asked += 1;
            return verify();
          };
          const strategy = guardedCourse(createCourse(fail), counting, { ...LIMIT_3, ...storeOptions() });

          expect(await endsOf(strategy, 4)).to.deep.equal(['fail 401', 'fail 401', 'fail 429', 'fail 429']);
          expect(asked).to.equal(3);
        });

        it(`X14 counts an error that says "wrong" once if it fails ${catches}`, async () => {
          const lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
          const verify = createVerify(Object.assign(new Error('no'), { status: 401 }));
          expect(await endOf(guardedCourse(createCourse(fail), verify, lockout))).to.equal('fail 401');
          expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
        });

        it(`lets a user in if it succeeds ${catches}`, async () => {
          const lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
          const letIn = createCourse((self) => self.success(USER));
          expect(await endOf(guardedCourse(letIn, createVerify(WRONG), lockout))).to.equal('success');
          expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
        });
      }

      it('gets its slot back if it swallows the error and does nothing', async () => {
        for (const [error, failures] of [
          [WRONG, 0],
          [Object.assign(new Error('no'), { status: 401 }), 1],
        ] as const) {
          for (const [, createCourse] of CATCHING) {
            const lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
            let hasEnded = false;
            const swallow = createCourse(() => {
              hasEnded = true;
            });
            const { actions } = drive(guardedCourse(swallow, createVerify(error), lockout), request());
            await until(() => hasEnded);
            await until(async () => (await lockout.status({ username: 'alice' })).verifying === 0);
            expect(await lockout.status({ username: 'alice' })).to.include({ failures });
            expect(actions).to.deep.equal([]);
          }
        }
      });

      it('gets its slot back, uncounted, if nobody catches an error that says nothing about the password', async () => {
        const lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
        const forgetful: Course = async (self, req) => {
          await ask(self, req);
        };
        const rejections: unknown[] = [];
        await withRejections(
          (reason) => rejections.push(reason),
          async () => {
            drive(guardedCourse(forgetful, createVerify(WRONG), lockout), request());
            await until(() => rejections.length > 0);
          },
        );
        expect(rejections).to.deep.equal([WRONG]);
        expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
      });
    });
  }
}

describe('A strategy that calls verify in a later turn', () => {
  it('receives there what verify throws, and its own fail counts', async () => {
    const lockout = new Lockout({ ...LIMIT_3, ...(ON_STORES[1]?.[1]() ?? {}) });
    const verify = () => {
      throw WRONG;
    };
    const course: Course = async (self, req) => {
      await nextTurn();
      try {
        await ask(self, req);
      } catch (error) {
        expect(error).to.equal(WRONG);
        self.fail('bad', 401);
      }
    };
    expect(await endsOf(guardedCourse(course, verify, lockout), 3)).to.deep.equal(['fail 401', 'fail 401', 'fail 429']);
  });
});

describe('A strategy with two lockouts', () => {
  for (const [innerStore, innerOptions] of ON_STORES) {
    for (const [outerStore, outerOptions] of ON_STORES) {
      for (const [throws, createVerify] of THROWING) {
        const where = `when verify ${throws}, on ${innerStore} within ${outerStore}`;
        const open = () => {
          const inner = new Lockout({ ...LIMIT_3, ...innerOptions() });
          const outer = new Lockout({ ...LIMIT_3, ...outerOptions() });
          return { inner, outer, both: [inner, outer] };
        };

        it(`counts in both if it fails, ${where}`, async () => {
          const { inner, outer, both } = open();
          const course = (CATCHING[0] as (typeof CATCHING)[number])[1](fail);
          expect(await endOf(withLockout(guardedCourse(course, createVerify(WRONG), inner), outer))).to.equal(
            'fail 401',
          );
          for (const lockout of both)
            expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
        });

        it(`passes the error on once if it uses a callback, ${where}`, async () => {
          const { inner, outer, both } = open();
          const strategy = withLockout(guarded(createVerify(WRONG) as never, inner), outer);
          const errors: unknown[] = [];
          await withRejections(
            (reason) => errors.push(reason),
            async () => {
              const { actions } = drive(strategy, request());
              await until(() => actions.length + errors.length > 0);
              await quiet(() => actions.length + errors.length);
              errors.push(...actions.map(([, error]) => error));
            },
          );
          expect(errors).to.deep.equal([WRONG]);
          for (const lockout of both) {
            await until(async () => (await lockout.status({ username: 'alice' })).verifying === 0);
            expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0 });
          }
        });
      }
    }
  }
});
