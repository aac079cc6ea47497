/** Every command on records in Redis, by each client that an application may have. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createClient } from 'redis';
import { Lockout } from '../../lib/index.js';
import { RedisCluster } from '../support/servers/redis-cluster.js';
import { RedisServer } from '../support/servers/redis-server.js';
import { ClientFolder } from '../support/sites/client-folder.js';
import { PATIENT } from '../support/stores/patient.js';
import { RedisDatabase } from '../support/stores/redis-database.js';
import { SET_USER } from '../support/stores/redis-rights.js';
import { Cli, type CliResult } from '../support/tools/cli.js';
import { ADDRESS, AT, found, nothing } from './command-site.js';

const OTHER_ADDRESS = '192.0.2.1';
const PASSWORD = 'p@ss/word';
const NEEDED = '--redis and REDIS_URL need redis (node-redis) or ioredis, version 5 or later, where the command is run';

const CLIENTS = [
  { name: 'node-redis 6', packages: { redis: 'redis' } },
  { name: 'node-redis 5', packages: { redis: 'redis5' } },
  { name: 'ioredis 6', packages: { ioredis: 'ioredis' } },
  { name: 'ioredis 5', packages: { ioredis: 'ioredis5' } },
];

const APP = `
import { Lockout } from 'passport-lockout';
import { RedisStore } from 'passport-lockout/redis';
import { createClient } from 'redis';

const client = await createClient({ url: process.env.URL_OF_APP }).connect();
export const lockout = new Lockout({
  store: new RedisStore(client),
  attemptLog: 'off',
  canonicalUsername: (name) => String(name).split('@')[0],
});
`;

const withPassword = ({ url }: RedisServer) => url.replace('//', `//:${encodeURIComponent(PASSWORD)}@`);

describe('passport-lockout on Redis', function () {
  this.timeout(60_000);

  let database: RedisDatabase;
  let nodes: RedisCluster;
  /** Its only node. */
  let cluster: RedisServer;
  let lockout: Lockout;
  let cli: Cli;
  before(async () => {
    database = await RedisDatabase.create();
    nodes = await RedisCluster.start(1, PASSWORD);
    cluster = nodes.nodes[0] as RedisServer;
    cli = new Cli({ REDIS_URL: database.server.url });
    lockout = new Lockout({
      ...PATIENT,
      store: database.store(),
      attemptLog: 'await',
      lockCacheTtl: { seconds: 0 },
      dimensions: ['username', 'ip', ['ip', 'username']],
    });
  });
  beforeEach(() => database.clear());
  after(async () => {
    await database.drop();
    await nodes.stop();
  });

  async function fail(username: string, times = 1, ip = ADDRESS): Promise<void> {
    for (let index = 0; index < times; index += 1)
      await lockout.protect({ username, ip, action: 'local' }, () => false);
  }

  async function run(...args: string[]): Promise<CliResult> {
    const result = await cli.run(args);
    return { ...result, stdout: result.stdout.replace(AT, 'TIME') };
  }

  const keys = async () => (await lockout.list({ locked: false, order: 'key' })).items.map(({ key }) => key);

  it('list shows locked subjects, all subjects, or a selection, in either order', async () => {
    await fail('alice', 3);
    await lockout.block({ ip: OTHER_ADDRESS }, { for: 'forever', reason: 'scanner', by: 'carol' });
    const pair = `ip=${ADDRESS}&username=alice\t3\tTIME\ttier\t0\t-\t-`;
    const alice = 'username=alice\t3\tTIME\ttier\t0\t-\t-';
    const scanner = `ip=${OTHER_ADDRESS}\t0\treset\toperator\t-\tscanner\tcarol`;

    expect(await run('list')).to.deep.equal(found(pair, alice, scanner));
    expect(await run('list', '--order', 'key')).to.deep.equal(found(scanner, pair, alice));
    expect(await run('list', '--order', 'lockedUntil')).to.deep.equal(found(pair, alice, scanner));
    expect(await run('list', '--all', '--order', 'key')).to.deep.equal(
      found(scanner, `ip=${ADDRESS}\t3\t-\t-\t-\t-\t-`, pair, alice),
    );
    expect(await run('list', '--dimension', 'username')).to.deep.equal(found(alice));
    expect(await run('list', '--username', 'Alice')).to.deep.equal(found(pair, alice));
    expect(await run('list', '--ip', OTHER_ADDRESS)).to.deep.equal(found(scanner));
    expect(await run('list', '--ip', '192.0.2.8')).to.deep.equal(nothing());
  });

  it('list-attempts shows address, username and failures of each subject', async () => {
    await fail('alice', 2);
    const { code, stdout } = await run('list-attempts');
    expect(code).to.equal(0);
    expect(stdout.split('\n').slice(0, -1)).to.have.members([`${ADDRESS}\t\t2`, `${ADDRESS}\talice\t2`, '\talice\t2']);
  });

  it('list goes through all pages', async () => {
    await cli.run(['block', '-', '--for', '1h'], {
      input: Array.from({ length: 1_200 }, (_, index) => `user ${index}\n`).join(''),
    });
    expect((await run('list')).stdout.split('\n')).to.have.length(1_201);
  });

  it('status shows all that is known, and the command that frees what refuses', async () => {
    await fail('alice', 3);
    const { code, stdout } = await run('status', 'alice');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^subject\tusername=alice\nlocked\tuntil TIME\ntime left\t1[45] minutes/);
    expect(stdout).to.match(/\nrefused by\tusername=alice\tuntil TIME\tpassport-lockout unblock username=alice\n/);
    expect(await run('status', 'nobody')).to.deep.equal(nothing('Nothing is known of username=nobody.'));
  });

  it('status prints a command with the same --redis, and without its password', async () => {
    await lockout.block({ username: 'alice' }, { for: 'forever' });
    const { url } = database.server;
    const { stdout } = await cli.run(['status', 'alice', '--redis', url.replace('//', '//default:hunter2@')]);
    expect(stdout).to.include(`passport-lockout unblock username=alice --redis '${url.replace('//', '//***@')}'`);
  });

  it('block and unblock lock and free names, addresses and ranges', async () => {
    const args = ['--for', 'forever', '--reason', 'ticket 7', '--by', 'carol'];
    expect(await run('block', 'Alice', '198.51.100.76/30', ...args)).to.deep.equal(
      found('5 subjects locked until reset.'),
    );
    expect(await lockout.status({ username: 'alice' })).to.include({ locked: true, reason: 'ticket 7', by: 'carol' });
    expect(await run('unblock', 'alice', '198.51.100.76/31')).to.deep.equal(found('3 subjects unblocked.'));
    expect(await run('unblock', 'alice')).to.deep.equal(nothing('No locked subjects found.'));
    expect(await keys()).to.deep.equal(['ip=198.51.100.78', 'ip=198.51.100.79']);
  });

  describe('reset', () => {
    beforeEach(async () => {
      await fail('alice', 3);
      await fail('bob', 1, OTHER_ADDRESS);
    });

    const CASES: readonly { args: readonly string[]; printed: string; code?: number; left: number }[] = [
      { args: ['reset', '--username', 'Alice'], printed: '2 subjects reset, 2 unblocked.', left: 4 },
      { args: ['reset', '--username', 'alice', 'bob'], printed: '4 subjects reset, 2 unblocked.', left: 2 },
      { args: ['reset', '--username', 'nobody'], printed: 'Nothing to reset.', code: 1, left: 6 },
      { args: ['reset', '--username', '*'], printed: 'Nothing to reset.', code: 1, left: 6 },
      { args: ['reset', '--ip', ADDRESS, OTHER_ADDRESS], printed: '4 subjects reset, 1 unblocked.', left: 2 },
      { args: ['reset', '--ip', ADDRESS, '--username', 'alice'], printed: '1 subject reset, 1 unblocked.', left: 5 },
      { args: ['reset', '--ip', ADDRESS, '--username', 'bob'], printed: 'Nothing to reset.', code: 1, left: 6 },
      { args: ['reset', '--yes'], printed: '6 subjects reset, 2 unblocked.', left: 0 },
      { args: ['reset-ip', ADDRESS], printed: '2 subjects reset, 1 unblocked.', left: 4 },
      { args: ['reset-ip-username', ADDRESS, 'alice'], printed: '1 subject reset, 1 unblocked.', left: 5 },
      { args: ['reset', '--dry-run', '--json'], printed: '{"reset":6,"unblocked":2,"dryRun":true}', left: 6 },
    ];
    for (const { args, printed, code = 0, left } of CASES) {
      it(`prints the result of ${args.join(' ')}: ${printed}`, async () => {
        expect(await run(...args)).to.deep.equal({ code, stdout: `${printed}\n`, stderr: '' });
        expect(await keys()).to.have.length(left);
      });
    }

    it('of everybody asks first', async () => {
      expect(await run('reset')).to.include({ code: 2, stdout: '' });
      expect(await keys()).to.have.length(6);
    });
  });

  it('attempts shows the attempt log, newest first, or a selection', async () => {
    await lockout.protect({ username: 'bob', ip: OTHER_ADDRESS, action: 'local' }, () => true);
    await fail('alice');
    const bob = `TIME\tsucceeded\t1\tbob\t${OTHER_ADDRESS}\t-\t-\tlocal\t-\t-\t-`;
    const alice = `TIME\tfailed\t1\talice\t${ADDRESS}\t-\t-\tlocal\t-\t-\t-`;

    expect(await run('attempts')).to.deep.equal(found(alice, bob));
    expect(await run('attempts', '--username', 'BOB')).to.deep.equal(found(bob));
    expect(await run('attempts', '--outcome', 'failed', '--since', '1h')).to.deep.equal(found(alice));
    expect(await run('attempts', '--limit', '1')).to.deep.equal(found(alice));
    expect(await run('attempts', '--username', 'nobody')).to.deep.equal(nothing());
  });

  it('remove-attempts removes entries by age and outcome', async () => {
    await fail('alice', 2);
    expect(await run('remove-attempts')).to.deep.equal(found('No log entries to remove.'));
    expect(await run('remove-attempts', '--outcome', 'succeeded', '--all', '--yes')).to.deep.equal(
      found('No log entries to remove.'),
    );
    expect(await run('remove-attempts', '--all', '--yes')).to.deep.equal(found('2 log entries removed.'));
  });

  it('doctor shows the server and its sizes, and warns of one that saves nothing', async () => {
    await fail('alice');
    const { code, stdout } = await cli.run(['doctor']);
    expect(code).to.equal(1);
    expect(stdout).to.match(
      /^server\t(?:Redis|Valkey) .+\nsubjects\t3\nlog entries\t1\nindexes\tcomplete\nclock skew\t-?\d+ ms\n/,
    );
    expect(stdout).to.include('WARN_LOCKOUT_STORE_');
  });

  it('erase leaves no record of a user', async () => {
    await fail('alice', 2);
    await fail('bob');
    expect((await run('erase', 'alice', '--dry-run')).stdout).to.match(/^Dry run: 2 subjects and 2 log entries /);
    expect(await run('erase', 'alice')).to.deep.equal(found('2 subjects and 2 log entries erased.'));
    expect(await run('erase', 'alice')).to.deep.equal(nothing('Nothing found.'));
    expect(await keys()).to.deep.equal([`ip=${ADDRESS}`, `ip=${ADDRESS}&username=bob`, 'username=bob']);
  });

  it('cleanup removes nothing that counts', async () => {
    await fail('alice', 3);
    expect(await run('cleanup')).to.deep.equal(found('0 subjects and 0 log entries removed.'));
    expect(await keys()).to.have.length(3);
  });

  it('devices and revoke-devices show and revoke the devices of users', async () => {
    expect(await run('devices', 'alice')).to.deep.equal(nothing('Nothing is stored about the known devices of alice.'));
    expect(await run('revoke-devices', 'alice', 'Alice', 'bob')).to.deep.equal(found('Devices of 2 users revoked.'));
    expect(await run('devices', 'bob')).to.deep.equal(found('revoked\tTIME'));
  });

  it('works only on the keys with the given prefix, which has a hash tag', async () => {
    const prefixed = new Lockout({ ...PATIENT, store: database.store({ prefix: '{codes}:' }), attemptLog: 'off' });
    await prefixed.block({ username: 'alice' }, { for: 'forever' });
    expect(await run('unblock', 'alice')).to.deep.equal(nothing('No locked subjects found.'));
    expect(await run('--prefix', '{codes}:', 'unblock', 'alice')).to.deep.equal(found('1 subject unblocked.'));
    expect((await run('--prefix', 'codes:', 'list')).stderr).to.match(
      /^passport-lockout: RedisStore options\.prefix: expected .* with a hash tag/,
    );
  });

  it('finds pseudonyms by a secret from the environment', async () => {
    const pseudonymize = 'a secret of more than thirty-two characters';
    const hidden = new Lockout({ ...PATIENT, store: database.store(), attemptLog: 'off', pseudonymize });
    await hidden.block({ username: 'alice' }, { for: 'forever' });
    expect((await run('unblock', 'alice')).code).to.equal(1);
    const env = { REDIS_URL: database.server.url, PASSPORT_LOCKOUT_PSEUDONYMIZE: pseudonymize };
    expect((await new Cli(env).run(['unblock', 'alice'])).stdout).to.equal('1 subject unblocked.\n');
    await hidden.close();
  });

  it('works for an application whose store is in Redis, by its names and its policy', async () => {
    const folder = await ClientFolder.create({ redis: 'redis', 'passport-lockout': '..' });
    try {
      await writeFile(join(folder.path, 'lockout.mjs'), APP);
      const env = { URL_OF_APP: database.server.url };
      const app = (...args: string[]) =>
        new Cli(env).runProcess([...args, '--app', 'lockout.mjs'], { cwd: folder.path });

      expect(await app('block', 'alice@example.com', '--for', 'forever')).to.deep.equal(
        found('1 subject locked until reset.'),
      );
      expect(await keys()).to.deep.equal(['username=alice']);
      expect((await app('status', 'alice')).stdout).to.include('\nattempts left\t0\n');
      expect(await app('unblock', 'alice')).to.deep.equal(found('1 subject unblocked.'));
      const checked = await app('check');
      expect(checked.code).to.be.oneOf([0, 1]);
      expect(checked.stderr).to.match(/^passport-lockout: this process sees no logins: /);
    } finally {
      await folder.remove();
    }
  });

  it('gives up on a server that hangs, and exits with 3', async () => {
    const hanging = await RedisServer.start();
    process.kill(hanging.pid, 'SIGSTOP');
    try {
      expect(await cli.runProcess(['list', '--redis', hanging.url])).to.deep.equal({
        code: 3,
        stdout: '',
        stderr: 'passport-lockout: cannot reach the store: no answer within 5 seconds\n',
      });
    } finally {
      process.kill(hanging.pid, 'SIGCONT');
      await hanging.stop();
    }
  });

  for (const { name, packages } of CLIENTS) {
    describe(`with ${name}`, () => {
      let folder: ClientFolder;
      before(async () => {
        folder = await ClientFolder.create(packages);
      });
      after(() => folder.remove());

      async function expectCommands(url: string): Promise<void> {
        const at = (...args: string[]) => cli.run([...args, '--redis', url], { cwd: folder.path });
        expect(await at('block', 'alice', '--for', 'forever')).to.deep.equal(found('1 subject locked until reset.'));
        expect((await at('list')).stdout).to.match(/^username=alice\t0\treset\toperator\t/);
        expect(await at('reset', '--yes')).to.deep.equal(found('1 subject reset, 1 unblocked.'));
        expect(await at('list')).to.deep.equal(found());
      }

      it('works on a server, in any of its databases', async () => {
        await expectCommands(`${database.server.url}/3`);
      });

      it('works on a cluster with a password', async () => {
        await expectCommands(withPassword(cluster));
      });

      it('works for a user with no rights but those that docs/stores.md names, on a server and on a cluster', async () => {
        for (const url of [database.server.url, withPassword(cluster)]) {
          const admin = await createClient({ url }).connect();
          await admin.sendCommand(SET_USER);
          admin.destroy();
        }
        for (const { url } of [database.server, cluster]) await expectCommands(url.replace('//', '//lockout:secret@'));
      });

      it('says why a server cannot be used, without its password, and exits with 3', async () => {
        for (const [url, why] of [
          ['redis://root:hunter2@127.0.0.1:1', /ECONNREFUSED/],
          [cluster.url.replace('//', '//:hunter2@'), /WRONGPASS/],
          [cluster.url, /NOAUTH/],
        ] as const) {
          const { code, stdout, stderr } = await cli.run(['list', '--redis', url], { cwd: folder.path });
          expect({ code, stdout }).to.deep.equal({ code: 3, stdout: '' });
          expect(stderr).to.match(/^passport-lockout: cannot reach the store: .+\n$/);
          expect(stderr).to.match(why).and.to.not.include('hunter2');
        }
      });
    });
  }

  describe('without a client that it can use', () => {
    let folder: ClientFolder;
    beforeEach(async () => {
      folder = await ClientFolder.create({});
    });
    afterEach(() => folder.remove());

    const list = () => cli.run(['list'], { cwd: folder.path });
    const refused = (message: string): CliResult => ({ code: 2, stdout: '', stderr: `passport-lockout: ${message}\n` });

    it('says which packages it looked for, and where', async () => {
      expect(await list()).to.deep.equal(refused(`no client of Redis is installed; ${NEEDED}`));
    });

    it('says that the installed one is too old', async () => {
      await folder.add('redis', 'exports.createClient = () => ({});');
      expect(await list()).to.deep.equal(refused(`the installed client of Redis is too old; ${NEEDED}`));
    });

    it('says that the installed one cannot be loaded', async () => {
      await folder.add('ioredis', "throw new Error('half installed');");
      expect(await list()).to.deep.equal(refused('cannot load ioredis: half installed'));
    });
  });
});
