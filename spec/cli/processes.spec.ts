/** The command beside the processes of an application: what it frees, what it follows, and how it is interrupted. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { Lockout } from '../../lib/index.js';
import { pending } from '../support/fixtures/attempt-entries.js';
import { describeMongo } from '../support/servers/mongo-server/describe-mongo.js';
import { TcpProxy } from '../support/servers/tcp-proxy.js';
import { MongoDatabase } from '../support/stores/mongo-database.js';
import { MongoWorker } from '../support/stores/mongo-worker.js';
import { PATIENT } from '../support/stores/patient.js';
import { Cli } from '../support/tools/cli.js';
import { until } from '../support/tools/until.js';

const MINUTE_MS = 60_000;
const APP = new URL('../support/sites/cli-app.js', import.meta.url);

describeMongo('passport-lockout', () => {
  let database: MongoDatabase;
  let cli: Cli;
  before(async () => {
    database = await MongoDatabase.create();
    cli = new Cli({ MONGODB_URI: database.uri, APP_MONGODB_URI: database.uri });
  });
  beforeEach(() => database.clear());
  after(() => database.drop());

  describe('while the application runs', () => {
    const TTL = { minutes: 10 };
    let worker: MongoWorker;
    before(async () => {
      worker = await MongoWorker.start(database, { ...PATIENT, lockCacheTtl: TTL }, { ownClock: true });
    });
    after(() => worker.stop());

    for (const [command, ...options] of [
      ['unblock', 'alice'],
      ['reset', '--username', 'bob'],
      ['reset', '--yes'],
      ['erase', 'dave'],
    ] as const) {
      const name = options[0] === '--yes' ? 'carol' : (options.at(-1) as string);
      it(`lets a locked user of the application in by ${[command, ...options].join(' ')}, once lockCacheTtl is over`, async () => {
        for (let index = 0; index < 3; index += 1) await worker.ask('attempt', name, false);
        expect(await worker.ask('attempt', name, true)).to.equal('refused');

        expect((await cli.run([command, ...options])).code).to.equal(0);

        await worker.ask('advance', 10 * MINUTE_MS);
        expect(await worker.ask('attempt', name, true)).to.equal('succeeded');
      });
    }

    it('locks a user of the application at once', async () => {
      expect(await worker.ask('attempt', 'erin', true)).to.equal('succeeded');
      await cli.run(['block', 'erin', '--for', '1d']);
      expect(await worker.ask('attempt', 'erin', true)).to.equal('refused');
    });
  });

  describe('with --app', () => {
    const app = APP.pathname;

    it("uses the application's names, pseudonyms and policy", async () => {
      expect((await cli.runProcess(['block', 'alice@example.com', '--for', '1h', '--app', app])).stdout).to.match(
        /^1 subject/,
      );
      expect((await cli.runProcess(['status', 'alice'])).code).to.equal(1);
      const { code, stdout } = await cli.runProcess(['status', 'alice', '--app', app]);
      expect(code).to.equal(0);
      expect(stdout).to.match(/^subject\tusername=%hmac:[\w-]+\n/);
      expect(stdout).to.include('\nattempts left\t0\n');
      expect((await cli.runProcess(['unblock', 'alice', '--app', app])).stdout).to.equal('1 subject unblocked.\n');
      expect(JSON.parse((await cli.runProcess(['status', 'bob', '--json', '--app', app])).stdout)).to.include({
        attemptsLeft: 5,
      });
    });

    for (const { title, options } of [
      { title: 'that the driver gives up on soon', options: '?serverSelectionTimeoutMS=500' },
      { title: 'that the driver waits for longer than the command does', options: '' },
    ]) {
      it(`reports an unreachable store ${title} by the root cause and without credentials`, async () => {
        const lost = new Cli({ APP_MONGODB_URI: `mongodb://root:hunter2@127.0.0.1:1/app${options}` });
        const { code, stdout, stderr } = await lost.runProcess(['list', '--app', app]);
        expect({ code, stdout }).to.deep.equal({ code: 3, stdout: '' });
        const lines = stderr.split('\n').filter((line) => line.startsWith('passport-lockout: '));
        expect(lines).to.have.length(1);
        expect(lines[0]).to.match(/^passport-lockout: cannot reach the store: .*connect ECONNREFUSED 127\.0\.0\.1:1$/);
        expect(stderr).to.not.match(/hunter2|root:/);
      });
    }

    it("checks the application's options and store, and says what it cannot see", async () => {
      const args = ['check', '--app', app];
      const production = new Cli({ APP_MONGODB_URI: database.uri, NODE_ENV: 'production' });
      const note =
        /^passport-lockout: this process sees no logins: what only logins reveal, .*, is found by the application/;
      const { code, stdout, stderr } = await cli.runProcess(args);
      expect(code).to.equal(1);
      expect(stderr.replace(/^(?:\(|See ).*\n/gm, ''))
        .to.match(note)
        .and.include('NODE_ENV is not production');
      expect(stdout).to.match(/^WARN_LOCKOUT_SHARED_FOREVER\t.+\n$/);
      expect((await production.runProcess(args)).stderr)
        .to.match(note)
        .and.not.include('NODE_ENV');
      const { stdout: json, stderr: quiet } = await cli.runProcess([...args, '--json', '--quiet']);
      expect(JSON.parse(json)).to.have.keys('code', 'message', 'option', 'help');
      expect(quiet.replace(/^(?:\(|See ).*\n/gm, '')).to.equal('');
    });

    it("shows the guesses per year under the application's policy", async () => {
      expect((await cli.runProcess(['simulate', '--app', app])).stdout).to.equal(
        'app\tusername\t213\t2038\napp\tip\t17935\t-\n',
      );
    });

    describe('for lockouts in memory', () => {
      let folder: string;
      before(async () => {
        folder = await mkdtemp(join(tmpdir(), 'passport-lockout-app-'));
        const lib = JSON.stringify(new URL('../../../dist/esm/index.js', import.meta.url).href);
        await writeFile(join(folder, 'app.mjs'), `import { Lockout } from ${lib}; export default new Lockout();`);
      });
      after(() => rm(folder, { recursive: true }));

      const CHANGES: readonly (readonly string[])[] = [
        ['block', 'alice', '--for', '1h'],
        ['unblock', 'alice'],
        ['reset', '--username', 'alice'],
        ['reset', '--yes'],
        ['reset', '--dry-run'],
        ['reset-ip', '203.0.113.9'],
        ['remove-attempts'],
        ['reset-logs'],
        ['erase', 'alice'],
        ['revoke-devices', 'alice'],
        ['cleanup'],
      ];
      for (const args of CHANGES) {
        it(`says that ${args.join(' ')} changes nothing, and exits with 2`, async () => {
          const { code, stdout, stderr } = await cli.run([...args, '--app', 'app.mjs'], { cwd: folder });
          expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
          expect(stderr).to.match(
            /^passport-lockout: the application keeps its lockouts in memory, which no other process can change: nothing was changed; .+\n$/,
          );
        });
      }

      it('says which option an application without known devices lacks, and exits with 2', async () => {
        const { code, stdout, stderr } = await cli.run(['devices', 'alice', '--app', 'app.mjs'], { cwd: folder });
        expect({ code, stdout }).to.deep.equal({ code: 2, stdout: '' });
        expect(stderr).to.include(
          'passport-lockout: options.secret: expected a secret, and knownDevices not false, for devices(), got none',
        );
      });
    });

    const FORMS = [
      {
        title: 'a CommonJS module',
        name: 'app.cjs',
        source: (lib: string) => `module.exports = { lockout: new (require(${lib}).Lockout)() };`,
      },
      {
        title: 'a default export',
        name: 'app.mjs',
        source: (lib: string) => `import { Lockout } from ${lib}; export default new Lockout();`,
      },
      {
        title: 'a promise',
        name: 'app.mjs',
        source: (lib: string) =>
          `import { Lockout } from ${lib}; export const lockout = Promise.resolve(new Lockout());`,
      },
      {
        title: 'a process that never ends by itself',
        name: 'app.mjs',
        isProcess: true,
        source: (lib: string) =>
          `import { Lockout } from ${lib}; export default new Lockout(); setInterval(() => {}, 1000);`,
      },
    ];
    for (const { title, name, isProcess, source } of FORMS) {
      it(`accepts ${title}, and says that a store in memory is not the application's`, async () => {
        const folder = await mkdtemp(join(tmpdir(), 'passport-lockout-app-'));
        try {
          const root = new URL('../../../', import.meta.url);
          const lib = name.endsWith('.cjs')
            ? JSON.stringify(new URL('dist/cjs/index.js', root).pathname)
            : JSON.stringify(new URL('dist/esm/index.js', root).href);
          await writeFile(join(folder, name), source(lib));
          const args = ['list', '--app', name];
          const { code, stdout, stderr } = await (isProcess
            ? cli.runProcess(args, { cwd: folder })
            : cli.run(args, { cwd: folder }));
          expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '' });
          expect(stderr).to.match(/^passport-lockout: the application keeps its lockouts in memory/);
        } finally {
          await rm(folder, { recursive: true });
        }
      });
    }
  });

  it('follows the attempt log until it is interrupted, and prints each entry once', async () => {
    const lockout = new Lockout({
      ...PATIENT,
      store: database.store(),
      attemptLog: 'await',
      tiers: [{ failures: 100, cooloff: 'PT1H' }],
    });
    await lockout.protect({ username: 'before' }, () => false);
    const child = cli.start('attempts', '--follow');
    await child.shows('\tbefore\t');
    await lockout.protect({ username: 'after' }, () => false);
    await child.shows('\tafter\t');
    // An entry that was written late, about what happened before.
    await database.store().attemptLog.append([pending({ username: 'late' }, 100)], 86_400_000);
    await child.shows('\tlate\t');
    child.interrupt();

    const { code, stdout, stderr } = await child.ended();

    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    const names = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t')[3]);
    expect(names).to.deep.equal(['before', 'after', 'late']);
    await lockout.close();
  });

  describe('with many rows', () => {
    const ROWS = 20_000;
    /** The command prints its progress once a second. */
    const PROGRESS_MS = 1_000;
    const rowsLeft = () => database.connection.collection('lockout_attempts').countDocuments();
    beforeEach(async () => {
      // Makes the indexes.
      await new Lockout({ ...PATIENT, store: database.store() }).attempts();
      const rows = database.connection.collection('lockout_attempts');
      const now = Date.now();
      for (let start = 0; start < ROWS; start += 10_000) {
        await rows.insertMany(
          Array.from({ length: 10_000 }, (_, index) => ({
            madeBy: 'passport-lockout',
            outcome: 'failed',
            username: `user ${index}`,
            at: new Date(now - 86_400_000 - start - index),
            expiresAt: new Date(now + 86_400_000),
          })),
        );
      }
    });

    it('stops after a batch when it is interrupted, prints how many were removed, and exits with 130', async () => {
      // Through this process, which therefore cannot be too late to interrupt it.
      const proxy = await TcpProxy.start(database.uri);
      const child = new Cli({ MONGODB_URI: proxy.uri }).start('remove-attempts', '--older-than', '1d');
      await until(async () => (await rowsLeft()) < ROWS);
      proxy.hang();
      await delay(PROGRESS_MS);
      await proxy.resume();
      await child.notes('log entries removed so far');
      child.interrupt();

      const { code, stdout, stderr } = await child.ended();
      await proxy.close();

      const left = await rowsLeft();
      const removed = Number(/^(\d+) log entries removed\.\n$/.exec(stdout)?.[1]);
      expect(code).to.equal(130);
      expect(removed).to.be.within(1_000, ROWS - 1_000);
      expect(left).to.equal(ROWS - removed);
      expect(stderr).to.match(
        /^(passport-lockout: \d+000 log entries removed so far\n)+passport-lockout: interrupted; the rest is unchanged\n$/,
      );
    });

    it('exits quietly when its reader has seen enough', async () => {
      const child = cli.start('attempts', '--limit', String(ROWS));
      await child.shows('\t');
      child.stopReading();
      expect((await child.ended()).stderr).to.equal('');
    });
  });
});
