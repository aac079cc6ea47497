/** The ten typical uses of spec/types/uses do what their reader expects, from ES modules and from CommonJS. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Lockout } from 'passport-lockout';
import { drive } from '../support/sites/drive.js';
import { REPOSITORY } from '../support/tools/package/repository.js';
import { until } from '../support/tools/until.js';
import * as esm from '../types/uses.mjs';

const cjs = createRequire(import.meta.url)('../types/uses.cjs') as typeof esm;
const ALICE = { username: 'alice', ip: '203.0.113.9' };

const fail = async (lockout: Lockout, times: number) => {
  for (let time = 0; time < times; time += 1) await lockout.protect(ALICE, () => false);
};

describe('The code of the ten typical uses', () => {
  it('is the same as ES modules and as CommonJS', () => {
    const bodyOf = (name: string) => {
      const text = readFileSync(join(REPOSITORY, 'spec', 'types', name), 'utf8').replaceAll('export ', '');
      return text.slice(text.indexOf('const USERS'));
    };
    expect(bodyOf('uses.cts').startsWith(bodyOf('uses.mts').trimEnd())).to.equal(true);
  });
});

for (const [format, uses] of [
  ['ES modules', esm],
  ['CommonJS', cjs],
] as const) {
  describe(`The code of the ten typical uses, from ${format},`, () => {
    let lockout: Lockout;

    beforeEach(() => {
      lockout = uses.fiveWrong();
      lockout.on('warning', () => {});
    });

    it('1 locks on the fifth wrong password, for fifteen minutes', async () => {
      await fail(lockout, 4);
      expect((await lockout.status({ username: 'alice' })).locked).to.equal(false);
      await fail(lockout, 1);
      expect((await lockout.status({ username: 'alice' })).remaining?.as('minutes')).to.be.within(14, 15);
    });

    it('1 leaves the address usable for others after wrong passwords for a few of them', async () => {
      for (const username of ['a', 'b', 'c', 'd', 'e']) await lockout.protect({ ...ALICE, username }, () => false);
      expect((await lockout.protect({ ...ALICE, username: 'dave' }, () => true)).outcome).to.equal('succeeded');
    });

    it('2 mails a locked user, with the time', async () => {
      const mails: string[] = [];
      uses.mailOnBlock(lockout, (to, text) => mails.push(`${to}: ${text}`));
      await fail(lockout, 5);
      expect(mails).to.have.length(1);
      expect(mails[0]).to.match(/^alice: locked until \d{4}-/);
    });

    it('3, 10 answers a refusal differently from a wrong password', async () => {
      const strategy = uses.strategy(lockout);
      const logIn = async (password: string) => {
        const { actions } = drive(strategy, { ip: '203.0.113.9', body: { username: 'alice', password }, headers: {} });
        await until(() => actions.length > 0);
        const [name, value] = actions[0] ?? [];
        return uses.answer(null, name === 'success' ? { value } : false, value).status;
      };
      expect(await logIn('correct horse')).to.equal(200);
      for (let time = 0; time < 4; time += 1) expect(await logIn('x')).to.equal(401);
      await logIn('x');
      expect(await logIn('correct horse')).to.equal(429);
    });

    it('4 finds all locked users, beyond one page', async () => {
      const names = Array.from({ length: 120 }, (_, index) => `user${String(index).padStart(3, '0')}`);
      for (const username of names) await lockout.block({ username }, { for: '15m' });
      expect(await uses.everybodyLocked(lockout)).to.deep.equal(names.map((name) => `username=${name}`));
    });

    it('5 returns the minutes left, and none if nothing is locked', async () => {
      expect(await uses.minutesLeft(lockout, 'alice')).to.equal(undefined);
      await lockout.block({ username: 'alice' }, { for: '2h' });
      expect(await uses.minutesLeft(lockout, 'alice')).to.be.within(119, 120);
    });

    it('6 checks a one-time password', async () => {
      const answers: string[] = [await uses.checkOtp(lockout, 'alice', () => true)];
      for (let time = 0; time < 6; time += 1) answers.push(await uses.checkOtp(lockout, 'alice', () => false));
      const LOCKED = 'Too many failed logins. Try again in 15 minutes.';
      expect(answers).to.deep.equal(['welcome', 'wrong', 'wrong', 'wrong', 'wrong', LOCKED, LOCKED]);
    });

    it('7 lets a user in again', async () => {
      await fail(lockout, 5);
      expect(await uses.letIn(lockout, 'alice')).to.equal(true);
      expect((await lockout.protect(ALICE, () => true)).outcome).to.equal('succeeded');
    });

    it('8 accepts durations as people write them', async () => {
      const lockout = uses.durations(30);
      await fail(lockout, 3);
      expect(await uses.minutesLeft(lockout, 'alice')).to.be.within(29, 30);
    });

    it('9 ends a lock without waiting', async () => {
      expect(await uses.lockEnds()).to.deep.equal([true, false]);
    });
  });
}
