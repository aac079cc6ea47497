/** One strategy with several verify functions, say one for the password and one for a code. */
import { expect } from 'chai';
import { Lockout } from '../../lib/index.js';
import { type Done, endOf, LIMIT_3, USER } from '../support/sites/guarded.js';
import { NOT_OK, wrongs } from '../support/sites/guessing.js';
import { type TwoHooks, twoSteps } from '../support/sites/two-steps.js';
import { until } from '../support/tools/until.js';

describe('A strategy with two verify functions', () => {
  for (const [how, no] of [
    ['nobody', false],
    ['something truthy that means no', NOT_OK],
  ] as const) {
    it(`has three codes judged, each counted on the name of its password, if verify answers ${how}`, async () => {
      const lockout = new Lockout({ ...LIMIT_3, busyTimeout: { milliseconds: 1 } });
      const codes: unknown[] = [];
      const strategy = twoSteps(
        lockout,
        async (self) => {
          const user = await self._verifyUsernameAndPassword('alice', 'right');
          for (const code of wrongs(9)) await self._verifyTotpCode(user, code);
          self.fail('bad', 401);
        },
        { password: async () => USER, code: async (_user: unknown, code: string) => codes.push(code) && no },
      );
      expect(await endOf(strategy)).to.match(/^fail (429|503)$/);
      expect(codes).to.deep.equal(wrongs(3));
      await until(async () => (await lockout.status({ username: 'alice' })).verifying === 0);
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 3 });
    });
  }

  it('makes another guess if the second is called after the first said no', async () => {
    const lockout = new Lockout(LIMIT_3);
    const strategy = twoSteps(
      lockout,
      async (self) => {
        await self._verifyUsernameAndPassword('alice', 'wrong');
        await self._verifyTotpCode('bob', 'wrong');
        self.fail('bad', 401);
      },
      { password: async () => false, code: async () => false },
    );
    expect(await endOf(strategy)).to.equal('fail 401');
    for (const username of ['alice', 'bob'])
      expect(await lockout.status({ username })).to.include({ failures: 1, verifying: 0 });
  });

  it('makes another guess with the same password if the first function has said no to it', async () => {
    const lockout = new Lockout(LIMIT_3);
    const strategy = twoSteps(
      lockout,
      async (self) => {
        await self._verifyUsernameAndPassword('alice', 'wrong');
        await self._verifyTotpCode('alice', 'wrong');
        self.fail('bad', 401);
      },
      { password: async () => false, code: async () => false },
    );
    expect(await endOf(strategy)).to.equal('fail 401');
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 2, verifying: 0 });
  });

  for (const [how, authenticate] of [
    [
      'in parallel',
      (self: TwoHooks) =>
        Promise.all([
          self._verifyUsernameAndPassword('alice', 'guess of the password'),
          self._verifyTotpCode('alice', 'guess of the code'),
        ]),
    ],
    [
      'after an error that it receives while the first still runs',
      (self: TwoHooks) =>
        new Promise((resolve) => {
          self._verifyUsernameAndPassword('alice', 'fails at once', () =>
            resolve(self._verifyTotpCode('alice', 'guess of the code')),
          );
        }),
    ],
    [
      'after an error that it swallows',
      async (self: TwoHooks) => {
        await Promise.resolve(self._verifyUsernameAndPassword('alice', 'fails')).catch(() => undefined);
        await self._verifyTotpCode('alice', 'guess of the code');
      },
    ],
  ] as const) {
    it(`makes two guesses with two passwords that it tries ${how}`, async () => {
      const lockout = new Lockout(LIMIT_3);
      const strategy = twoSteps(
        lockout,
        async (self) => {
          await authenticate(self);
          self.fail('bad', 401);
        },
        {
          password: (_username: string, password: string, done?: Done) => {
            if (password === 'fails at once') return done?.(new Error('down'));
            return password === 'fails' ? Promise.reject(new Error('down')) : Promise.resolve(false);
          },
          code: async () => false,
        },
      );
      expect(await endOf(strategy)).to.equal('fail 401');
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 2, verifying: 0 });
    });
  }

  it('makes one guess with the same password passed to both, in parallel or after an error', async () => {
    for (const answer of [async () => false, () => Promise.reject(new Error('down'))]) {
      const lockout = new Lockout(LIMIT_3).on('warning', () => {});
      const strategy = twoSteps(
        lockout,
        async (self) => {
          const ask = (verify: (...args: unknown[]) => unknown) =>
            Promise.resolve(verify('alice', 'guess')).catch(() => undefined);
          await Promise.all([ask(self._verifyUsernameAndPassword), ask(self._verifyTotpCode)]);
          self.fail('bad', 401);
        },
        { password: answer, code: answer },
      );
      expect(await endOf(strategy)).to.equal('fail 401');
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
    }
  });

  it('makes one guess with what the first passes to the second while it runs', async () => {
    const lockout = new Lockout(LIMIT_3);
    const strategy = twoSteps(
      lockout,
      (self) =>
        self._verifyUsernameAndPassword(' Alice', 'guess', (_error: unknown, user: unknown) =>
          user ? self.success(user) : self.fail('bad', 401),
        ),
      {
        password(this: TwoHooks, username: string, password: string, done: Done) {
          this._verifyTotpCode(username.trim().toUpperCase(), `${password} tidied`, done);
        },
        code: (_username: string, _password: string, done: Done) => done(null, false),
      } as never,
    );
    expect(await endOf(strategy)).to.equal('fail 401');
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
  });

  it('counts a call of the second on the name passed to it, if the form contains that name', async () => {
    const lockout = new Lockout(LIMIT_3);
    const strategy = twoSteps(
      lockout,
      async (self) => {
        await self._verifyUsernameAndPassword('app', 'app secret');
        await self._verifyTotpCode('bob', 'guess');
        self.fail('bad', 401);
      },
      { password: async () => USER, code: async () => false },
    );
    const form = {
      ip: '203.0.113.9',
      headers: {},
      body: { client_id: 'app', client_secret: 'app secret', username: 'bob', password: 'guess' },
    };
    expect(await endOf(strategy, form)).to.equal('fail 401');
    expect(await lockout.status({ username: 'bob' })).to.include({ failures: 1, verifying: 0 });
    expect((await lockout.status({ username: 'app' })).verifying).to.equal(0);
  });
});
