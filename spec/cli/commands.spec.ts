/** What the commands print that show something, and how they end, on a real server. */
import { expect } from 'chai';
import { Lockout } from '../../lib/index.js';
import { PATIENT } from '../support/stores/patient.js';
import { Cli } from '../support/tools/cli.js';
import { ADDRESS, describeCommand, found, nothing } from './command-site.js';

describeCommand((site) => {
  it('list-attempts shows address, username and failures of each subject', async () => {
    await site().fail('alice', 2);
    await site().lockout.block({ username: 'bob' }, { for: 'forever' });
    expect(await site().run('list-attempts')).to.deep.equal(
      found(`${ADDRESS}\t\t2`, `${ADDRESS}\talice\t2`, '\talice\t2'),
    );
    expect(await site().run('list-attempts', '--json')).to.deep.equal(
      found(
        `{"ip":"${ADDRESS}","username":"","failures":2}`,
        `{"ip":"${ADDRESS}","username":"alice","failures":2}`,
        '{"ip":"","username":"alice","failures":2}',
      ),
    );
  });

  it('list-attempts shows nothing if there is nothing', async () => {
    expect(await site().run('list-attempts')).to.deep.equal(found());
  });

  it('list shows locked subjects, all subjects, or a selection', async () => {
    await site().fail('alice', 3);
    await site().lockout.block({ ip: '192.0.2.7' }, { for: 'forever', reason: 'scanner', by: 'carol' });
    const pair = `ip=${ADDRESS}&username=alice\t3\tTIME\ttier\t0\t-\t-`;
    const alice = 'username=alice\t3\tTIME\ttier\t0\t-\t-';
    const scanner = 'ip=192.0.2.7\t0\treset\toperator\t-\tscanner\tcarol';
    expect(await site().run('list')).to.deep.equal(found(scanner, pair, alice));
    expect(await site().run('list', '--all')).to.deep.equal(
      found(scanner, `ip=${ADDRESS}\t3\t-\t-\t-\t-\t-`, pair, alice),
    );
    expect(await site().run('list', '--dimension', 'username')).to.deep.equal(found(alice));
    expect(await site().run('list', '--username', 'Alice')).to.deep.equal(found(pair, alice));
    expect(await site().run('list', '--ip', '192.0.2.7')).to.deep.equal(found(scanner));
    expect(await site().run('list', '--ip', '192.0.2.8')).to.deep.equal(nothing());
    const { stdout } = await site().run('list', '--json');
    expect(
      stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).key),
    ).to.have.length(3);
  });

  it('list sorts by the end of the lock, or by key', async () => {
    for (const [username, duration] of [
      ['anna', 'forever'],
      ['bert', '2h'],
      ['carl', '1h'],
    ] as const)
      await site().lockout.block({ username }, { for: duration });
    const keysBy = async (order: string) =>
      (await site().run('list', '--order', order)).stdout.split('\n').map((line) => line.split('\t')[0]);
    expect(await keysBy('lockedUntil')).to.deep.equal(['username=carl', 'username=bert', 'username=anna', '']);
    expect(await keysBy('key')).to.deep.equal(['username=anna', 'username=bert', 'username=carl', '']);
  });

  it('list goes through all pages', async () => {
    await site().cli.run(['block', '-', '--for', '1h'], {
      input: Array.from({ length: 1_200 }, (_, index) => `user ${index}\n`).join(''),
    });
    expect((await site().run('list')).stdout.split('\n')).to.have.length(1_201);
  });

  it('activity shows what operators did, newest first, or what one of them did', async () => {
    await site().run('block', 'alice', '--for', '1h', '--by', 'carol', '--reason', 'scanner');
    await site().run('unblock', 'alice', '--by', 'dave', '--reason', 'ticket 4711');
    await site().run('reset', '--username', 'alice', '--by', 'dave');
    const rowsOf = async (...args: string[]) =>
      (await site().run('activity', ...args)).stdout
        .replace(/\t[0-9a-f]{24}\n/g, '\n')
        .split('\n')
        .slice(0, -1);

    expect(await rowsOf()).to.deep.equal([
      'TIME\treset\tusername=alice\treset 0, unblocked 0\tdave\t-',
      'TIME\tunblock\tusername=alice\tunblocked 1\tdave\tticket 4711',
      'TIME\tblock\tusername=alice\tlocked 1, seconds 3600\tcarol\tscanner',
    ]);
    expect(await rowsOf('--by', 'carol')).to.have.length(1);
    expect(await rowsOf('--limit', '2')).to.have.length(2);
    expect(await rowsOf('--since', '2999-01-01')).to.deep.equal([]);
    const [row] = (await site().cli.run(['activity', '--json'])).stdout.split('\n');
    expect(JSON.parse(String(row))).to.include({ action: 'reset', by: 'dave' });
  });

  it('undo sets locks again, once', async () => {
    await site().fail('alice', 3);
    await site().run('unblock', 'alice', '--by', 'dave');
    const [act] = (await site().lockout.activity({ action: 'unblock' })).items;
    const id = String(act?.id);

    expect(await site().run('undo', id)).to.deep.equal(found('1 subject locked again.'));
    expect((await site().lockout.status({ username: 'alice' })).locked).to.equal(true);
    expect(await site().run('undo', id)).to.deep.equal(nothing('Nothing to undo.'));
  });

  it('attempts --per shows counts, oldest first', async () => {
    await site().fail('alice', 4);
    const { stdout } = await site().run('attempts', '--per', 'hour');
    const rows = stdout.split('\n').slice(0, -1);
    expect(rows).to.have.length.within(24, 25);
    expect(rows.slice(-2)).to.include('TIME\t3\t1\t0\t1');
    const [row] = (await site().cli.run(['attempts', '--per', 'minute', '--json'])).stdout.split('\n');
    expect(JSON.parse(String(row))).to.have.keys('at', 'failed', 'refused', 'succeeded', 'locks');
    const refused = await site().run('attempts', '--per', 'hour', '--username', 'alice');
    expect(refused).to.include({ code: 2, stdout: '' });
  });

  it('attempts shows the attempt log, newest first, or a selection', async () => {
    await site().lockout.protect({ username: 'bob', ip: '192.0.2.1' }, () => true);
    await site().fail('alice', 1);
    const bob = 'TIME\tsucceeded\t1\tbob\t192.0.2.1\t-\t-\t-\t-\t-\t-';
    const alice = `TIME\tfailed\t1\talice\t${ADDRESS}\t-\t-\tlocal\t-\t-\t-`;
    expect(await site().run('attempts')).to.deep.equal(found(alice, bob));
    expect(await site().run('attempts', '--username', 'BOB')).to.deep.equal(found(bob));
    expect(await site().run('attempts', '--outcome', 'failed')).to.deep.equal(found(alice));
    expect(await site().run('attempts', '--ip', '192.0.2.1', '--since', '1h')).to.deep.equal(found(bob));
    expect(await site().run('attempts', '--since', '2999-01-01')).to.deep.equal(found());
    expect(await site().run('attempts', '--limit', '1')).to.deep.equal(found(alice));
    expect(await site().run('attempts', '--username', 'nobody')).to.deep.equal(nothing());
    const { stdout } = await site().run('attempts', '--limit', '1', '--json');
    expect(JSON.parse(stdout)).to.include({ username: 'alice', outcome: 'failed', action: 'local' });
  });

  it('doctor shows server, sizes, indexes and clock, and what is wrong with them', async () => {
    const doctored = new Lockout({
      ...PATIENT,
      store: site().database.store({ prefix: 'doctored_' }),
      attemptLog: 'off',
    });
    await doctored.block({ username: 'alice' }, { for: 'forever' });
    const well = await site().run('doctor', '--prefix', 'doctored_');
    expect(well.stdout).to.match(
      /^server\t.+\nsubjects\t1\nlog entries\t0\nindexes\tcomplete\nclock skew\t-?\d+ ms\n$/,
    );
    expect(well).to.include({ code: 0, stderr: '' });
    await doctored.close();
  });

  it('simulate shows the guesses per year of a ladder, of a preset, and of all presets', async () => {
    expect(await site().run('simulate', '--tiers', '3:forever', '--forget-after', 'forever')).to.deep.equal(
      found('tiers\tusername\t3\t1828', 'tiers\tip\t464\t-'),
    );
    expect((await site().run('simulate', '--preset', 'axes')).stdout).to.equal('axes\tip\t3\t-\n');
    const { stdout } = await site().run('simulate', '--json');
    const policies = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line).policy);
    expect([...new Set(policies)]).to.deep.equal(['default', 'axes', 'defender', 'owasp', 'nist', 'pci']);
  });

  it('escapes what strangers wrote', async () => {
    const name = 'x\nusername=root\t\u001b[2J\u009b\u202e\u{e0041}\\';
    await site().fail(name, 3);
    const raw = new Lockout({
      ...PATIENT,
      store: site().database.store(),
      canonicalUsername: String,
      attemptLog: 'await',
    });
    await raw.protect({ username: name, ip: ADDRESS }, () => false);
    for (const args of [['list', '--all'], ['list-attempts'], ['attempts']]) {
      for (const json of [[], ['--json']]) {
        const { stdout } = await site().cli.run([...args, ...json]);
        const lines = stdout.split('\n').slice(0, -1);
        for (const line of lines) expect(line.replaceAll('\t', '')).to.match(/^[^\p{Cc}\p{Cf}]+$/u);
        if (json.length > 0) for (const line of lines) JSON.parse(line);
        else if (args[0] === 'list') for (const line of lines) expect(line.split('\t')).to.have.length(7);
      }
    }
    const { stdout } = await site().cli.run(['list-attempts']);
    expect(stdout).to.include('x\\u{a}username=root\\u{9}\\u{1b}[2J\\u{9b}\\u{202e}\\u{e0041}\\\t1\n');
  });

  it('uses only the collections with the given prefix', async () => {
    const prefixed = new Lockout({ ...PATIENT, store: site().database.store({ prefix: 'codes_' }) });
    await prefixed.block({ username: 'alice' }, { for: 'forever' });
    expect(await site().run('unblock', 'alice')).to.deep.equal(nothing('No locked subjects found.'));
    expect(await site().run('--prefix', 'codes_', 'unblock', 'alice')).to.deep.equal(found('1 subject unblocked.'));
    await prefixed.close();
  });

  it('finds pseudonyms by a secret from the environment', async () => {
    const pseudonymize = 'a secret of more than thirty-two characters';
    const hidden = new Lockout({ ...PATIENT, store: site().database.store(), pseudonymize });
    await hidden.block({ username: 'alice' }, { for: 'forever' });
    expect((await site().run('unblock', 'alice')).code).to.equal(1);
    const knowing = new Cli({ MONGODB_URI: site().database.uri, PASSPORT_LOCKOUT_PSEUDONYMIZE: pseudonymize });
    expect((await knowing.run(['unblock', 'alice'])).stdout).to.equal('1 subject unblocked.\n');
    await hidden.close();
  });
});
