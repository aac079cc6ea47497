/** What each command prints, and how it ends, on a real server. */
import { expect } from 'chai';
import { Lockout } from '../../lib/index.js';
import { pending } from '../support/fixtures/attempt-entries.js';
import { describeMongo } from '../support/servers/mongo-server/describe-mongo.js';
import { MongoDatabase } from '../support/stores/mongo-database.js';
import { Cli, type CliResult } from '../support/tools/cli.js';

const ADDRESS = '203.0.113.9';
const AT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

describeMongo('the command', function () {
  this.timeout(60_000);

  let database: MongoDatabase;
  let lockout: Lockout;
  let cli: Cli;

  before(async () => {
    database = await MongoDatabase.create();
    cli = new Cli({ MONGODB_URI: database.uri });
    lockout = new Lockout({
      store: database.store(),
      audit: 'await',
      // The records are removed behind its back.
      lockCacheTtl: { seconds: 0 },
      dimensions: ['username', 'ip', ['ip', 'username']],
    });
  });
  beforeEach(() => database.clear());
  after(async () => {
    await lockout.close();
    await database.drop();
  });

  async function fail(username: string, times = 1, ip = ADDRESS): Promise<void> {
    for (let index = 0; index < times; index += 1)
      await lockout.protect({ username, ip, strategy: 'local' }, () => false);
  }

  const succeeded = (...lines: string[]): CliResult => ({
    code: 0,
    stdout: lines.map((line) => `${line}\n`).join(''),
    stderr: '',
  });
  const found = (...lines: string[]): CliResult => ({ ...succeeded(...lines), code: 0 });
  const nothing = (...lines: string[]): CliResult => ({ ...succeeded(...lines), code: 1 });
  const run = async (...args: string[]) => {
    const result = await cli.run(args);
    return { ...result, stdout: result.stdout.replace(AT, 'TIME') };
  };
  const keys = async () => (await lockout.list({ locked: false })).items.map(({ key }) => key);

  it('list-attempts shows address, username and failures of each subject', async () => {
    await fail('alice', 2);
    await lockout.block({ username: 'bob' }, { for: 'forever' });
    expect(await run('list-attempts')).to.deep.equal(found(`${ADDRESS}\t\t2`, `${ADDRESS}\talice\t2`, '\talice\t2'));
    expect(await run('list-attempts', '--json')).to.deep.equal(
      found(
        `{"ip":"${ADDRESS}","username":"","failures":2}`,
        `{"ip":"${ADDRESS}","username":"alice","failures":2}`,
        '{"ip":"","username":"alice","failures":2}',
      ),
    );
  });

  it('list-attempts shows nothing where there is nothing', async () => {
    expect(await run('list-attempts')).to.deep.equal(found());
  });

  describe('reset', () => {
    it('clears everybody', async () => {
      await fail('alice', 3);
      expect(await run('reset', '--yes')).to.deep.equal(found('3 attempts removed.'));
      expect(await keys()).to.deep.equal([]);
      expect(await run('reset', '--yes')).to.deep.equal(found('No attempts found.'));
      expect(await run('reset', '--yes', '--json')).to.deep.equal(found('{"cleared":0,"unblocked":0}'));
    });

    it('does so only when it is told to', async () => {
      await fail('alice');
      expect(await run('reset')).to.deep.equal({
        code: 2,
        stdout: '',
        stderr:
          'passport-lockout: this clears the failures and locks of everybody; add --yes if that is what you want\n',
      });
      expect(await keys()).to.have.length(3);
    });
  });

  describe('reset of some', () => {
    beforeEach(async () => {
      await fail('alice', 3);
      await fail('bob', 1, '192.0.2.1');
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
      { args: ['reset-username', 'alice', '--json'], printed: '{"cleared":2,"unblocked":2}', left: 4 },
    ];
    for (const { args, printed, code = 0, left } of CASES) {
      it(`${args.join(' ')} prints ${printed}`, async () => {
        expect(await run(...args)).to.deep.equal({ code, stdout: `${printed}\n`, stderr: '' });
        expect(await keys()).to.have.length(left);
      });
    }
  });

  describe('of the access log', () => {
    beforeEach(async () => {
      const days = (age: number, outcome: 'failed' | 'succeeded') => pending({ outcome }, age * 86_400_000);
      const entries = [days(40, 'failed'), days(35, 'succeeded'), days(10, 'failed'), days(1, 'failed')];
      await database.store().attempts.append(entries, 365 * 86_400_000);
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
        expect(await run(...args)).to.deep.equal(found(printed));
        expect((await lockout.attempts()).items).to.have.length(left);
      });
    }

    for (const args of [
      ['reset-logs', '--all'],
      ['reset-logs', '--age', '0'],
      ['reset-failure-logs', '--all'],
    ]) {
      it(`${args.join(' ')} removes nothing without --yes`, async () => {
        const { code, stderr } = await run(...args);
        expect(code).to.equal(2);
        expect(stderr).to.match(
          /^passport-lockout: this removes all .* of the access log; add --yes if that is what you want\n$/,
        );
        expect((await lockout.attempts()).items).to.have.length(4);
      });
    }
  });

  describe('status', () => {
    it('tells all that is known, with the last attempts', async () => {
      await fail('alice', 3);
      const { code, stdout } = await run('status', 'alice');
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
        tier: '0',
        reason: '-',
        by: '-',
        failures: '3',
        verifying: '0',
        'first failure': 'TIME',
        'last failure': 'TIME',
      });
      expect(rows['time left']).to.match(/^1[45] minutes/);
      expect(stdout.split('\n\n')[1]).to.equal(`TIME\tfailed\talice\t${ADDRESS}\t-\t-\n`.repeat(3));
    });

    it('tells of failures that are kept for a hard stop only', async () => {
      const stopping = new Lockout({
        store: database.store(),
        audit: 'off',
        forgetAfter: { milliseconds: 1 },
        hardStop: { failures: 100 },
      });
      await stopping.protect({ username: 'alice', ip: ADDRESS }, () => false);
      const { code, stdout } = await run('status', 'alice');
      expect(code).to.equal(0);
      expect(stdout).to.include('\nfailures\t0\nconsecutive failures\t1\n');
    });

    it('says so where nothing is known', async () => {
      expect(await run('status', 'nobody')).to.deep.equal(nothing('Nothing is known of username=nobody.'));
      expect(await run('status', ADDRESS)).to.deep.equal(nothing(`Nothing is known of ip=${ADDRESS}.`));
    });

    it('takes a subject as list prints it', async () => {
      await fail('a & b = 100%\\\n');
      const { stdout } = await run('list', '--all', '--dimension', 'ip+username');
      const [key = ''] = stdout.split('\t');
      expect(key).to.equal(`ip=${ADDRESS}&username=a %26 b %3D 100%25%5C`);
      expect((await run('status', key)).code).to.equal(0);
    });

    it('gives everything as JSON', async () => {
      await lockout.block({ ip: ADDRESS }, { for: 'forever', reason: 'scanner', by: 'carol' });
      const { stdout } = await run('status', ADDRESS, '--json');
      expect(JSON.parse(stdout)).to.deep.equal({
        dimension: 'ip',
        subject: { ip: ADDRESS },
        key: `ip=${ADDRESS}`,
        locked: true,
        failures: 0,
        places: 0,
        takenBack: 0,
        consecutiveFailures: 0,
        verifying: 0,
        lockedUntil: null,
        retryAfter: null,
        tier: null,
        reason: 'scanner',
        by: 'carol',
        firstFailureAt: null,
        lastFailureAt: null,
        attempts: [],
      });
    });
  });

  it('list shows what is locked, everything, or a part of it', async () => {
    await fail('alice', 3);
    await lockout.block({ ip: '192.0.2.7' }, { for: 'forever', reason: 'scanner', by: 'carol' });
    const pair = `ip=${ADDRESS}&username=alice\t3\tTIME\t0\t-\t-`;
    const alice = 'username=alice\t3\tTIME\t0\t-\t-';
    const scanner = 'ip=192.0.2.7\t0\treset\t-\tscanner\tcarol';
    expect(await run('list')).to.deep.equal(found(scanner, pair, alice));
    expect(await run('list', '--all')).to.deep.equal(found(scanner, `ip=${ADDRESS}\t3\t-\t-\t-\t-`, pair, alice));
    expect(await run('list', '--dimension', 'username')).to.deep.equal(found(alice));
    expect(await run('list', '--username', 'Alice')).to.deep.equal(found(pair, alice));
    expect(await run('list', '--ip', '192.0.2.7')).to.deep.equal(found(scanner));
    expect(await run('list', '--ip', '192.0.2.8')).to.deep.equal(nothing());
    const { stdout } = await run('list', '--json');
    expect(
      stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).key),
    ).to.have.length(3);
  });

  it('list goes through all pages', async () => {
    await cli.run(['block', '-', '--for', '1h'], {
      input: Array.from({ length: 1_200 }, (_, index) => `user ${index}\n`).join(''),
    });
    expect((await run('list')).stdout.split('\n')).to.have.length(1_201);
  });

  it('attempts shows the access log, newest first, or a part of it', async () => {
    await lockout.protect({ username: 'bob', ip: '192.0.2.1' }, () => true);
    await fail('alice', 1);
    const bob = 'TIME\tsucceeded\tbob\t192.0.2.1\t-\t-\t-\t-\t-';
    const alice = `TIME\tfailed\talice\t${ADDRESS}\t-\tlocal\t-\t-\t-`;
    expect(await run('attempts')).to.deep.equal(found(alice, bob));
    expect(await run('attempts', '--username', 'BOB')).to.deep.equal(found(bob));
    expect(await run('attempts', '--outcome', 'failed')).to.deep.equal(found(alice));
    expect(await run('attempts', '--ip', '192.0.2.1', '--since', '1h')).to.deep.equal(found(bob));
    expect(await run('attempts', '--since', '2999-01-01')).to.deep.equal(found());
    expect(await run('attempts', '--limit', '1')).to.deep.equal(found(alice));
    expect(await run('attempts', '--username', 'nobody')).to.deep.equal(nothing());
    const { stdout } = await run('attempts', '--limit', '1', '--json');
    expect(JSON.parse(stdout)).to.include({ username: 'alice', outcome: 'failed', strategy: 'local' });
  });

  describe('block and unblock', () => {
    it('lock and free a username and an address, and keep who did it and why', async () => {
      const args = ['--for', 'forever', '--reason', 'ticket 7', '--by', 'carol'];
      expect(await run('block', 'Alice', ADDRESS, ...args)).to.deep.equal(found('2 subjects locked until reset.'));
      expect(await lockout.status({ username: 'alice' })).to.include({ locked: true, reason: 'ticket 7', by: 'carol' });
      expect(await run('unblock', 'alice')).to.deep.equal(found('1 subject unblocked.'));
      expect(await run('unblock', 'alice')).to.deep.equal(nothing('No locked subjects found.'));
      expect(await run('unblock', ADDRESS, '--json')).to.deep.equal(found('{"unblocked":1}'));
    });

    it('take a duration in short, in full, and a date', async () => {
      for (const [duration, minutes] of [
        ['15m', 15],
        ['PT2H', 120],
        ['1d', 1_440],
      ] as const) {
        expect(await run('block', 'alice', '--for', duration)).to.deep.equal(found('1 subject locked until TIME.'));
        const { retryAfter } = await lockout.status({ username: 'alice' });
        expect(retryAfter?.as('minutes')).to.be.within(minutes - 1, minutes);
      }
      const { stdout } = await cli.run(['block', 'alice', '--until', '2099-12-24T18:00:00Z', '--json']);
      expect(JSON.parse(stdout)).to.include({ locked: 1 });
      expect(JSON.parse(stdout).lockedUntil).to.match(/^2099-12-24T1[78]:/);
    });

    it('name the user of the system where nobody else is named', async () => {
      await run('block', 'alice', '--for', '1h');
      expect((await lockout.status({ username: 'alice' })).by).to.match(/^\S+$/);
    });

    it('take a CIDR range for each address in it, and an IPv6 one for each /64', async () => {
      expect(await run('block', '198.51.100.77/30', '--for', '1h')).to.deep.equal(
        found('4 subjects locked until TIME.'),
      );
      expect(await keys()).to.deep.equal(['76', '77', '78', '79'].map((last) => `ip=198.51.100.${last}`));
      expect(await run('unblock', '198.51.100.76/31')).to.deep.equal(found('2 subjects unblocked.'));
      await run('unblock', '198.51.100.76/30');
      await run('block', '2001:db8::/63', '2001:db8:1::7/80', '--for', '1h');
      expect(await keys()).to.deep.equal(['ip=2001:db8:0:1::/64', 'ip=2001:db8:1::/64', 'ip=2001:db8::/64']);
    });

    it('take a list on standard input', async () => {
      const input = `# scanners\n${ADDRESS}\r\n\n  2001:db8::/64  \nusername=mallory\n`;
      const args = ['block', '-', '--for', '1h'];
      expect((await cli.run(args, { input })).stdout.replace(AT, 'TIME')).to.equal('3 subjects locked until TIME.\n');
      expect(await keys()).to.deep.equal(['ip=2001:db8::/64', `ip=${ADDRESS}`, 'username=mallory']);
      expect((await cli.run(['unblock', '-'], { input })).stdout).to.equal('3 subjects unblocked.\n');
      expect((await cli.run(args, { input: '' })).stdout).to.equal('0 subjects locked.\n');
    });

    it('take a combination', async () => {
      expect((await run('block', `ip=${ADDRESS}&username=alice`, '--for', '1h')).code).to.equal(0);
      expect(await keys()).to.deep.equal([`ip=${ADDRESS}&username=alice`]);
    });
  });

  it('erase leaves nothing of one person or several', async () => {
    await fail('alice', 2);
    await fail('bob');
    await fail('carol');
    expect(await run('erase', 'alice')).to.deep.equal(found('2 subjects and 2 logs erased.'));
    expect(await run('erase', 'alice')).to.deep.equal(nothing('Nothing found.'));
    expect(await run('erase', 'bob', 'carol', '--json')).to.deep.equal(found('{"subjects":4,"attempts":2}'));
    expect(await keys()).to.deep.equal([`ip=${ADDRESS}`]);
  });

  it('doctor tells of server, sizes, indexes and clock, and what is wrong with them', async () => {
    const doctored = new Lockout({ store: database.store({ prefix: 'doctored_' }), audit: 'off' });
    await doctored.block({ username: 'alice' }, { for: 'forever' });
    const well = await run('doctor', '--prefix', 'doctored_');
    expect(well.stdout).to.match(
      /^server\t.+\nsubjects\t1\nlog entries\t0\nindexes\tall there\nclock skew\t-?\d+ ms\n$/,
    );
    expect(well).to.include({ code: 0, stderr: '' });
    await doctored.close();
  });

  it('simulate tells the guesses per year of a ladder, of a preset, and of all of them', async () => {
    expect(await run('simulate', '--tiers', '3:forever', '--forget-after', 'forever')).to.deep.equal(
      found('tiers\tusername\t3', 'tiers\tip\t3'),
    );
    expect((await run('simulate', '--preset', 'axes')).stdout).to.equal('axes\tip\t3\n');
    const { stdout } = await run('simulate', '--json');
    const policies = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line).policy);
    expect([...new Set(policies)]).to.deep.equal(['default', 'axes', 'defender', 'owasp', 'nist', 'pci']);
  });

  it('prints what strangers wrote harmlessly', async () => {
    const name = 'x\nusername=root\t\u001b[2J\u009b\u202e\u{e0041}\\';
    await fail(name, 3);
    const raw = new Lockout({ store: database.store(), canonicalUsername: String, audit: 'await' });
    await raw.protect({ username: name, ip: ADDRESS }, () => false);
    for (const args of [['list', '--all'], ['list-attempts'], ['attempts']]) {
      for (const json of [[], ['--json']]) {
        const { stdout } = await cli.run([...args, ...json]);
        const lines = stdout.split('\n').slice(0, -1);
        for (const line of lines) expect(line.replaceAll('\t', '')).to.match(/^[^\p{Cc}\p{Cf}]+$/u);
        if (json.length > 0) for (const line of lines) JSON.parse(line);
        else if (args[0] === 'list') for (const line of lines) expect(line.split('\t')).to.have.length(6);
      }
    }
    const { stdout } = await cli.run(['list-attempts']);
    expect(stdout).to.include('x\\nusername=root\\t\\u{1b}[2J\\u{9b}\\u{202e}\\u{e0041}\\\\\t1\n');
  });

  it('finds what a prefix hides from others', async () => {
    const prefixed = new Lockout({ store: database.store({ prefix: 'codes_' }) });
    await prefixed.block({ username: 'alice' }, { for: 'forever' });
    expect(await run('unblock', 'alice')).to.deep.equal(nothing('No locked subjects found.'));
    expect(await run('--prefix', 'codes_', 'unblock', 'alice')).to.deep.equal(found('1 subject unblocked.'));
    await prefixed.close();
  });

  it('finds pseudonyms by a secret from the environment', async () => {
    const pseudonymize = 'a secret of more than thirty-two characters';
    const hidden = new Lockout({ store: database.store(), pseudonymize });
    await hidden.block({ username: 'alice' }, { for: 'forever' });
    expect((await run('unblock', 'alice')).code).to.equal(1);
    const knowing = new Cli({ MONGODB_URI: database.uri, PASSPORT_LOCKOUT_PSEUDONYMIZE: pseudonymize });
    expect((await knowing.run(['unblock', 'alice'])).stdout).to.equal('1 subject unblocked.\n');
    await hidden.close();
  });
});
