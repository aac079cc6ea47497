/** What the commands print for one subject or several: their status, blocked and unblocked. */
import { expect } from 'chai';
import { Lockout } from '../../lib/index.js';
import { PATIENT } from '../support/stores/patient.js';
import { ADDRESS, AT, describeCommand, found, nothing } from './command-site.js';

describeCommand((site) => {
  describe('status', () => {
    it('shows all that is known, with the last attempts', async () => {
      await site().fail('alice', 3);
      const { code, stdout } = await site().run('status', 'alice');
      expect(code).to.equal(0);
      const rows = Object.fromEntries(
        stdout
          .split('\n\n')[0]
          ?.split('\n')
          .map((line) => line.split('\t')) ?? [],
      );
      expect({ ...rows, 'time left': '' }).to.deep.equal({
        subject: 'username=alice',
        locked: 'until TIME',
        'time left': '',
        cause: 'tier',
        tier: '0',
        limit: '3',
        reason: '-',
        by: '-',
        failures: '3',
        verifying: '0',
        'first failure': 'TIME',
        'last failure': 'TIME',
        'refused by': 'username=alice',
      });
      expect(rows['time left']).to.match(/^1[45] minutes/);
      expect(stdout.split('\n\n')[1]).to.equal(
        [
          `TIME\tfailed\talice\t${ADDRESS}\t-\tusername\t-\n`,
          `TIME\tfailed\talice\t${ADDRESS}\t-\t-\t-\n`.repeat(2),
        ].join(''),
      );
    });

    it('shows failures that are kept only for a hard stop', async () => {
      const stopping = new Lockout({
        ...PATIENT,
        store: site().database.store(),
        attemptLog: 'off',
        forgetAfter: { milliseconds: 1 },
        hardStop: { failures: 100 },
      });
      await stopping.protect({ username: 'alice', ip: ADDRESS }, () => false);
      const { code, stdout } = await site().run('status', 'alice');
      expect(code).to.equal(0);
      expect(stdout).to.include('\nfailures\t0\nconsecutive failures\t1\n');
    });

    it('reports that nothing is known', async () => {
      expect(await site().run('status', 'nobody')).to.deep.equal(nothing('Nothing is known of username=nobody.'));
      expect(await site().run('status', ADDRESS)).to.deep.equal(nothing(`Nothing is known of ip=${ADDRESS}.`));
    });

    it('accepts a subject as list prints it', async () => {
      await site().fail('a & b = 100%\\\n');
      const { stdout } = await site().run('list', '--all', '--dimension', 'ip+username');
      const [key = ''] = stdout.split('\t');
      expect(key).to.equal(`ip=${ADDRESS}&username=a %26 b %3D 100%25\\`);
      expect((await site().run('status', key)).code).to.equal(0);
    });

    it('prints everything as JSON', async () => {
      await site().lockout.block({ ip: ADDRESS }, { for: 'forever', reason: 'scanner', by: 'carol' });
      const { stdout } = await site().run('status', ADDRESS, '--json');
      const { refusedBy, ...status } = JSON.parse(stdout);
      expect(refusedBy).to.have.length(1);
      expect(status).to.deep.equal({
        dimension: 'ip',
        parts: { ip: ADDRESS },
        key: `ip=${ADDRESS}`,
        locked: true,
        failures: 0,
        places: 0,
        takenBack: 0,
        consecutiveFailures: 0,
        verifying: 0,
        lockedUntil: null,
        remaining: null,
        cause: 'operator',
        tier: null,
        limit: null,
        reason: 'scanner',
        by: 'carol',
        firstFailureAt: null,
        lastFailureAt: null,
        attempts: [],
      });
    });
  });

  describe('block and unblock', () => {
    it('lock and free a username and an address, and keep who did it and why', async () => {
      const args = ['--for', 'forever', '--reason', 'ticket 7', '--by', 'carol'];
      expect(await site().run('block', 'Alice', ADDRESS, ...args)).to.deep.equal(
        found('2 subjects locked until reset.'),
      );
      expect(await site().lockout.status({ username: 'alice' })).to.include({
        locked: true,
        reason: 'ticket 7',
        by: 'carol',
      });
      expect(await site().run('unblock', 'alice')).to.deep.equal(found('1 subject unblocked.'));
      expect(await site().run('unblock', 'alice')).to.deep.equal(nothing('No locked subjects found.'));
      expect(await site().run('unblock', ADDRESS, '--json')).to.deep.equal(found('{"unblocked":1}'));
    });

    it('accept a short duration, an ISO 8601 duration, and a date', async () => {
      for (const [duration, minutes] of [
        ['15m', 15],
        ['PT2H', 120],
        ['1d', 1_440],
      ] as const) {
        expect(await site().run('block', 'alice', '--for', duration)).to.deep.equal(
          found('1 subject locked until TIME.'),
        );
        const { remaining } = await site().lockout.status({ username: 'alice' });
        expect(remaining?.as('minutes')).to.be.within(minutes - 1, minutes);
      }
      const { stdout } = await site().cli.run(['block', 'alice', '--until', '2099-12-24T18:00:00Z', '--json']);
      expect(JSON.parse(stdout)).to.include({ locked: 1 });
      expect(JSON.parse(stdout).lockedUntil).to.match(/^2099-12-24T1[78]:/);
    });

    it('name the user of the system if no other is given', async () => {
      await site().run('block', 'alice', '--for', '1h');
      expect((await site().lockout.status({ username: 'alice' })).by).to.match(/^\S+$/);
    });

    it('accept a CIDR range as each of its addresses, and an IPv6 range as each of its /64 networks', async () => {
      expect(await site().run('block', '198.51.100.77/30', '--for', '1h')).to.deep.equal(
        found('4 subjects locked until TIME.'),
      );
      expect(await site().keys()).to.deep.equal(['76', '77', '78', '79'].map((last) => `ip=198.51.100.${last}`));
      expect(await site().run('unblock', '198.51.100.76/31')).to.deep.equal(found('2 subjects unblocked.'));
      await site().run('unblock', '198.51.100.76/30');
      await site().run('block', '2001:db8::/63', '2001:db8:1::7/80', '--for', '1h');
      expect(await site().keys()).to.deep.equal(['ip=2001:db8:0:1::/64', 'ip=2001:db8:1::/64', 'ip=2001:db8::/64']);
    });

    it('accept a list on standard input', async () => {
      const input = `# scanners\n${ADDRESS}\r\n\n  2001:db8::/64  \nusername=mallory\n`;
      const args = ['block', '-', '--for', '1h'];
      expect((await site().cli.run(args, { input })).stdout.replace(AT, 'TIME')).to.equal(
        '3 subjects locked until TIME.\n',
      );
      expect(await site().keys()).to.deep.equal(['ip=2001:db8::/64', `ip=${ADDRESS}`, 'username=mallory']);
      expect((await site().cli.run(['unblock', '-'], { input })).stdout).to.equal('3 subjects unblocked.\n');
      expect((await site().cli.run(args, { input: '' })).stdout).to.equal('0 subjects locked.\n');
    });

    it('accept a combination', async () => {
      expect((await site().run('block', `ip=${ADDRESS}&username=alice`, '--for', '1h')).code).to.equal(0);
      expect(await site().keys()).to.deep.equal([`ip=${ADDRESS}&username=alice`]);
    });
  });
});
