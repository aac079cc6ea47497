/** What goes wrong is one clear line on standard error, with its exit code, and nothing has changed. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Lockout } from '../../lib/index.js';
import { describeMongo } from '../support/servers/mongo-server/describe-mongo.js';
import { MongoDatabase } from '../support/stores/mongo-database.js';
import { PATIENT } from '../support/stores/patient.js';
import { Cli } from '../support/tools/cli.js';
import { readManifest } from '../support/tools/package/repository.js';

const SECRET = 'p%40ss:wo/rd';

describe('passport-lockout', () => {
  const cli = new Cli({});
  const UNREACHABLE = ['--mongo', `mongodb://root:${encodeURIComponent('hunter2')}@127.0.0.1:1/app`];

  const CASES: readonly { title: string; args: readonly string[]; code: number; stderr: RegExp | string }[] = [
    {
      title: 'with an unknown command',
      args: ['lisst'],
      code: 2,
      stderr: "unknown command 'lisst' (Did you mean list?)",
    },
    {
      title: 'with an unknown option',
      args: ['list', '--alll'],
      code: 2,
      stderr: "unknown option '--alll' (Did you mean --all?)",
    },
    {
      title: 'without a subject to free',
      args: ['unblock'],
      code: 2,
      stderr: "missing required argument 'subject'",
    },
    {
      title: 'with too many arguments',
      args: ['reset', 'alice', '--yes'],
      code: 2,
      stderr: /^too many arguments for 'reset'/,
    },
    {
      title: 'without a database',
      args: ['list'],
      code: 2,
      stderr:
        'no database: give --app <module>, --mongo <uri>, --redis <uri>, or one of the variables MONGODB_URI and REDIS_URL',
    },
    {
      title: 'with an app and a database',
      args: ['list', '--app', 'x', '--mongo', 'mongodb://x'],
      code: 2,
      stderr: 'give one of --app, --mongo and --redis',
    },
    {
      title: 'with two databases',
      args: ['list', '--mongo', 'mongodb://x', '--redis', 'redis://x'],
      code: 2,
      stderr: 'give one of --app, --mongo and --redis',
    },
    {
      title: 'with a database that has no name',
      args: ['list', '--redis', ''],
      code: 2,
      stderr: /^no database: /,
    },
    {
      title: 'with an unreachable server',
      args: ['list', ...UNREACHABLE],
      code: 3,
      stderr: /^cannot reach the store: .*ECONNREFUSED/,
    },
    {
      title: 'with a URI of something else',
      args: ['list', '--mongo', `redis://root:${SECRET}@db`],
      code: 2,
      stderr: /^the URI of --mongo or MONGODB_URI is wrong: /,
    },
    {
      title: 'with a URI that cannot be read',
      args: ['list', '--mongo', `mongodb://root:${SECRET}@db`],
      code: 2,
      stderr: /^the URI of --mongo or MONGODB_URI is wrong: /,
    },
    ...[
      `mongodb://root:${SECRET}@db`,
      `redis://root:${SECRET}@db`,
      'redis://',
      'redis://db/app',
      'db:6379',
      'alice',
    ].map((uri) => ({
      title: `with ${uri} as the URI of Redis`,
      args: ['list', '--redis', uri],
      code: 2,
      stderr: /^the URI of --redis or REDIS_URL is wrong: expected redis:\/\/host:port\/0 or /,
    })),
    {
      title: 'with an app that is not there',
      args: ['list', '--app', './nowhere.js'],
      code: 2,
      stderr: `cannot load ./nowhere.js: no such file or package, looking from ${process.cwd()}`,
    },
    {
      title: 'with an app that is not compiled, or is elsewhere',
      args: ['list', '--app', './dist/package.json'],
      code: 2,
      stderr: /no such file or package, looking from .*; there is \.\/package\.json$/,
    },
    {
      title: 'with the source of an app in TypeScript',
      args: ['list', '--app', './lib/index.ts'],
      code: 2,
      stderr:
        /^cannot load \.\/lib\/index\.ts: .*; name the compiled file, such as \.\/dist\/index\.js, or see tsx in docs\/operations\.md$/,
    },
    {
      title: 'with a number of days that is not a number',
      args: ['reset-logs', '--age', '1e3'],
      code: 2,
      stderr: /'--age <days>' argument '1e3' is invalid\. Expected a whole number of days\.$/,
    },
    {
      title: 'with an invalid age',
      args: ['remove-attempts', '--older-than', 'forever'],
      code: 2,
      stderr: /Expected an age such as 12h, 90d or P1M\.$/,
    },
    {
      title: 'with negative days',
      args: ['reset-logs', '--age=-5'],
      code: 2,
      stderr: /Expected a whole number of days\.$/,
    },
    {
      title: 'with an invalid duration',
      args: ['block', 'alice', '--for', '15'],
      code: 2,
      stderr: /Expected a duration such as 15m, 2h, 7d, PT15M, or forever\.$/,
    },
    {
      title: 'with no duration at all',
      args: ['block', 'alice', '--for', '0m'],
      code: 2,
      stderr: /Expected a duration/,
    },
    {
      title: 'with an invalid time',
      args: ['block', 'alice', '--until', 'soon'],
      code: 2,
      stderr: /Expected a date such as/,
    },
    {
      title: 'with an invalid limit',
      args: ['attempts', '--limit', '0'],
      code: 2,
      stderr: /Expected a whole number of at least 1\.$/,
    },
  ];
  for (const { title, args, code, stderr } of CASES) {
    it(`explains its failure ${title}`, async () => {
      const result = await cli.run(args);
      expect(result).to.include({ code, stdout: '' });
      const line = /^passport-lockout: (.+)\n$/.exec(result.stderr)?.[1];
      if (typeof stderr === 'string') expect(line).to.equal(stderr);
      else expect(line).to.match(stderr);
      expect(result.stderr).not.to.match(/hunter2|p%40ss|wo\/rd|root:/);
    });
  }

  it('does not choose between two databases in the environment', async () => {
    const both = new Cli({ MONGODB_URI: 'mongodb://root:hunter2@db', REDIS_URL: 'redis://root:hunter2@db' });
    expect(await both.run(['list'])).to.deep.equal({
      code: 2,
      stdout: '',
      stderr:
        'passport-lockout: MONGODB_URI and REDIS_URL are both set, and only one of them has the lockout: ' +
        'give --app <module>, or unset the other\n',
    });
  });

  it('prints its commands and exits with 2 when none is given, and with 0 when help is requested', async () => {
    const none = await cli.run([]);
    expect(none).to.include({ code: 2, stdout: '' });
    const help = await cli.run(['--help']);
    expect(help).to.include({ code: 0, stderr: '' });
    for (const text of [none.stderr, help.stdout]) expect(text).to.include('remove-attempts').and.include('Exit codes');
    expect((await cli.run(['block', '--help'])).stdout).to.include('one subject per line');
  });

  it('prints its version', async () => {
    const { version } = await readManifest();
    expect(await cli.run(['--version'])).to.deep.equal({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('explains which option lacks its value', async () => {
    const { code, stderr } = await cli.run(['reset', '--username']);
    expect({ code, stderr }).to.deep.equal({
      code: 2,
      stderr: "passport-lockout: option '--username <name...>' argument missing\n",
    });
  });

  describe('with an application module', () => {
    let folder: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'passport-lockout-app-'));
    });
    after(() => rm(folder, { recursive: true }));

    const APPS = [
      {
        title: 'if the module exports no Lockout',
        name: 'none.mjs',
        source: 'export const lockout = {};',
        message: /exports no Lockout: expected one as its default export or as `lockout`$/,
      },
      {
        title: 'if the module throws',
        name: 'throwing.mjs',
        source: "throw new Error('no mongodb://root:hunter2@db\\nhere');",
        message: /^cannot load .*: no mongodb:\/\/\*\*\*@db here$/,
      },
    ];
    for (const { title, name, source, message } of APPS) {
      it(`explains its failure ${title}`, async () => {
        await writeFile(join(folder, name), source);
        const { code, stderr } = await cli.run(['list', '--app', `./${name}`], { cwd: folder });
        expect(code).to.equal(2);
        expect(/^passport-lockout: (.+)\n$/.exec(stderr)?.[1]).to.match(message);
      });
    }
  });
});

describeMongo('passport-lockout on a database', () => {
  let database: MongoDatabase;
  let lockout: Lockout;
  let cli: Cli;
  before(async () => {
    database = await MongoDatabase.create();
    lockout = new Lockout({ ...PATIENT, store: database.store() });
    await lockout.block({ username: 'alice' }, { for: 'forever' });
    cli = new Cli({ MONGODB_URI: database.uri });
  });
  after(() => database.drop());
  afterEach(async () => {
    expect((await lockout.list({ locked: false })).items.map(({ key }) => key)).to.deep.equal(['username=alice']);
  });

  it('says which database it works on if the URI names none: nobody would seem to be locked there', async () => {
    const bare = Object.assign(new URL(database.uri), { pathname: '' }).href;
    const { stderr } = await new Cli({ MONGODB_URI: bare }).run(['list', '--dimension', 'user']);
    const { stderr: named } = await cli.run(['list', '--dimension', 'user']);

    expect(stderr).to.match(/^passport-lockout: the URI names no database, so this is the one called test\n/);
    expect(named).not.to.include('the URI');
  });

  const CASES: readonly { args: readonly string[]; input?: string; stderr: string | RegExp }[] = [
    { args: ['reset', '--ip', '1.2.3'], stderr: 'subject.ip: expected an IP address, got "1.2.3" (a string)' },
    { args: ['reset-ip', '203.0.113.0/24'], stderr: /^subject\.ip: expected an IP address/ },
    { args: ['reset-ip-username', 'alice', '1.2.3.4'], stderr: /^subject\.ip: expected an IP address/ },
    {
      args: ['reset', '--username', ' '],
      stderr: 'subject.username: expected a username, got an empty or invisible string',
    },
    { args: ['status', 'ip=alice'], stderr: /^subject\.ip: expected an IP address/ },
    {
      args: ['status', 'user=alice'],
      stderr: 'subject.user: expected one of username, ip, device, devices, factor, got "user"',
    },
    { args: ['status', 'username=%hmac:abc'], stderr: /^a pseudonym or hash cannot be looked up/ },
    { args: ['status', 'username=alice&'], stderr: /^"" is not a part such as username=alice/ },
    {
      args: ['status', 'username=a=b&c'],
      stderr: '"c" is not a part such as username=alice; in a name, & is written %26 and % is written %25',
    },
    { args: ['check'], stderr: /^check needs the options of an application: give --app <module>/ },
    {
      args: ['list', '--dimension', 'user'],
      stderr: 'no dimension is called "user"; counted are username, ip, ip+username',
    },
    { args: ['list', '--all', '--dimension', 'username+ip'], stderr: /^no dimension is called "username\+ip"/ },
    {
      args: ['list', '--all', '--order', 'lockedUntil'],
      stderr: '--order lockedUntil shows locked subjects only; leave --all out',
    },
    { args: ['list', '--order', 'end'], stderr: /'end' is invalid\. Allowed choices are key, lockedUntil\.$/ },
    { args: ['list', '--ip', 'alice'], stderr: /^subject\.ip: expected an IP address/ },
    {
      args: ['attempts', '--outcome', 'wrong'],
      stderr: /'wrong' is invalid\. Allowed choices are failed, succeeded, refused, logout\.$/,
    },
    { args: ['block', 'bob'], stderr: 'how long? give --for <duration> or --until <time>' },
    { args: ['block', 'bob', '--for', '1h', '--until', '2099-01-01'], stderr: 'give --for or --until, not both' },
    {
      args: ['block', 'bob', '--until', '15m'],
      stderr: /'15m' is invalid\. Expected a date such as \S+; a duration goes with --for\.$/,
    },
    { args: ['block', 'bob', '--until', '99'], stderr: /'99' is invalid\. Expected a date/ },
    { args: ['attempts', '--since', '5'], stderr: /'5' is invalid\. Expected a date/ },
    { args: ['attempts', '--since', 'alice 2'], stderr: /'alice 2' is invalid\. Expected a date/ },
    { args: ['block', 'bob', '--until', '2001-01-01'], stderr: /^options\.until: expected a Date in the future/ },
    {
      args: ['block', '10.0.0.0/8', '--for', '1h'],
      stderr:
        '10.0.0.0/8 has too many subjects to handle one by one (at most /16); the option deny refuses a range of any size',
    },
    {
      args: ['block', '2001:db8::/32', '--for', '1h'],
      stderr: /^2001:db8::\/32 has too many subjects .* \(at most \/48\)/,
    },
    {
      args: ['block', '203.0.113.0/33', '--for', '1h'],
      stderr: '"203.0.113.0/33" is not a CIDR range such as 203.0.113.0/24',
    },
    { args: ['block', '-', 'bob', '--for', '1h'], stderr: '- (a list on standard input) must be the only argument' },
    {
      args: ['block', '-', '--for', '1h'],
      input: 'bob\nip=bob\n',
      stderr: /^entry 2: subject\.ip: expected an IP address/,
    },
    { args: ['erase', ''], stderr: /^query\.username: expected a string that is not empty/ },
    { args: ['reset-logs', '--age', '3', '--all', '--yes'], stderr: 'give --age or --all, not both' },
    { args: ['remove-attempts', '--older-than', '3d', '--all'], stderr: 'give --older-than or --all, not both' },
    { args: ['list', '--prefix', 'a/b'], stderr: /^MongoStore options\.prefix: expected at most 64 letters/ },
  ];
  for (const { args, input = '', stderr } of CASES) {
    it(`changes nothing and explains why for ${args.join(' ')}`, async () => {
      const result = await cli.run(args, { input });
      const line = /^passport-lockout: (.+)\n$/.exec(result.stderr)?.[1];
      if (typeof stderr === 'string') expect(line).to.equal(stderr);
      else expect(line).to.match(stderr);
      expect(result).to.include({ code: 2, stdout: '' });
    });
  }
});
