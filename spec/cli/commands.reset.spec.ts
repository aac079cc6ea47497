/** What the commands print that remove something, and what they leave. */
import { expect } from 'chai';
import { pending } from '../support/fixtures/attempt-entries.js';
import { ADDRESS, describeCommand, found, nothing } from './command-site.js';

describeCommand((site) => {
  describe('reset', () => {
    it('clears everybody', async () => {
      await site().fail('alice', 3);
      expect(await site().run('reset', '--yes')).to.deep.equal(found('3 attempts removed.'));
      expect(await site().keys()).to.deep.equal([]);
      expect(await site().run('reset', '--yes')).to.deep.equal(found('No attempts found.'));
      expect(await site().run('reset', '--yes', '--json')).to.deep.equal(found('{"reset":0,"unblocked":0}'));
    });

    it('does so only when it is told to', async () => {
      await site().fail('alice');
      expect(await site().run('reset')).to.deep.equal({
        code: 2,
        stdout: '',
        stderr:
          'passport-lockout: this resets the failures and locks of everybody; add --yes if that is what you want\n',
      });
      expect(await site().keys()).to.have.length(3);
    });
  });

  describe('reset of some', () => {
    beforeEach(async () => {
      await site().fail('alice', 3);
      await site().fail('bob', 1, '192.0.2.1');
    });

    const CASES: readonly { args: readonly string[]; printed: string; code?: number; left: number }[] = [
      { args: ['reset-username', 'Alice'], printed: '2 attempts removed.', left: 4 },
      { args: ['reset-username', 'alice', 'bob'], printed: '4 attempts removed.', left: 2 },
      { args: ['reset-username', 'nobody'], printed: 'No attempts found.', code: 1, left: 6 },
      { args: ['reset-username', ADDRESS], printed: 'No attempts found.', code: 1, left: 6 },
      { args: ['reset-username', '$ne'], printed: 'No attempts found.', code: 1, left: 6 },
      { args: ['reset-username', '{"$ne":null}'], printed: 'No attempts found.', code: 1, left: 6 },
      { args: ['reset-ip', ADDRESS], printed: '2 attempts removed.', left: 4 },
      { args: ['reset-ip', ADDRESS, '192.0.2.1'], printed: '4 attempts removed.', left: 2 },
      { args: ['reset-ip', '192.0.2.9'], printed: 'No attempts found.', code: 1, left: 6 },
      { args: ['reset-ip-username', ADDRESS, 'alice'], printed: '1 attempt removed.', left: 5 },
      { args: ['reset-ip-username', ADDRESS, 'bob'], printed: 'No attempts found.', code: 1, left: 6 },
      { args: ['reset-username', 'alice', '--json'], printed: '{"reset":2,"unblocked":2}', left: 4 },
    ];
    for (const { args, printed, code = 0, left } of CASES) {
      it(`${args.join(' ')} prints ${printed}`, async () => {
        expect(await site().run(...args)).to.deep.equal({ code, stdout: `${printed}\n`, stderr: '' });
        expect(await site().keys()).to.have.length(left);
      });
    }
  });

  describe('of the attempt log', () => {
    beforeEach(async () => {
      const days = (age: number, outcome: 'failed' | 'succeeded') => pending({ outcome }, age * 86_400_000);
      const entries = [days(40, 'failed'), days(35, 'succeeded'), days(10, 'failed'), days(1, 'failed')];
      await site()
        .database.store()
        .attemptLog.append(entries, 365 * 86_400_000);
    });

    const CASES: readonly { args: readonly string[]; printed: string; left: number }[] = [
      { args: ['reset-logs'], printed: '2 logs removed.', left: 2 },
      { args: ['reset-logs', '--age', '5'], printed: '3 logs removed.', left: 1 },
      { args: ['reset-logs', '--age', '37'], printed: '1 log removed.', left: 3 },
      { args: ['reset-logs', '--age', '50'], printed: 'No logs found.', left: 4 },
      { args: ['reset-logs', '--all', '--yes'], printed: '4 logs removed.', left: 0 },
      { args: ['reset-logs', '--age', '0', '--yes'], printed: '4 logs removed.', left: 0 },
      { args: ['reset-logs', '--json'], printed: '{"removed":2}', left: 2 },
      { args: ['reset-failure-logs'], printed: '1 log removed.', left: 3 },
      { args: ['reset-failure-logs', '--age', '5'], printed: '2 logs removed.', left: 2 },
      { args: ['reset-failure-logs', '--age', '50'], printed: 'No logs found.', left: 4 },
      { args: ['reset-failure-logs', '--all', '--yes'], printed: '3 logs removed.', left: 1 },
      { args: ['cleanup'], printed: 'Finished. Removed 0 logs and 0 subjects.', left: 4 },
      { args: ['cleanup', '--json'], printed: '{"subjects":0,"attempts":0}', left: 4 },
    ];
    for (const { args, printed, left } of CASES) {
      it(`${args.join(' ')} prints ${printed}`, async () => {
        expect(await site().run(...args)).to.deep.equal(found(printed));
        expect((await site().lockout.attempts()).items).to.have.length(left);
      });
    }

    for (const args of [
      ['reset-logs', '--all'],
      ['reset-logs', '--age', '0'],
      ['reset-failure-logs', '--all'],
    ]) {
      it(`${args.join(' ')} removes nothing without --yes`, async () => {
        const { code, stderr } = await site().run(...args);
        expect(code).to.equal(2);
        expect(stderr).to.match(
          /^passport-lockout: this removes all .* of the attempt log; add --yes if that is what you want\n$/,
        );
        expect((await site().lockout.attempts()).items).to.have.length(4);
      });
    }
  });

  it('erase leaves nothing of one person or several', async () => {
    await site().fail('alice', 2);
    await site().fail('bob');
    await site().fail('carol');
    expect(await site().run('erase', 'alice')).to.deep.equal(found('2 subjects and 2 logs erased.'));
    expect(await site().run('erase', 'alice')).to.deep.equal(nothing('Nothing found.'));
    expect(await site().run('erase', 'bob', 'carol', '--json')).to.deep.equal(found('{"subjects":4,"attempts":2}'));
    expect(await site().keys()).to.deep.equal([`ip=${ADDRESS}`]);
  });
});
