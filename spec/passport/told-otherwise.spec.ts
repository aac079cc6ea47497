/** Strategies that tell of a wrong password by something else than `fail`, though verify has said no. */
import { expect } from 'chai';
import { Lockout, type StrategyLike, withLockout } from '../../lib/index.js';
import { drive } from '../support/sites/drive.js';
import {
  type Course,
  type Done,
  endOf,
  endsOf,
  guardedCourse,
  LIMIT_3,
  ON_STORES,
  type Running,
  USER,
} from '../support/sites/guarded.js';
import { until } from '../support/tools/until.js';

type Verify = (username: string, password: string, done: Done) => unknown;
type End = (self: Running) => void;

const DOWN = new Error('the database is down');
const UNAUTHORIZED = Object.assign(new Error('no'), { status: 401 });

const ENDS: readonly (readonly [name: string, end: End])[] = [
  ['pass', (self) => self.pass()],
  ['redirect', (self) => self.redirect('/login?wrong')],
  ['error', (self) => self.error(new Error('Unauthorized'))],
];

/** Calls verify with a callback. */
const byCallback =
  (end: End): Course =>
  (self, { body }) =>
    self._verify(body.username, body.password, (error: unknown, user: unknown) => {
      if (user) self.success(user);
      else if (error === DOWN) self.error(error);
      else end(self);
    });

/** Awaits what verify returns. */
const byPromise =
  (end: End): Course =>
  async (self, { body }) => {
    let user: unknown;
    try {
      user = await self._verify(body.username, body.password);
    } catch (error) {
      return error === DOWN ? self.error(error) : end(self);
    }
    return user ? self.success(user) : end(self);
  };

type Way = readonly [what: string, course: (end: End) => Course, verify: Verify];

const SAYING_NO: readonly Way[] = [
  ['gives false', byCallback, (_username, _password, done) => done(null, false)],
  ['gives false and an info', byCallback, (_username, _password, done) => done(null, false, { message: 'wrong' })],
  ['gives nobody', byCallback, (_username, _password, done) => done(null)],
  ['gives false later', byCallback, (_username, _password, done) => setImmediate(done, null, false)],
  ['gives an error that says wrong', byCallback, (_username, _password, done) => done(UNAUTHORIZED)],
  ['resolves to false', byPromise, async () => false],
  ['resolves to null', byPromise, async () => null],
  ['resolves to nothing', byPromise, async () => undefined],
  ['returns false', byPromise, () => false],
  ['returns null', byPromise, () => null],
  ['rejects with an error that says wrong', byPromise, () => Promise.reject(UNAUTHORIZED)],
];

for (const [storeName, storeOptions] of ON_STORES) {
  for (const [says, course, verify] of SAYING_NO) {
    for (const [name, end] of ENDS) {
      it(`A strategy that ends with ${name} after verify ${says} locks at the third attempt, on ${storeName}`, async () => {
        const strategy = guardedCourse(course(end), verify, { ...LIMIT_3, ...storeOptions() });
        expect(await endsOf(strategy, 4)).to.deep.equal([name, name, 'fail 429', 'fail 429']);
      });
    }
  }
}

describe('A strategy whose verify has not said no', () => {
  /** Ends without success whatever verify has said, say because the account has to do something else first. */
  const regardless =
    (end: End): Course =>
    (self, { body }) => {
      const result = self._verify(body.username, body.password, () => end(self));
      return result instanceof Promise ? result.then(() => end(self)) : result;
    };
  const WAYS: readonly (readonly [what: string, verify: Verify])[] = [
    ['gave a user', (_username, _password, done) => done(null, USER)],
    ['gave an error', (_username, _password, done) => done(DOWN)],
    ['resolved to a user', async () => USER],
  ];
  for (const [what, verify] of WAYS) {
    for (const [name, end] of ENDS) {
      it(`is not counted if it ends with ${name} after verify ${what}`, async () => {
        const lockout = new Lockout(LIMIT_3).on('warning', () => {});
        expect(await endOf(guardedCourse(regardless(end), verify, lockout))).to.equal(name);
        expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
      });
    }
  }

  it('is not counted if it passes before it has called verify', async () => {
    const lockout = new Lockout(LIMIT_3);
    const strategy = guardedCourse(
      (self) => self.pass(),
      () => false,
      lockout,
    );
    expect(await endOf(strategy)).to.equal('pass');
    expect((await lockout.list({ locked: false })).items).to.deep.equal([]);
  });
});

describe('A verify function that ends the strategy itself', () => {
  for (const [name, end] of ENDS) {
    for (const [what, verify] of [
      ['returns nothing', end],
      ['resolves to nothing', async (self: Running) => end(self)],
      ['gives nothing to its callback', (self: Running, _done: Done) => end(self)],
    ] as const) {
      it(`with ${name} and ${what} is not counted`, async () => {
        const lockout = new Lockout(LIMIT_3).on('warning', () => {});
        const course: Course = (self) => self._verify(self, ...(verify.length > 1 ? [() => undefined] : []));
        const strategy = guardedCourse(course, verify, lockout);
        expect(await endOf(strategy)).to.equal(name);
        await until(async () =>
          (await lockout.list({ locked: false })).items.every(({ verifying }) => verifying === 0),
        );
        expect((await lockout.list({ locked: false })).items.map(({ failures }) => failures)).not.to.include(1);
      });
    }
  }
});

describe('A strategy whose verify has said no', () => {
  it('is counted as a success if it succeeds nevertheless', async () => {
    const lockout = new Lockout(LIMIT_3);
    const strategy = guardedCourse(
      byCallback((self) => self.success({ guest: true })),
      (_username, _password, done: Done) => done(null, false),
      lockout,
    );
    expect(await endOf(strategy)).to.equal('success');
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
  });

  it('leaves the last word to isFailure', async () => {
    const lockout = new Lockout({ ...LIMIT_3, isFailure: ({ called }) => (called === 'pass' ? false : undefined) });
    const strategy = guardedCourse(
      byCallback((self) => self.pass()),
      (_username, _password, done: Done) => done(null, false),
      lockout,
    );
    expect(await endOf(strategy)).to.equal('pass');
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
  });

  it('is not counted if a provider has judged the password', async () => {
    const lockout = new Lockout({ ...LIMIT_3, dimensions: ['ip'] });
    const inner = {
      name: 'provider',
      _oauth2: {},
      _callbackURL: '/callback',
      _verify: (_profile: object, done: Done) => done(null, false),
      authenticate(this: Running) {
        this._verify({ provider: 'x', id: '7' }, () => this.redirect('/login?unknown'));
      },
    };
    expect(await endOf(withLockout(inner as StrategyLike, lockout))).to.equal('redirect');
    expect(await lockout.status({ ip: '203.0.113.9' })).to.include({ failures: 0, verifying: 0 });
  });
});

describe('The callback passed to verify', () => {
  it("has the length, name, properties and result of the strategy's own", () => {
    const seen: unknown[] = [];
    const course: Course = (self, { body }) => {
      const verified = (_error: unknown, _user: unknown, _info: unknown) => 42;
      self._verify(body.username, body.password, Object.assign(verified, { tag: 'mine' }));
    };
    const verify = (_username: string, _password: string, done: { (...args: unknown[]): unknown; tag?: string }) => {
      seen.push(done.length, done.name, done.tag, done(null, USER));
    };
    drive(guardedCourse(course, verify, LIMIT_3), { body: { username: 'alice', password: 'x' } });
    expect(seen).to.deep.equal([3, 'verified', 'mine', 42]);
  });
});

it('A no that verify says after the strategy has passed is counted', async () => {
  const lockout = new Lockout(LIMIT_3);
  const answers: Done[] = [];
  const strategy = guardedCourse(
    (self, { body }) => {
      self._verify(body.username, body.password, () => undefined);
      self.pass();
    },
    (_username: string, _password: string, done: Done) => answers.push(done),
    lockout,
  );
  expect(await endOf(strategy)).to.equal('pass');
  answers.pop()?.(null, false);
  await until(async () => (await lockout.status({ username: 'alice' })).failures === 1);
});
