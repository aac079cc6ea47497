/** One strategy that tries several people in one call: each is counted and forgiven separately. */
import { expect } from 'chai';
import { Lockout } from '../../lib/index.js';
import { type Done, endOf, LIMIT_3, type Running, USER } from '../support/sites/guarded.js';
import { byCallback, type Guessing, guessing, login, NOT_OK } from '../support/sites/guessing.js';
import { twoSteps } from '../support/sites/two-steps.js';
import { until } from '../support/tools/until.js';

const DOWN = () => Promise.reject(new Error('the database is down'));
const swallowed = (answer: unknown) => Promise.resolve(answer).catch(() => undefined);

describe('A strategy that calls two verify functions for each of several people', () => {
  for (const [how, first] of [
    ['an error', DOWN],
    ['something truthy that means no', async () => NOT_OK],
  ] as const) {
    const asking = (people: readonly (readonly [string, string])[], lockout: Lockout) =>
      twoSteps(
        lockout,
        async (self) => {
          for (const [username, password] of people) {
            await swallowed(self._verifyUsernameAndPassword(username, password));
            const user = await self._verifyTotpCode(username, password);
            if (user) return self.success(user);
          }
          return self.fail('bad', 401);
        },
        { password: first, code: async (_username: string, password: string) => password === 'right' && USER },
      );

    it(`counts one failure of each if the first function answers ${how}`, async () => {
      const lockout = new Lockout(LIMIT_3).on('warning', () => {});
      const strategy = asking(
        [
          ['alice', 'guess'],
          ['bob', 'another'],
        ],
        lockout,
      );
      expect(await endOf(strategy)).to.equal('fail 401');
      for (const username of ['alice', 'bob'])
        expect(await lockout.status({ username })).to.include({ failures: 1, verifying: 0 });
    });

    it(`forgives the person who logs in, and nobody else, if the first function answers ${how}`, async () => {
      const lockout = new Lockout(LIMIT_3).on('warning', () => {});
      const strategy = asking(
        [
          ['alice', 'guess'],
          ['mallory', 'right'],
        ],
        lockout,
      );
      expect(await endOf(strategy)).to.equal('success');
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
      expect(await lockout.status({ username: 'mallory' })).to.include({ failures: 0, verifying: 0 });
    });
  }
});

describe('A strategy that lets one person in and calls another verify function for another person', () => {
  const form = {
    ip: '203.0.113.9',
    headers: {},
    body: { login: 'mallory', secret: 'right', username: 'bob', password: 'guess' },
  };
  for (const [how, second] of [
    ['no', async () => false],
    ['something truthy that means no', async () => NOT_OK],
    ['an error', DOWN],
  ] as const) {
    it(`counts the guess at the other if that function answers ${how}`, async () => {
      const lockout = new Lockout(LIMIT_3).on('warning', () => {});
      const strategy = twoSteps(
        lockout,
        async (self) => {
          const user = await self._verifyUsernameAndPassword('mallory', 'right');
          await swallowed(self._verifyTotpCode('bob', 'guess'));
          self.success(user);
        },
        { password: async () => USER, code: second },
      );
      expect(await endOf(strategy, form)).to.equal('success');
      expect(await lockout.status({ username: 'bob' })).to.include({ failures: 1, verifying: 0 });
      expect(await lockout.status({ username: 'mallory' })).to.include({ failures: 0, verifying: 0 });
    });
  }
});

describe('A strategy that verifies a client and then its user', () => {
  it('counts no failure if it succeeds with a copy of what verify returned', async () => {
    const lockout = new Lockout(LIMIT_3);
    const strategy = twoSteps(
      lockout,
      async (self) => {
        await self._verifyUsernameAndPassword('app', 'app secret');
        self.success({ ...((await self._verifyTotpCode('alice', 'right')) as object) });
      },
      { password: async () => ({ app: true }), code: async () => USER },
    );
    const body = { client_id: 'app', client_secret: 'app secret', username: 'alice', password: 'right' };
    expect(await endOf(strategy, { ip: '203.0.113.9', headers: {}, body })).to.equal('success');
    for (const username of ['app', 'alice'])
      expect(await lockout.status({ username })).to.include({ failures: 0, verifying: 0 });
  });
});

describe('A strategy that calls a second function more than once', () => {
  it('counts on the name in the form, not on the one before', async () => {
    const lockout = new Lockout(LIMIT_3).on('warning', () => {});
    const strategy = twoSteps(
      lockout,
      async (self) => {
        await swallowed(self._verifyUsernameAndPassword('mallory', 'x'));
        await self._verifyTotpCode('mallory', 'x');
        await self._verifyTotpCode('bob', 'guess');
        self.fail('bad', 401);
      },
      { password: DOWN, code: async () => false },
    );
    const body = { username: 'bob', password: 'guess' };
    expect(await endOf(strategy, { ip: '203.0.113.9', headers: {}, body })).to.equal('fail 401');
    for (const username of ['mallory', 'bob'])
      expect(await lockout.status({ username })).to.include({ failures: 1, verifying: 0 });
  });
});

describe('A strategy that succeeds with the user inside what verify returned', () => {
  const asking = (lockout: Lockout, judge: (username: string) => unknown) =>
    guessing(
      (async (self: Running) => {
        for (const username of ['alice', 'alice@example.org']) {
          const { ok, user } = (await byCallback(self, username, 'right')) as { ok: boolean; user?: unknown };
          if (ok) return self.success(user);
        }
        return self.fail('bad', 401);
      }) as Guessing,
      (username: string, _password: string, done: Done) => done(null, judge(username)),
      lockout,
    );

  it('counts a failure of the wrong name, and none of the right one', async () => {
    const lockout = new Lockout(LIMIT_3);
    const strategy = asking(lockout, (username) => (username === 'alice' ? NOT_OK : { ok: true, user: USER }));
    expect(await endOf(strategy, login([]))).to.equal('success');
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
    expect(await lockout.status({ username: 'alice@example.org' })).to.include({ failures: 0, verifying: 0 });
  });

  it('recognizes the right name while it verifies it again', async () => {
    const lockout = new Lockout(LIMIT_3);
    const strategy = guessing(
      (async (self: Running) => {
        await byCallback(self, 'bob', 'guess');
        const { user } = (await byCallback(self, 'mallory', 'right')) as { user?: unknown };
        void byCallback(self, 'mallory', 'right');
        self.success(user);
      }) as Guessing,
      (username: string, _password: string, done: Done) =>
        void setImmediate(done, null, username === 'bob' ? NOT_OK : { ok: true, user: USER }),
      lockout,
    );
    expect(await endOf(strategy, login([]))).to.equal('success');
    await until(async () => (await lockout.status({ username: 'bob' })).verifying === 0);
    expect(await lockout.status({ username: 'bob' })).to.include({ failures: 1 });
    expect(await lockout.status({ username: 'mallory' })).to.include({ failures: 0, verifying: 0 });
  });

  it('does not read a member that throws', async () => {
    const lockout = new Lockout(LIMIT_3);
    const trap = {
      get broken() {
        throw new Error('a getter that needs a database');
      },
    };
    const strategy = asking(lockout, (username) => (username === 'alice' ? trap : { ok: true, user: USER }));
    expect(await endOf(strategy, login([]))).to.equal('success');
    expect(await lockout.status({ username: 'alice@example.org' })).to.include({ failures: 0, verifying: 0 });
  });
});

it('A strategy that tries two right names of one user counts no failure at either', async () => {
  const lockout = new Lockout(LIMIT_3);
  const strategy = guessing(
    (async (self: Running) => {
      const [user] = await Promise.all(['alice', 'alice@example.org'].map((name) => byCallback(self, name, 'right')));
      self.success(user);
    }) as Guessing,
    (_username: string, _password: string, done: Done) => done(null, USER),
    lockout,
  );
  expect(await endOf(strategy, login([]))).to.equal('success');
  for (const username of ['alice', 'alice@example.org'])
    expect(await lockout.status({ username })).to.include({ failures: 0, verifying: 0 });
});

describe('A strategy that ends while a guess at another name is being verified', () => {
  const answers: (() => void)[] = [];
  const judge = async (username: string, password: string) => {
    if (username === 'bob') await new Promise<void>((resolve) => answers.push(resolve));
    return password === 'right' && { username };
  };
  const bobs = async (lockout: Lockout) => {
    const { failures, verifying } = await lockout.status({ username: 'bob' });
    return { failures, verifying };
  };

  it('decides nothing about that guess by a fail', async () => {
    const lockout = new Lockout(LIMIT_3);
    const strategy = guessing(
      (async (self: Running) => {
        const first = self._verify('alice', 'guess');
        void self._verify('bob', 'right');
        await first;
        self.fail('bad', 401);
      }) as Guessing,
      judge,
      lockout,
    );
    expect(await endOf(strategy, login([]))).to.equal('fail 401');
    expect(await bobs(lockout)).to.deep.equal({ failures: 0, verifying: 1 });
    answers.pop()?.();
    await until(async () => (await bobs(lockout)).verifying === 0);
    expect(await bobs(lockout)).to.deep.equal({ failures: 0, verifying: 0 });
  });

  it('forgives nothing of that guess by succeeding twice; it counts once verify says no', async () => {
    const lockout = new Lockout(LIMIT_3);
    let successes = 0;
    const strategy = guessing(
      ((self: Running) => {
        const succeed = (user: unknown) => {
          if (!user) return;
          self.success(user);
          successes += 1;
        };
        for (const [username, password] of [
          ['mallory', 'right'],
          ['trudy', 'right'],
          ['bob', 'guess'],
        ])
          void Promise.resolve(self._verify(username, password)).then(succeed);
      }) as Guessing,
      judge,
      lockout,
    );
    expect(await endOf(strategy, login([]))).to.equal('success');
    await until(() => successes === 2);
    expect(await bobs(lockout)).to.deep.equal({ failures: 0, verifying: 1 });
    answers.pop()?.();
    await until(async () => (await bobs(lockout)).verifying === 0);
    expect(await bobs(lockout)).to.deep.equal({ failures: 1, verifying: 0 });
  });
});
