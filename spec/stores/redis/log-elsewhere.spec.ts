/** Counters in Redis, the attempt log in MongoDB: both real servers. */
import { expect } from 'chai';
import { Lockout, MemoryStore } from '../../../lib/index.js';
import { type LogStore, RedisStore } from '../../../lib/stores/redis/index.js';
import type { LockoutStore } from '../../../lib/stores/store.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { PATIENT } from '../../support/stores/patient.js';
import { RedisDatabase } from '../../support/stores/redis-database.js';

const ALICE = { username: 'alice', ip: '203.0.113.9' };

describeMongo('RedisStore with a MongoStore as its attemptLogStore', () => {
  let redis: RedisDatabase;
  let mongo: MongoDatabase;
  let lockout: Lockout;

  before(async () => {
    redis = await RedisDatabase.create();
    mongo = await MongoDatabase.create();
  });
  after(async () => {
    await redis.drop();
    await mongo.drop();
  });
  beforeEach(async () => {
    await redis.clear();
    await mongo.clear();
    const store = new RedisStore(redis.client, { attemptLogStore: mongo.store() });
    lockout = new Lockout({ ...PATIENT, store, attemptLog: 'await', attemptLogPerUsername: 100 });
    await lockout.protect(ALICE, () => false);
  });
  afterEach(() => lockout.close());

  it('counts in Redis only, and logs in MongoDB only', async () => {
    expect(await mongo.connection.collection('lockouts').countDocuments()).to.equal(0);
    expect(await mongo.connection.collection('lockout_attempts').countDocuments()).to.equal(1);
    const keys = await redis.client.keys('*');
    expect(keys).to.include('{passport-lockout}:subject:username=alice');
    expect(keys.filter((key) => key.includes('attempts'))).to.deep.equal([]);
  });

  it('reads and erases both as one', async () => {
    expect((await lockout.attempts({ username: 'alice' })).items).to.have.length(1);
    expect(await lockout.erase({ username: 'alice' })).to.deep.include({ attempts: 1 });
    expect((await lockout.attempts({})).items).to.deep.equal([]);
    expect(await redis.client.keys('*username=alice*')).to.deep.equal([]);
  });

  it('inspects both servers', async () => {
    const store = new RedisStore(redis.client, { attemptLogStore: mongo.store() });
    const { server, attempts } = await store.inspect();
    expect(server).to.match(/^(?:Redis|Valkey) \d.*, attempt log in (?:MongoDB|FerretDB) \d/);
    expect(attempts).to.be.a('number');
  });

  it('counts on while the log cannot be written', async () => {
    const failing = new MemoryStore() as LockoutStore as LogStore;
    failing.attemptLog.append = () => Promise.reject(new Error('no log'));
    const store = new RedisStore(redis.client, { attemptLogStore: failing });
    const counting = new Lockout({ ...PATIENT, store, attemptLog: 'await' });
    const failures: string[] = [];
    counting.on('store_error', ({ operation }) => failures.push(operation));
    await counting.protect(ALICE, () => false);
    expect(failures).to.deep.equal(['append']);
    expect((await store.read('username=alice'))?.failures).to.equal(2);
  });
});
