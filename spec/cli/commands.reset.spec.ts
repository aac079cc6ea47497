/** What the commands print that remove something, and what they leave. */
import { expect } from 'chai';
import { pending } from '../support/fixtures/attempt-entries.js';
import { ADDRESS, describeCommand, found, nothing } from './command-site.js';

describeCommand((site) => {
  describe('reset', () => {
    it('clears all subjects', async () => {
      await site().fail('alice', 3);
      expect(await site().run('reset', '--yes')).to.deep.equal(found('3 subjects reset, 2 unblocked.'));
      expect(await site().keys()).to.deep.equal([]);
      expect(await site().run('reset', '--yes')).to.deep.equal(found('Nothing to reset.'));
      expect(await site().run('reset', '--yes', '--json')).to.deep.equal(found('{"reset":0,"unblocked":0}'));
    });

    it('changes nothing without --yes', async () => {
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

  it('reset counts a lock set by an operator as a subject, not as an attempt', async () => {
    await site().lockout.block({ username: 'alice' }, { for: 'forever' });
    expect(await site().run('reset', '--yes')).to.deep.equal(found('1 subject reset, 1 unblocked.'));
  });

  describe('reset', () => {
    beforeEach(async () => {
      await site().fail('alice', 3);
      await site().fail('bob', 1, '192.0.2.1');
    });

    const CASES: readonly { args: readonly string[]; printed: string; code?: number; left: number }[] = [
      { args: ['reset', '--username', 'Alice'], printed: '2 subjects reset, 2 unblocked.', left: 4 },
      { args: ['reset', '--username', 'alice', 'bob'], printed: '4 subjects reset, 2 unblocked.', left: 2 },
      { args: ['reset', '--username', 'nobody'], printed: 'Nothing to reset.', code: 1, left: 6 },
      { args: ['reset', '--username', ADDRESS], printed: 'Nothing to reset.', code: 1, left: 6 },
      { args: ['reset', '--username', '$ne'], printed: 'Nothing to reset.', code: 1, left: 6 },
      { args: ['reset', '--username', '{"$ne":null}'], printed: 'Nothing to reset.', code: 1, left: 6 },
      { args: ['reset', '--ip', ADDRESS], printed: '2 subjects reset, 1 unblocked.', left: 4 },
      { args: ['reset', '--ip', ADDRESS, '192.0.2.1'], printed: '4 subjects reset, 1 unblocked.', left: 2 },
      { args: ['reset', '--ip', '192.0.2.9'], printed: 'Nothing to reset.', code: 1, left: 6 },
      { args: ['reset', '--ip', ADDRESS, '--username', 'alice'], printed: '1 subject reset, 1 unblocked.', left: 5 },
      { args: ['reset', '--ip', ADDRESS, '--username', 'bob'], printed: 'Nothing to reset.', code: 1, left: 6 },
      {
        args: ['reset', '--ip', ADDRESS, '--username', 'bob', '--match', 'any'],
        printed: '4 subjects reset, 1 unblocked.',
        left: 2,
      },
      {
        args: ['reset', '--ip', ADDRESS, '--username', 'alice', '--match', 'any'],
        printed: '3 subjects reset, 2 unblocked.',
        left: 3,
      },
      {
        args: ['reset', '--ip', ADDRESS, '--username', 'alice', '--match', 'all'],
        printed: '1 subject reset, 1 unblocked.',
        left: 5,
      },
      { args: ['reset', '--username', 'alice', '--match', 'any'], printed: '2 subjects reset, 2 unblocked.', left: 4 },
      { args: ['reset', '--username', 'alice', '--json'], printed: '{"reset":2,"unblocked":2}', left: 4 },
    ];
    for (const { args, printed, code = 0, left } of CASES) {
      it(`prints the result of ${args.join(' ')}: ${printed}`, async () => {
        expect(await site().run(...args)).to.deep.equal({ code, stdout: `${printed}\n`, stderr: '' });
        expect(await site().keys()).to.have.length(left);
      });
    }
  });

  describe('attempt log commands', () => {
    beforeEach(async () => {
      const days = (age: number, outcome: 'failed' | 'succeeded') => pending({ outcome }, age * 86_400_000);
      const entries = [days(40, 'failed'), days(35, 'succeeded'), days(10, 'failed'), days(1, 'failed')];
      await site()
        .database.store()
        .attemptLog.append(entries, 365 * 86_400_000);
    });

    const CASES: readonly { args: readonly string[]; printed: string; left: number }[] = [
      { args: ['remove-attempts'], printed: '2 log entries removed.', left: 2 },
      { args: ['remove-attempts', '--older-than', '5d'], printed: '3 log entries removed.', left: 1 },
      { args: ['remove-attempts', '--older-than', 'P37D'], printed: '1 log entry removed.', left: 3 },
      { args: ['remove-attempts', '--older-than', '50d'], printed: 'No log entries to remove.', left: 4 },
      { args: ['remove-attempts', '--all', '--yes'], printed: '4 log entries removed.', left: 0 },
      { args: ['remove-attempts', '--json'], printed: '{"removed":2}', left: 2 },
      { args: ['remove-attempts', '--outcome', 'failed'], printed: '1 log entry removed.', left: 3 },
      {
        args: ['remove-attempts', '--outcome', 'failed', '--older-than', '5d'],
        printed: '2 log entries removed.',
        left: 2,
      },
      {
        args: ['remove-attempts', '--outcome', 'failed', '--all', '--yes'],
        printed: '3 log entries removed.',
        left: 1,
      },
      { args: ['cleanup'], printed: '0 subjects and 0 log entries removed.', left: 4 },
      { args: ['cleanup', '--json'], printed: '{"subjects":0,"attempts":0}', left: 4 },
    ];
    for (const { args, printed, left } of CASES) {
      it(`print the result of ${args.join(' ')}: ${printed}`, async () => {
        expect(await site().run(...args)).to.deep.equal(found(printed));
        expect((await site().lockout.attempts()).items).to.have.length(left);
      });
    }

    const REFUSED: readonly { args: readonly string[]; what: string }[] = [
      { args: ['remove-attempts', '--all'], what: 'all entries' },
      { args: ['remove-attempts', '--all', '--outcome', 'failed'], what: 'all failed entries' },
      { args: ['reset-logs', '--age', '0'], what: 'all entries' },
      { args: ['reset-failure-logs', '--all'], what: 'all failed entries' },
    ];
    for (const { args, what } of REFUSED) {
      it(`remove nothing by ${args.join(' ')} without --yes`, async () => {
        expect(await site().run(...args)).to.deep.equal({
          code: 2,
          stdout: '',
          stderr: `passport-lockout: this removes ${what} of the attempt log; add --yes if that is what you want\n`,
        });
        expect((await site().lockout.attempts()).items).to.have.length(4);
      });
    }
  });

  it('erase leaves no data of one user or several', async () => {
    await site().fail('alice', 2);
    await site().fail('bob');
    await site().fail('carol');
    expect(await site().run('erase', 'alice')).to.deep.equal(found('2 subjects and 2 log entries erased.'));
    expect(await site().run('erase', 'alice')).to.deep.equal(nothing('Nothing found.'));
    expect(await site().run('erase', 'bob', 'carol', '--json')).to.deep.equal(found('{"subjects":4,"attempts":2}'));
    expect(await site().keys()).to.deep.equal([`ip=${ADDRESS}`]);
  });

  describe('--dry-run', () => {
    const DAY_MS = 86_400_000;
    beforeEach(async () => {
      await site().fail('alice', 3);
      await site().fail('bob', 1, '192.0.2.1');
      const { attemptLog } = site().database.store();
      await attemptLog.append([pending({ username: 'dave' }, 40 * DAY_MS)], 365 * DAY_MS);
    });

    const ALICE = `ip=${ADDRESS}&username=alice, username=alice`;
    const CASES: readonly { args: readonly string[]; printed: string; code?: number }[] = [
      {
        args: ['reset', '--username', 'Alice', ' alice '],
        printed: `Dry run: 2 subjects to reset, 2 of them locked (${ALICE}). Nothing was changed.`,
      },
      {
        args: ['reset', '--ip', ADDRESS, '--username', 'alice'],
        printed: `Dry run: 1 subject to reset, 1 of them locked (ip=${ADDRESS}&username=alice). Nothing was changed.`,
      },
      { args: ['reset', '--username', 'nobody'], printed: 'Dry run: nothing to do.', code: 1 },
      { args: ['reset', '--ip', ADDRESS, '--json'], printed: '{"reset":2,"unblocked":1,"dryRun":true}' },
      {
        args: ['reset', '--ip', ADDRESS, '--username', 'alice', '--match', 'any', '--json'],
        printed: '{"reset":3,"unblocked":2,"dryRun":true}',
      },
      { args: ['reset', '--json'], printed: '{"reset":6,"unblocked":2,"dryRun":true}' },
      {
        args: ['reset-username', 'alice'],
        printed: `Dry run: 2 subjects to reset, 2 of them locked (${ALICE}). Nothing was changed.`,
      },
      {
        args: ['erase', 'alice', 'ALICE'],
        printed: `Dry run: 2 subjects and 3 log entries to erase (${ALICE}). Nothing was changed.`,
      },
      { args: ['erase', 'nobody'], printed: 'Dry run: nothing to do.', code: 1 },
      { args: ['erase', 'bob', '--json'], printed: '{"subjects":2,"attempts":1,"dryRun":true}' },
      { args: ['remove-attempts'], printed: 'Dry run: 1 log entry to remove. Nothing was changed.' },
      { args: ['remove-attempts', '--all'], printed: 'Dry run: 5 log entries to remove. Nothing was changed.' },
      { args: ['remove-attempts', '--outcome', 'succeeded'], printed: 'Dry run: nothing to do.' },
      { args: ['reset-logs', '--age', '50'], printed: 'Dry run: nothing to do.' },
      { args: ['cleanup'], printed: 'Dry run: nothing to do.' },
      { args: ['cleanup', '--json'], printed: '{"subjects":0,"attempts":0,"dryRun":true}' },
    ];
    for (const { args, printed, code = 0 } of CASES) {
      it(`shows what ${args.join(' ')} would remove, and changes nothing`, async () => {
        const before = [await site().keys(), (await site().lockout.attempts()).items.length];
        expect(await site().run(...args, '--dry-run')).to.deep.equal({ code, stdout: `${printed}\n`, stderr: '' });
        expect([await site().keys(), (await site().lockout.attempts()).items.length]).to.deep.equal(before);
      });
    }

    it('makes reset name the first of many subjects and the number of others', async () => {
      await site().database.clear();
      await site().run('block', '198.51.100.0/28', '--for', '1h');
      const { stdout } = await site().run('reset', '--dry-run');
      expect(stdout).to.match(
        /^Dry run: 16 subjects to reset, 16 of them locked \(ip=198\.51\.100\.0, .*, and 6 more\)\./,
      );
    });

    it('includes expired records that are still stored, as the removal does', async () => {
      const { lockouts, attempts } = { lockouts: 'lockouts', attempts: 'lockout_attempts' };
      const over = new Date(Date.now() - DAY_MS);
      const { connection } = site().database;
      await connection
        .collection(lockouts)
        .updateOne({ _id: 'username=bob' as never }, [
          { $set: { forgetAt: over, expiresAt: over, lastFailureAt: over } },
        ]);
      await connection.collection(attempts).updateOne({ username: 'bob' }, { $set: { expiresAt: over } });
      const dryRun = (await site().run('cleanup', '--dry-run', '--json')).stdout;
      const removed = (await site().run('cleanup', '--json')).stdout;
      expect({ ...JSON.parse(dryRun) }).to.deep.equal({ ...JSON.parse(removed), dryRun: true });
      expect(JSON.parse(removed)).to.deep.equal({ subjects: 1, attempts: 1 });
    });
  });

  it('prints nothing with --quiet and only sets the exit code', async () => {
    await site().fail('alice', 3);
    expect(await site().run('reset', '--username', 'alice', '--quiet')).to.deep.equal(found());
    expect(await site().run('-q', 'reset', '--username', 'alice')).to.deep.equal(nothing());
    expect(await site().run('remove-attempts', '--all', '--yes', '--quiet')).to.deep.equal(found());
  });
});
