/** The example of a cluster, over HTTP: two processes, one port, one lockout. */
import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { describeMongo } from '../support/servers/mongo-server/describe-mongo.js';
import { ExampleCopy } from '../support/sites/example-copy.js';
import { ExampleProcess } from '../support/sites/example-process.js';
import { MongoDatabase } from '../support/stores/mongo-database.js';
import { childEnvironment } from '../support/tools/child-environment.js';

describeMongo('examples/mongo-cluster', () => {
  let copy: ExampleCopy;
  let database: MongoDatabase;
  let example: ExampleProcess;
  let url: string;

  before(async () => {
    copy = await ExampleCopy.create('mongo-cluster');
  });
  after(() => copy.remove());

  beforeEach(async () => {
    database = await MongoDatabase.create();
    await start();
  });
  afterEach(async () => {
    // The workers end with the process that started them.
    await example.stop('SIGKILL');
    await database.drop();
  });

  async function start(): Promise<void> {
    example = ExampleProcess.start(copy, { MONGODB_URI: database.uri });
    url = (await example.printed(/listens on (http:\/\/127\.0\.0\.1:\d+)/))[1] as string;
  }

  /** Over a connection of its own, since the workers take connections in turns. */
  async function logIn(username: string, password: string) {
    const response = await fetch(`${url}/login`, {
      method: 'POST',
      headers: { connection: 'close', 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
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

  it('locks at the third wrong password, whichever worker answers, and prints so once', async () => {
    const answers = await logInTimes(7, 'alice');

    expect(answers.map(({ status }) => status)).to.deep.equal([401, 401, 429, 429, 429, 429, 429]);
    expect(new Set(answers.map(({ by }) => by))).to.deep.equal(new Set(['worker 1', 'worker 2']));
    for (const { retryAfter } of answers.slice(2)) expect(retryAfter).to.be.within(600, 900);
    await example.printed(/\[worker [12]\] locked: "alice"/);
    expect(example.output.match(/locked:/g)).to.have.length(1);
  });

  it('verifies no more than three of forty parallel wrong passwords', async () => {
    await Promise.all(Array.from({ length: 40 }, () => logIn('alice', 'wrong')));
    const [last] = await logInTimes(1, 'alice', 'wonderland');

    expect(last?.status).to.equal(429);
    expect(await example.stop()).to.equal(0);
    const verified = { username: 'alice', outcome: 'failed' };
    expect(await database.connection.collection('lockout_attempts').countDocuments(verified)).to.equal(3);
    expect(example.output.match(/locked:/g)).to.have.length(1);
  });

  it('refuses the right password on both workers while locked, and lets another user in', async () => {
    await logInTimes(3, 'alice');

    const refused = await logInTimes(2, 'alice', 'wonderland');
    const welcomed = await logInTimes(2, 'bob', 'can we fix it');

    expect(refused.map(({ status }) => status)).to.deep.equal([429, 429]);
    expect(welcomed.map(({ status }) => status)).to.deep.equal([200, 200]);
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`exits with code 0 on ${signal}, with the attempt log written and the lock kept for the next start`, async () => {
      await logInTimes(3, 'alice');

      expect(await example.stop(signal)).to.equal(0);
      const attempts = database.connection.collection('lockout_attempts');
      expect(await attempts.distinct('outcome', { username: 'alice' })).to.deep.equal(['failed']);
      expect(await attempts.countDocuments()).to.equal(3);

      await start();
      expect((await logIn('alice', 'wonderland')).status).to.equal(429);
    });
  }
});

describe('examples/mongo-cluster without a server', () => {
  it('exits with code 1', async () => {
    const copy = await ExampleCopy.create('mongo-cluster');
    const env = childEnvironment({ PORT: '0', MONGODB_URI: 'mongodb://127.0.0.1:9/' });

    const { status, stderr } = spawnSync(process.execPath, copy.args, { cwd: copy.folder, env, encoding: 'utf8' });
    await copy.remove();

    expect(stderr).to.include('MongooseServerSelectionError').and.include('ECONNREFUSED');
    expect(status).to.equal(1);
  });
});
