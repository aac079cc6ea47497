/** One strategy that asks verify several times in one call of authenticate, say for each password of a list. */
import { expect } from 'chai';
import { Lockout, type StrategyLike, withLockout } from '../../lib/index.js';
import { onEvery } from '../support/fixtures/ladders.js';
import { drive } from '../support/sites/drive.js';
import { type Done, endOf, LIMIT_3, ON_STORES, type Running, USER } from '../support/sites/guarded.js';
import {
  byCallback,
  end,
  GUESSING,
  type Guessing,
  guessing,
  judging,
  type Login,
  login,
  wrongs,
} from '../support/sites/guessing.js';
import { EventLog } from '../support/tools/events.js';
import { until } from '../support/tools/until.js';

for (const [storeName, storeOptions] of ON_STORES) {
  for (const [how, course] of GUESSING) {
    describe(`A strategy that tries each password of a list, ${how}, on ${storeName},`, () => {
      it('has three judged, and is refused', async () => {
        const { judged, judge } = judging();
        const lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
        const strategy = guessing(course, judge, lockout);

        expect(await endOf(strategy, login([...wrongs(99), 'right']))).to.equal('fail 429');
        expect(judged).to.deep.equal(wrongs(3));
        expect(await lockout.status({ username: 'alice' })).to.include({ failures: 3, verifying: 0 });
        expect(await endOf(strategy, login(['right']))).to.equal('fail 429');
      });

      it('counts each of them', async () => {
        const { judge } = judging();
        const lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
        const strategy = guessing(course, judge, lockout);
        expect(await endOf(strategy, login(wrongs(2)))).to.equal('fail 401');
        expect(await lockout.status({ username: 'alice' })).to.include({ failures: 2, verifying: 0 });
        expect(await endOf(strategy, login(['another']))).to.equal('fail 429');
      });

      it('lets a user in whose right password follows a wrong one, which is counted', async () => {
        const { judge } = judging();
        const lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
        const events = new EventLog(lockout);
        expect(await endOf(guessing(course, judge, lockout), login(['wrong', 'right']))).to.equal('success');
        await until(async () => (await lockout.status({ username: 'alice' })).verifying === 0);
        expect([events.count('attempt_failed'), events.count('attempt_succeeded')]).to.deep.equal([1, 1]);
        // Taken back by the success, which came from the same place.
        expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0 });
      });

      it('counts a repeated password once', async () => {
        const { judge } = judging();
        const lockout = new Lockout({ ...LIMIT_3, ...storeOptions() });
        const req = login(['wrong', 'wrong', 'wrong', 'wrong']);
        expect(await endOf(guessing(course, judge, lockout), req)).to.equal('fail 401');
        expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
      });
    });
  }
}

describe('A strategy that calls verify several times', () => {
  it('counts each user that it tries', async () => {
    const lockout = new Lockout(LIMIT_3);
    const strategy = guessing(
      async (self, { body: { passwords } }) => {
        for (const username of ['alice', 'bob']) {
          for (const password of passwords) await self._verify(username, password);
        }
        self.fail('bad', 401);
      },
      judging().judge,
      lockout,
    );
    expect(await endOf(strategy, login(wrongs(2)))).to.equal('fail 401');
    for (const username of ['alice', 'bob'])
      expect(await lockout.status({ username })).to.include({ failures: 2, verifying: 0 });
  });

  it('counts each guess that it puts into one object', async () => {
    const lockout = new Lockout(LIMIT_3);
    let asked = 0;
    const strategy = guessing(
      async (self, { body: { username, passwords } }) => {
        const credentials = { password: '' };
        for (const password of passwords) await self._verify(username, Object.assign(credentials, { password }));
        self.fail('bad', 401);
      },
      async () => {
        asked += 1;
        return false;
      },
      lockout,
    );
    expect(await endOf(strategy, login(wrongs(9)))).to.equal('fail 429');
    expect(asked).to.equal(3);
  });

  it('counts each guess that it passes as a function holding the password', async () => {
    const lockout = new Lockout(LIMIT_3);
    let asked = 0;
    const strategy = guessing(
      async (self, { body: { username, passwords } }) => {
        for (const password of passwords) await byCallback(self, username, (hash: string) => hash === password);
        self.fail('bad', 401);
      },
      (_username: string, matches: (hash: string) => boolean, done: Done) => {
        asked += 1;
        done(null, matches('right') && USER);
      },
      lockout,
    );
    expect(await endOf(strategy, login(wrongs(9)))).to.equal('fail 429');
    expect(asked).to.equal(3);
  });

  it('counts each guess that it passes by the request alone', async () => {
    const lockout = new Lockout({ ...LIMIT_3, username: () => 'alice' });
    let asked = 0;
    const strategy = guessing(
      async (self, req) => {
        for (const password of req.body.passwords) {
          Object.assign(req, { password });
          await new Promise((resolve) => self._verify(req, resolve));
        }
        self.fail('bad', 401);
      },
      (_req: Login, done: Done) => {
        asked += 1;
        done(null, false);
      },
      lockout,
    );
    expect(await endOf(strategy, login(wrongs(9)))).to.equal('fail 429');
    expect(asked).to.equal(3);
  });

  it('counts a guess that ends with an error that says wrong', async () => {
    const lockout = new Lockout(LIMIT_3);
    let asked = 0;
    const verify = (_username: string, _password: string, done: Done) => {
      asked += 1;
      done(Object.assign(new Error('no'), { status: 401 }));
    };
    const strategy = guessing(
      async (self, { body: { username, passwords } }) => {
        for (const password of passwords) await byCallback(self, username, password);
        self.fail('bad', 401);
      },
      verify,
      lockout,
    );
    expect(await endOf(strategy, login(wrongs(9)))).to.equal('fail 429');
    expect(asked).to.equal(3);
  });

  const DOWN = new Error('the database is down');
  const failing = () => Promise.reject(DOWN);
  const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

  for (const [how, course] of [
    [
      'returns',
      async (self: Running, { body: { username, passwords } }: Login) => {
        for (const password of passwords)
          await Promise.resolve(self._verify(username, password)).catch(() => undefined);
        self.fail('bad', 401);
      },
    ],
    [
      'does not return, some turns later',
      (self: Running, { body: { username, passwords } }: Login) => {
        const askAll = async () => {
          for (const password of passwords) {
            await Promise.resolve(self._verify(username, password)).catch(() => undefined);
            for (let turn = 0; turn < 3; turn += 1) await nextTurn();
          }
          self.fail('bad', 401);
        };
        void askAll();
      },
    ],
  ] as const) {
    it(`counts errors after which it tries another password, in a promise that it ${how}`, async () => {
      const lockout = new Lockout(LIMIT_3).on('warning', () => {});
      let asked = 0;
      const verify = () => {
        asked += 1;
        return failing();
      };
      expect(await endOf(guessing(course, verify, lockout), login(wrongs(9)))).to.equal('fail 429');
      expect(asked).to.equal(3);
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 3, verifying: 0 });
    });
  }

  it('counts an error that does not keep it from letting a user in', async () => {
    const lockout = new Lockout({ ...LIMIT_3, resetOnSuccess: false });
    const verify = (_username: string, password: string) => (password === 'right' ? Promise.resolve(USER) : failing());
    const strategy = guessing(
      async (self, { body: { username, passwords } }) => {
        const asked = passwords.map((password) => self._verify(username, password) as Promise<unknown>);
        self.success(await Promise.any(asked));
        await Promise.allSettled(asked);
      },
      verify,
      lockout,
    );
    expect(await endOf(strategy, login(['wrong', 'right']))).to.equal('success');
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
  });

  for (const [what, end, failures] of [
    ['does not count errors by which it ends', (self: Running) => self.error(DOWN), 0],
    ['counts errors that it turns into fail', (self: Running) => self.fail('bad', 401), 2],
    ['does not count errors that it turns into fail with 503', (self: Running) => self.fail('down', 503), 0],
  ] as const) {
    it(`${what}, with parallel guesses`, async () => {
      const lockout = new Lockout(LIMIT_3).on('warning', () => {});
      const strategy = guessing(
        async (self, { body: { username, passwords } }) => {
          const asked = passwords.map((password) => self._verify(username, password) as Promise<unknown>);
          await Promise.allSettled(asked);
          end(self);
        },
        failing,
        lockout,
      );
      await endOf(strategy, login(wrongs(2)));
      expect(await lockout.status({ username: 'alice' })).to.include({ failures, verifying: 0 });
    });
  }

  it('gets its slots back if it swallows the errors of parallel guesses and does nothing', async () => {
    const lockout = new Lockout(LIMIT_3);
    let isSilent = false;
    const strategy = guessing(
      async (self, { body: { username, passwords } }) => {
        await Promise.allSettled(passwords.map((password) => self._verify(username, password)));
        isSilent = true;
      },
      failing,
      lockout,
    );
    drive(strategy, login(wrongs(2)));
    await until(() => isSilent);
    await until(async () => (await lockout.status({ username: 'alice' })).verifying === 0);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0 });
  });

  it('makes no second guess by retrying the same password after an error', async () => {
    const lockout = new Lockout({ ...LIMIT_3, resetOnSuccess: false });
    const answers = [failing, failing, () => Promise.resolve(USER)];
    const strategy = guessing(
      (self, { body: { username } }) => {
        const askAgain = async () => {
          for (const _ of answers.slice(1)) {
            await Promise.resolve(self._verify(username, 'right')).catch(() => undefined);
            for (let turn = 0; turn < 3; turn += 1) await nextTurn();
          }
          self.success(await self._verify(username, 'right'));
        };
        void askAgain();
      },
      () => answers.shift()?.(),
      lockout,
    );
    expect(await endOf(strategy, login([]))).to.equal('success');
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
  });

  it('does not turn an error into a failure while it retries the same password', async () => {
    const lockout = new Lockout({ ...LIMIT_3, resetOnSuccess: false }).on('warning', () => {});
    const answers: (() => unknown)[] = [
      failing,
      () =>
        nextTurn()
          .then(nextTurn)
          .then(() => USER),
      async () => false,
    ];
    const strategy = guessing(
      async (self, { body: { username } }) => {
        // Two under way, so that the errors of both are seen as those of guesses.
        await Promise.resolve(self._verify(username, 'right')).catch(() => undefined);
        const again = self._verify(username, 'right');
        await self._verify(username, 'wrong');
        self.success(await again);
      },
      () => answers.shift()?.(),
      lockout,
    );
    expect(await endOf(strategy, login([]))).to.equal('success');
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
  });

  it('does not take a promise of undefined as an answer if there is a callback as well', async () => {
    const lockout = new Lockout({ ...LIMIT_3, resetOnSuccess: false });
    const course = GUESSING.find(([how]) => how === 'all at once, by callbacks')?.[1] as Guessing;
    const verify = async (_username: string, password: string, done: Done) =>
      void setImmediate(done, null, password === 'right' && USER);
    expect(await endOf(guessing(course, verify, lockout), login(['right', 'wrong']))).to.equal('success');
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
  });

  it('is refused with the message of the lock that its own guess caused', async () => {
    const { judge } = judging();
    const { actions } = drive(guessing(GUESSING[0]?.[1] as Guessing, judge, LIMIT_3), login(wrongs(9)));
    expect(actions).to.have.length(1);
    expect(actions[0]?.[1]).to.include({ code: 'ERR_LOCKOUT_LOCKED', dimension: 'username', retryAfter: 900 });
  });

  it('counts each guess if it ends with each answer, and drops its actions after the refusal', async () => {
    const { judged, judge } = judging();
    const lockout = new Lockout(LIMIT_3);
    const strategy = guessing(
      (self, { body: { username, passwords } }) => {
        for (const password of passwords)
          self._verify(username, password, (_error: unknown, user: unknown) => end(self, [user]));
      },
      judge,
      lockout,
    );
    const { actions } = drive(strategy, login([...wrongs(9), 'right']));
    expect(actions.map(([name, , status]) => `${name} ${status}`)).to.deep.equal(['fail 401', 'fail 401', 'fail 429']);
    expect(judged).to.have.length(3);
  });

  it('counts a guess that verify answers after the strategy has succeeded with another', async () => {
    const lockout = new Lockout(LIMIT_3);
    const answers: Done[] = [];
    const strategy = guessing(
      (self, { body: { username, passwords } }) => {
        for (const password of passwords)
          self._verify(username, password, (_error: unknown, user: unknown) => {
            if (user) self.success(user);
          });
      },
      (_username: string, _password: string, done: Done) => answers.push(done),
      lockout,
    );
    const { actions } = drive(strategy, login(['right', 'wrong']));
    answers[0]?.(null, USER);
    expect(actions).to.deep.equal([['success', USER]]);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 1 });
    answers[1]?.(null, false);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
  });

  it('counts a guess that it makes after it has succeeded', async () => {
    const lockout = new Lockout(LIMIT_3);
    const { judged, judge } = judging();
    const strategy = guessing(
      (self, { body: { username, passwords } }) => {
        self._verify(username, 'right', (_error: unknown, user: unknown) => self.success(user));
        for (const password of passwords) self._verify(username, password, () => undefined);
      },
      judge,
      lockout,
    );
    const { actions } = drive(strategy, login(wrongs(9)));
    expect(actions).to.deep.equal([['success', USER]]);
    expect(judged).to.deep.equal(['right', ...wrongs(3)]);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 3, verifying: 0 });
  });

  it('passes each guess to isFailure, and ends with what isFailure throws', async () => {
    const seen: unknown[] = [];
    const boom = new Error('a bug in isFailure');
    const lockout = new Lockout({
      ...LIMIT_3,
      isFailure: ({ called, args: [info] }) => {
        seen.push([called, info]);
        if (seen.length === 2) throw boom;
        return false;
      },
    });
    const verify = (_username: string, password: string, done: Done) => done(null, false, { message: password });
    const { actions } = drive(guessing(GUESSING[0]?.[1] as Guessing, verify, lockout), login(wrongs(9)));
    await until(() => actions.length > 0);
    expect(seen).to.deep.equal([
      ['fail', { message: 'wrong 0' }],
      ['fail', { message: 'wrong 1' }],
    ]);
    expect(actions).to.deep.equal([['error', boom]]);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
  });

  it('ends with what isFailure throws for any guess, and gets its slots back', async () => {
    const boom = new Error('a bug in isFailure');
    const lockout = new Lockout({
      ...LIMIT_3,
      isFailure: ({ args: [error] }) => {
        if (error === DOWN) throw boom;
        return undefined;
      },
    });
    const verify = (_username: string, password: string) => (password === 'right' ? Promise.resolve(USER) : failing());
    const strategy = guessing(
      async (self, { body: { username, passwords } }) => {
        const asked = passwords.map((password) => self._verify(username, password) as Promise<unknown>);
        self.success(await Promise.any(asked));
      },
      verify,
      lockout,
    );
    const { actions } = drive(strategy, login(['wrong', 'right']));
    await until(() => actions.length > 0);
    expect(actions).to.deep.equal([['error', boom]]);
    await until(async () => (await lockout.status({ username: 'alice' })).verifying === 0);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0 });
  });

  it('is not delayed in monitor mode, and takes time linear in the number of guesses', async () => {
    const { judged, judge } = judging();
    const lockout = new Lockout({ ...LIMIT_3, ...(ON_STORES[1]?.[1]() ?? {}), mode: 'monitor' });
    const parallel = GUESSING.find(([how]) => how === 'all at once, awaiting all')?.[1] as Guessing;
    expect(await endOf(guessing(parallel, judge, lockout), login(wrongs(5_000)))).to.equal('fail 401');
    expect(judged).to.have.length(5_000);
  });

  it('counts the newest of the guesses that verify never answers if verify ends the strategy itself', async () => {
    const lockout = new Lockout(LIMIT_3);
    let running: Running | undefined;
    const strategy = guessing(
      (self, { body: { username, passwords } }) => {
        running = self;
        for (const password of passwords) void byCallback(self, username, password);
      },
      () => void setImmediate(() => running?.fail('bad', 401)),
      lockout,
    );
    expect(await endOf(strategy, login(wrongs(2)))).to.equal('fail 401');
    expect((await lockout.status({ username: 'alice' })).failures).to.equal(1);
  });

  it('gives back the slots of guesses under way if another of them is refused', async () => {
    const lockout = new Lockout({ ...LIMIT_3, busyTimeout: { seconds: 0 } });
    const { actions } = drive(
      guessing(GUESSING[3]?.[1] as Guessing, () => undefined, lockout),
      login(wrongs(4)),
    );
    await until(() => actions.length > 0);
    expect(actions[0]?.[1]).to.include({ code: 'ERR_LOCKOUT_BUSY' });
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0, verifying: 0 });
  });

  for (const [how, verify, course] of [
    ['returns nothing', () => undefined, (self, username, password) => self._verify(username, password)],
    ['gives nothing to its callback', (_username: string, _password: string, done: Done) => done(), byCallback],
    [
      'gives nothing to its callback later',
      (_username: string, _password: string, done: Done) => void setImmediate(done),
      byCallback,
    ],
  ] as readonly (readonly [string, (...args: never[]) => unknown, typeof byCallback])[]) {
    it(`takes it as a no if verify ${how}, with parallel guesses`, async () => {
      const lockout = new Lockout({ ...LIMIT_3, busyTimeout: { milliseconds: 1 } });
      let asked = 0;
      const counting = (...args: never[]) => {
        asked += 1;
        return verify(...args);
      };
      const strategy = guessing(
        async (self, { body: { username, passwords } }) => {
          end(self, await Promise.all(passwords.map((password) => course(self, username, password))));
        },
        counting,
        lockout,
      );
      expect(await endOf(strategy, login(wrongs(9)))).to.equal('fail 429');
      expect(asked).to.equal(3);
      await until(async () => (await lockout.status({ username: 'alice' })).verifying === 0);
    });
  }

  it('counts in both of two lockouts around it', async () => {
    const [inner, outer] = [new Lockout(LIMIT_3), new Lockout(LIMIT_3)];
    const { judged, judge } = judging();
    const strategy = withLockout(guessing(GUESSING[1]?.[1] as Guessing, judge, inner), outer);
    expect(await endOf(strategy, login(wrongs(9)))).to.equal('fail 429');
    expect(judged).to.have.length(3);
    for (const lockout of [inner, outer])
      expect(await lockout.status({ username: 'alice' })).to.include({ failures: 3, verifying: 0 });
  });
});

describe('A strategy that is guarded as a whole and calls authenticate again', () => {
  const guards = (lockout: Lockout, judged: unknown[], passwords: readonly string[]) => {
    const inner = {
      name: 'whole',
      _usernameField: 'username',
      _passwordField: 'password',
      authenticate(this: Running, req: { body: Record<string, unknown> }, options: unknown, rest = passwords): unknown {
        judged.push(req.body['password']);
        if (req.body['password'] === 'right') return this.success(USER);
        const [password, ...others] = rest;
        if (password === undefined) return this.fail('bad', 401);
        Object.assign(req.body, { password });
        return this.authenticate(req, options, others);
      },
    };
    return withLockout(inner as unknown as StrategyLike, lockout, { guard: 'authenticate' });
  };
  const form = () => ({ ip: '203.0.113.9', headers: {}, body: { username: 'alice', password: 'first' } });

  it('has three passwords judged, and is refused', async () => {
    const lockout = new Lockout(LIMIT_3);
    const judged: unknown[] = [];
    const { actions } = drive(guards(lockout, judged, [...wrongs(9), 'right']), form());
    await until(() => actions.length > 0);
    expect(actions[0]?.[1]).to.include({ code: 'ERR_LOCKOUT_LOCKED' });
    expect(judged).to.deep.equal(['first', 'wrong 0', 'wrong 1']);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 3, verifying: 0 });
  });

  it('counts each of five passwords, and keeps no slot', async () => {
    const lockout = new Lockout({ ...LIMIT_3, tiers: onEvery([{ failures: 9, cooloff: { minutes: 15 } }]) });
    expect(await endOf(guards(lockout, [], wrongs(4)), form())).to.equal('fail 401');
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 5, verifying: 0 });
  });

  it('counts one failure for one password', async () => {
    const lockout = new Lockout(LIMIT_3);
    expect(await endOf(guards(lockout, [], ['first', 'first']), form())).to.equal('fail 401');
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 1, verifying: 0 });
  });
});
