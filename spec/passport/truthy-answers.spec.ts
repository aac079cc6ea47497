/** A verify function that means no by something truthy, called several times: only the strategy knows what it means. */
import { expect } from 'chai';
import { Lockout } from '../../lib/index.js';
import { type Done, endOf, LIMIT_3, ON_STORES, type Running, USER } from '../support/sites/guarded.js';
import { end, GUESSING, guessing, judging, type Login, login, NOT_OK, wrongs } from '../support/sites/guessing.js';
import { EventLog } from '../support/tools/events.js';
import { until } from '../support/tools/until.js';

/** A strategy that needs more slots at once than there are waits for its own. */
const QUICK = { ...LIMIT_3, busyTimeout: { milliseconds: 1 } };

for (const [storeName, storeOptions] of ON_STORES) {
  for (const [how, course] of GUESSING) {
    describe(`A strategy that tries each password of a list, ${how}, and receives { ok: false }, on ${storeName},`, () => {
      it('has three judged, and is refused', async () => {
        const { judged, judge } = judging(NOT_OK);
        const lockout = new Lockout({ ...QUICK, ...storeOptions() });
        const strategy = guessing(course, judge, lockout);

        expect(await endOf(strategy, login([...wrongs(99), 'right']))).to.match(/^fail (429|503)$/);
        expect(judged).to.deep.equal(wrongs(3));
        await until(async () => (await lockout.status({ username: 'alice' })).verifying === 0);
        expect(await lockout.status({ username: 'alice' })).to.include({ failures: 3 });
        expect(await endOf(strategy, login(['right']))).to.equal('fail 429');
      });

      it('counts each of them', async () => {
        const { judge } = judging(NOT_OK);
        const lockout = new Lockout({ ...QUICK, ...storeOptions() });
        const strategy = guessing(course, judge, lockout);
        expect(await endOf(strategy, login(wrongs(2)))).to.equal('fail 401');
        expect(await lockout.status({ username: 'alice' })).to.include({ failures: 2, verifying: 0 });
        expect(await endOf(strategy, login(['another']))).to.equal('fail 429');
      });

      it('counts no failure and one success for a user who is right in the end', async () => {
        const { judge } = judging(NOT_OK);
        const lockout = new Lockout({ ...QUICK, ...storeOptions() });
        const events = new EventLog(lockout);
        expect(await endOf(guessing(course, judge, lockout), login(['wrong', 'right']))).to.equal('success');
        await until(async () => (await lockout.status({ username: 'alice' })).verifying === 0);
        expect([events.count('attempt_failed'), events.count('attempt_succeeded')]).to.deep.equal([0, 1]);
      });
    });
  }
}

describe('A strategy that tries several people in one call and receives { ok: false }', () => {
  const PEOPLE = [
    ['bob', 'guess'],
    ['mallory', 'right'],
  ] as const;
  const judge = (username: string, password: string, done: Done) =>
    done(null, username === 'mallory' && password === 'right' ? USER : NOT_OK);
  const ask = (self: Running, [username, password]: readonly [string, string]) =>
    new Promise((resolve) => self._verify(username, password, (_error: unknown, answer: unknown) => resolve(answer)));

  const inTurn = (people: readonly (readonly [string, string])[]) => async (self: Running) => {
    const answers: unknown[] = [];
    for (const one of people) answers.push(await ask(self, one));
    end(self, answers);
  };
  const atOnce = (people: readonly (readonly [string, string])[]) => async (self: Running) =>
    end(self, await Promise.all(people.map((one) => ask(self, one))));
  /** Passes on something else than verify returned, so that nobody can know whose login it is. */
  const asSomebodyElse = async (self: Running) => {
    const answers = await Promise.all(PEOPLE.map((one) => ask(self, one)));
    if (answers.includes(USER)) self.success({ ...USER });
    else self.fail('bad', 401);
  };

  for (const [how, course] of [
    ['one after the other', inTurn(PEOPLE)],
    ['one after the other, the right one first', inTurn([...PEOPLE].reverse())],
    ['all at once', atOnce(PEOPLE)],
    ['all at once, the right one first', atOnce([...PEOPLE].reverse())],
  ] as const) {
    it(`counts the wrong one when another one logs in, ${how}`, async () => {
      const lockout = new Lockout(QUICK);
      const events = new EventLog(lockout);
      const strategy = guessing(course as (self: Running, login: Login) => unknown, judge, lockout);

      expect(await endOf(strategy, login([]))).to.equal('success');
      expect(await lockout.status({ username: 'bob' })).to.include({ failures: 1, verifying: 0 });
      expect(await lockout.status({ username: 'mallory' })).to.include({ failures: 0, verifying: 0 });
      expect(events.count('attempt_succeeded')).to.equal(1);
      await endOf(strategy, login([]));
      expect(await endOf(strategy, login([]))).to.equal('fail 429');
    });
  }

  it('forgives nobody if it cannot be determined who has logged in', async () => {
    const lockout = new Lockout(QUICK);
    const strategy = guessing(asSomebodyElse, judge, lockout);
    expect(await endOf(strategy, login([]))).to.equal('success');
    for (const username of ['bob', 'mallory'])
      expect(await lockout.status({ username })).to.include({ failures: 1, verifying: 0 });
  });
});
