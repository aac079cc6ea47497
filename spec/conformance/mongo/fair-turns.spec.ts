/** One address against three processes at once: the owner of the name gets in from another address. */
import { expect } from 'chai';
import type { LockoutOptions } from '../../../lib/index.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { MongoWorker } from '../../support/stores/mongo-worker.js';

const LOGINS = 15;
const OPTIONS: LockoutOptions = {
  dimensions: ['username'],
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
  // A machine under load must not fail a race by its slowness.
  busyTimeout: { seconds: 60 },
  storeTimeout: { seconds: 30 },
};

describeMongo('Turn taking by address in three processes', () => {
  let database: MongoDatabase;
  let workers: readonly MongoWorker[];

  beforeEach(async () => {
    database = await MongoDatabase.create();
    workers = await Promise.all([1, 2, 3].map(() => MongoWorker.start(database, OPTIONS)));
  });
  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await database.drop();
  });

  it(`X25 lets the owner in ${LOGINS} of ${LOGINS} times while one address has 150 attempts in flight whose verify throws`, async () => {
    await Promise.all(workers.map((worker) => worker.ask('flood', 'alice', '198.51.100.1', 50)));

    const outcomes: string[] = [];
    for (let login = 0; login < LOGINS; login += 1) {
      outcomes.push(await (workers[login % 3] as MongoWorker).ask('attempt', 'alice', true, '203.0.113.9'));
    }

    expect(outcomes).to.deep.equal(Array(LOGINS).fill('succeeded'));
    expect(await workers[0]?.ask('status', 'alice')).to.include({ failures: 0, locked: false });
  });
});
