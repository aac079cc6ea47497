/** One strategy that two lockouts guard: what one of them refuses keeps no slot at the other. */
import { expect } from 'chai';
import { Lockout, withLockout } from '../../lib/index.js';
import { endOf, LIMIT_3, ON_STORES, type Running, USER } from '../support/sites/guarded.js';
import {
  byCallback,
  GUESSING,
  type Guessing,
  guessing,
  judging,
  type Login,
  login,
  wrongs,
} from '../support/sites/guessing.js';
import { until } from '../support/tools/until.js';

const AT_ONCE = GUESSING.filter(([how]) => how.startsWith('all at once'));

for (const [storeName, storeOptions] of ON_STORES) {
  describe(`Two lockouts around a strategy that tries each password of a list, on ${storeName},`, () => {
    const twoLockouts = () => [0, 1].map(() => new Lockout({ ...LIMIT_3, ...storeOptions() })) as [Lockout, Lockout];

    for (const [how, course] of AT_ONCE) {
      it(`keep no slot if the outer one refuses, ${how}`, async () => {
        const [inner, outer] = twoLockouts();
        const { judged, judge } = judging();
        await outer.block({ username: 'alice' }, { for: 'forever' });
        const strategy = withLockout(guessing(course, judge, inner), outer);
        expect(await endOf(strategy, login(wrongs(3)))).to.equal('fail 429');
        await until(async () => (await inner.status({ username: 'alice' })).verifying === 0);
        expect(judged).to.deep.equal([]);
      });
    }

    it('keep no slot of a guess made while the end is being written', async () => {
      const [inner, outer] = twoLockouts();
      let asked = 0;
      const course = async (self: Running, { body: { username, passwords } }: Login) => {
        self.success(await byCallback(self, 'mallory', 'right'));
        for (const password of passwords) void byCallback(self, username, password);
        asked += 1;
      };
      const strategy = withLockout(guessing(course as Guessing, judging().judge, inner), outer);
      expect(await endOf(strategy, login(wrongs(2)))).to.equal('success');
      await until(() => asked === 1);
      for (const lockout of [inner, outer])
        await until(async () => (await lockout.status({ username: 'alice' })).verifying === 0);
      expect((await inner.status({ username: 'alice' })).failures).to.equal(
        (await outer.status({ username: 'alice' })).failures,
      );
    });

    it('count nothing at a name whose guess is under way when another one locks', async () => {
      const [inner, outer] = twoLockouts();
      const answers: (() => void)[] = [];
      const judge = async (username: string) => {
        if (username === 'bob') await new Promise<void>((resolve) => answers.push(resolve));
        return username === 'bob' && USER;
      };
      const course = async (self: Running, { body: { passwords } }: Login) => {
        const last = passwords.length - 1;
        for (const password of passwords.slice(0, last)) await self._verify('alice', password);
        const asked = self._verify('alice', passwords[last]);
        void self._verify('bob', 'right');
        await asked;
        self.fail('bad', 401);
      };
      const strategy = withLockout(guessing(course as Guessing, judge, inner), outer);
      expect(await endOf(strategy, login(wrongs(3)))).to.equal('fail 429');
      for (const lockout of [inner, outer]) {
        await until(async () => (await lockout.status({ username: 'bob' })).verifying === 0);
        expect((await lockout.status({ username: 'bob' })).failures).to.equal(0);
        expect((await lockout.status({ username: 'alice' })).failures).to.equal(3);
      }
    });
  });
}
