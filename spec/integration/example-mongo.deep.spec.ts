/** The example that `npm run example:mongo` runs, over HTTP: two processes, one port, one lockout. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import mongoose, { type Connection } from 'mongoose';
import { describeMongo } from '../support/servers/mongo-server/describe-mongo.js';
import { mongoUri } from '../support/servers/mongo-server/test-environment.js';
import { ExampleProcess } from '../support/sites/example-process.js';
import { childEnvironment } from '../support/tools/child-environment.js';

const SERVER = fileURLToPath(new URL('../../examples/mongo/server.js', import.meta.url));

describeMongo('examples/mongo', () => {
  let uri: string;
  let connection: Connection;
  let example: ExampleProcess;
  let url: string;

  before(async () => {
    const database = new URL(mongoUri());
    database.pathname = `example-mongo-${process.pid}`;
    uri = database.href;
    connection = await mongoose.createConnection(uri).asPromise();
  });
  after(async () => {
    await connection.dropDatabase();
    await connection.close();
  });

  beforeEach(async () => {
    await connection.dropDatabase();
    await start();
  });
  afterEach(async () => {
    // The workers end with the process that started them.
    await example.stop('SIGKILL');
  });

  async function start(): Promise<void> {
    example = ExampleProcess.start('mongo/server.js', { MONGODB_URI: uri });
    url = (await example.printed(/listens on (http:\/\/127\.0\.0\.1:\d+)/))[1] as string;
  }

  /** Over a connection of its own, since the workers take connections in turns. */
  async function logIn(username: string, password: string) {
    const response = await fetch(`${url}/login`, {
      method: 'POST',
      headers: { connection: 'close' },
      body: new URLSearchParams({ username, password }),
    });
    await response.arrayBuffer();
    return {
      status: response.status,
      retryAfter: Number(response.headers.get('retry-after')),
      by: response.headers.get('x-answered-by'),
    };
  }

  async function logInTimes(times: number, username: string, password = 'wrong') {
    const answers = [];
    for (let time = 0; time < times; time += 1) answers.push(await logIn(username, password));
    return answers;
  }

  it('prints users and curl lines that can be pasted', () => {
    expect(example.output).to.include('2 processes behind one port').and.include('alice / wonderland');
    expect(example.output).to.include(`-d 'username=alice&password=wrong' ${url}/login`);
  });

  it('locks with the third wrong password, whichever worker answers, and says so once', async () => {
    const answers = await logInTimes(7, 'alice');

    expect(answers.map(({ status }) => status)).to.deep.equal([401, 401, 429, 429, 429, 429, 429]);
    expect(new Set(answers.map(({ by }) => by))).to.deep.equal(new Set(['worker 1', 'worker 2']));
    for (const { retryAfter } of answers.slice(2)) expect(retryAfter).to.be.within(600, 900);
    await example.printed(/\[worker [12]\] username_blocked \{"username":"alice","failures":3,/);
    expect(example.output.match(/username_blocked/g)).to.have.length(1);
    expect(example.output.match(/attempt_failed/g)).to.have.length(3);
  });

  it('verifies no more than three of forty wrong passwords that come at once', async () => {
    await Promise.all(Array.from({ length: 40 }, () => logIn('alice', 'wrong')));
    const [last] = await logInTimes(1, 'alice', 'wonderland');

    expect(last?.status).to.equal(429);
    await example.printed(/username_blocked/);
    expect(example.output.match(/attempt_failed/g)).to.have.length(3);
    expect(example.output.match(/username_blocked/g)).to.have.length(1);
  });

  it('refuses the right password on both workers while locked, and lets another user in', async () => {
    await logInTimes(3, 'alice');

    const refused = await logInTimes(2, 'alice', 'wonderland');
    const welcomed = await logInTimes(2, 'bob', 'can we fix it');

    expect(refused.map(({ status }) => status)).to.deep.equal([429, 429]);
    expect(welcomed.map(({ status }) => status)).to.deep.equal([200, 200]);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends with code 0 on ${signal}, with the attempt log written and the lock kept for the next start`, async () => {
      await logInTimes(3, 'alice');
      await example.printed(/username_blocked/);

      expect(await example.stop(signal)).to.equal(0);
      const outcomes = await connection
        .collection('example_lockout_attempts')
        .distinct('outcome', { username: 'alice' });
      expect(outcomes).to.deep.equal(['failed']);
      expect(await connection.collection('example_lockout_attempts').countDocuments()).to.equal(3);

      await start();
      expect((await logIn('alice', 'wonderland')).status).to.equal(429);
    });
  }
});

describe('examples/mongo without a server', () => {
  function run(uri: string) {
    const env = childEnvironment({ PORT: '0', MONGODB_URI: uri });
    return spawnSync(process.execPath, [SERVER], { env, encoding: 'utf8' });
  }

  it('says what to do and ends with code 1 when MONGODB_URI is not set', () => {
    const { status, stdout, stderr } = run('');

    expect(stderr).to.include('MONGODB_URI is not set').and.include('npm run example:mongo');
    expect(stderr).to.include('node .build/spec/support/servers/mongo-server/cli.js start');
    expect({ status, stdout }).to.deep.equal({ status: 1, stdout: '' });
  });

  it('says which variable to look at and ends with code 1 when nobody answers there', () => {
    const { status, stderr } = run('mongodb://127.0.0.1:9/');

    expect(stderr).to.match(/\[worker [12]\] no connection to the server of MONGODB_URI: /);
    expect(status).to.equal(1);
  });
});
