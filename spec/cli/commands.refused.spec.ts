/** What `status` and `attempts` show about a user refused by something other than their own lock, and the command that frees it. */
import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { quoteWord, unblockCommand } from '../../lib/cli/shell-text.js';
import { Lockout } from '../../lib/index.js';
import { PATIENT } from '../support/stores/patient.js';
import { Cli } from '../support/tools/cli.js';
import { ADDRESS, describeCommand, found } from './command-site.js';

/** As a shell takes a line apart. */
function wordsOf(command: string): readonly string[] {
  const script = `set -- ${command}; for word; do printf '%s\\0' "$word"; done`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0').slice(0, -1);
}

const HOSTILE = [
  "o'neil",
  '$(touch /tmp/x)',
  '`id`',
  'a; reboot',
  'a && b | c > d',
  '"quoted" \\ name',
  '-rf',
  '--app=evil.js',
  'a\nb',
  '!history',
  '~root',
  '*',
  'Zoë 🔑',
  '',
];

describe('unblockCommand', () => {
  for (const name of HOSTILE) {
    it(`X40 quotes any name as one word for the shell: ${JSON.stringify(name)}`, () => {
      expect(wordsOf(quoteWord(name))).to.deep.equal([name]);
    });
  }

  it('X40 targets the same lockout, and never shows credentials', () => {
    expect(unblockCommand('ip=203.0.113.9', { app: './my app.js' })).to.equal(
      "passport-lockout unblock ip=203.0.113.9 --app './my app.js'",
    );
    expect(unblockCommand('username=a', { mongo: 'mongodb://u:p@h/db', prefix: 'x_' })).to.equal(
      "passport-lockout unblock username=a --mongo 'mongodb://***@h/db' --prefix x_",
    );
    expect(unblockCommand('username=a', { redis: 'redis://u:p@h/0', prefix: '{x}:' })).to.equal(
      "passport-lockout unblock username=a --redis 'redis://***@h/0' --prefix '{x}:'",
    );
  });
});

describeCommand((site) => {
  /** The commands that are printed for a subject, as words without the first. */
  async function commandsFor(subject: string, cli: Cli = site().cli): Promise<readonly (readonly string[])[]> {
    const { stdout } = await cli.run(['status', subject]);
    const refusals = stdout.split('\n').filter((line) => line.startsWith('refused by\t'));
    return refusals.map((line) => wordsOf(line.split('\t')[3] as string).slice(1));
  }

  it('X40 status shows what refuses a user that is not locked, and the command that frees it', async () => {
    await site().lockout.block({ ip: ADDRESS }, { for: { hours: 1 } });
    await site().fail('alice');

    expect(await site().run('status', 'alice')).to.deep.equal(
      found(
        'Nothing is known of username=alice.',
        `refused by\tip=${ADDRESS}\tuntil TIME\tpassport-lockout unblock ip=${ADDRESS}`,
        '',
        `TIME\trefused\talice\t${ADDRESS}\tlocked\tip\t-`,
      ),
    );
    const [command = []] = await commandsFor('alice');
    expect(await site().run(...command)).to.deep.equal(found('1 subject unblocked.'));
    expect((await site().run('status', 'alice')).code).to.equal(1);
  });

  it('X40 status shows each of several reasons with its own command', async () => {
    await site().fail('alice', 3);
    await site().lockout.block({ ip: ADDRESS }, { for: 'forever' });

    const commands = await commandsFor('alice');
    expect(commands).to.have.deep.members([
      ['unblock', 'username=alice'],
      ['unblock', `ip=${ADDRESS}`],
      ['unblock', `ip=${ADDRESS}&username=alice`],
    ]);
    for (const command of commands) expect((await site().run(...command)).stdout).to.equal('1 subject unblocked.\n');
    expect(await commandsFor('alice')).to.deep.equal([]);
  });

  it('X40 status shows these reasons as JSON', async () => {
    await site().lockout.block({ ip: ADDRESS }, { for: 'forever', by: 'carol' });
    await site().fail('alice');

    const { code, stdout } = await site().run('status', 'alice', '--json');
    const [office, ...others] = JSON.parse(stdout).refusedBy;
    expect(code).to.equal(0);
    expect(office).to.deep.include({
      key: `ip=${ADDRESS}`,
      lockedUntil: null,
      by: 'carol',
      command: `passport-lockout unblock ip=${ADDRESS}`,
    });
    expect(others).to.deep.equal([]);
  });

  it('X40 attempts shows which dimension refused, and which one a failure locked', async () => {
    // From elsewhere, so that the name alone is locked.
    await site().fail('alice', 1, '198.51.100.4');
    await site().fail('alice', 3);
    const { stdout } = await site().run('attempts', '--username', 'alice', '--limit', '3');
    expect(stdout.split('\n').map((line) => line.split('\t').slice(1, 7).join(' '))).to.deep.equal([
      `refused 1 alice ${ADDRESS} locked username`,
      `failed 1 alice ${ADDRESS} - username`,
      `failed 1 alice ${ADDRESS} - -`,
      '',
    ]);
  });

  it('X40 frees a pseudonymized subject by the command that it printed', async () => {
    const secret = 'a secret of more than thirty-two characters';
    const hidden = new Lockout({
      ...PATIENT,
      store: site().database.store(),
      attemptLog: 'await',
      pseudonymize: secret,
    });
    await hidden.block({ ip: ADDRESS }, { for: 'forever' });
    await hidden.protect({ username: 'alice', ip: ADDRESS }, () => true);
    const cli = new Cli({ MONGODB_URI: site().database.uri, PASSPORT_LOCKOUT_PSEUDONYMIZE: secret });

    const [command = []] = await commandsFor('alice', cli);
    expect(command[1]).to.match(/^ip=%hmac:[\w-]{43}$/);
    expect((await cli.run(command)).stdout).to.equal('1 subject unblocked.\n');
    expect((await hidden.status({ ip: ADDRESS })).locked).to.equal(false);
    await hidden.close();
  });

  it('X40 frees hostile names by the command that it printed', async () => {
    for (const name of HOSTILE.filter((text) => text !== '')) {
      await site().database.clear();
      await site().lockout.block({ username: name }, { for: 'forever' });
      await site().lockout.protect({ username: name, ip: ADDRESS }, () => true);

      const [command = []] = await commandsFor(ADDRESS);
      expect((await site().run(...command)).stdout, name).to.equal('1 subject unblocked.\n');
    }
  });
});
