/** What `check()` finds on a real server. */
import { expect } from 'chai';
import sinon from 'sinon';
import { Lockout } from '../../../lib/index.js';
import { SECRET } from '../../support/fixtures/secret.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { CommandLog } from '../../support/stores/command-log.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { PATIENT } from '../../support/stores/patient.js';

const MINUTE = 60_000;

describeMongo('inspectMongo', () => {
  let database: MongoDatabase;

  beforeEach(async () => {
    database = await MongoDatabase.create();
  });
  afterEach(async () => {
    sinon.restore();
    await database.drop();
  });

  const codes = async (lockout: Lockout) => (await lockout.check()).map(({ code }) => code);

  it('reports nothing for an unused store', async () => {
    expect(await codes(new Lockout({ ...PATIENT, secret: SECRET, store: database.store() }))).to.deep.equal([]);
  });

  it('returns the server and its version', async () => {
    const { server } = await database.store().inspect();
    expect(server).to.match(/^(?:MongoDB \d+\.\d+\.\d+\S*|FerretDB \d+\.\d+\.\d+\S* \(MongoDB \d+\.\d+\.\d+\))$/);
  });

  const LOST = [
    { collection: 'lockouts', index: 'lockedUntil_1__id_1' },
    { collection: 'lockouts', index: 'parts.ip_1__id_1' },
    { collection: 'lockouts', index: 'expiresAt_1', name: 'passport_lockout_ttl' },
    { collection: 'lockout_attempts', index: 'ip_1_at_-1__id_-1' },
  ];
  for (const { collection, index, name = index } of LOST) {
    it(`reports that ${collection}.${index} is missing`, async () => {
      const lockout = new Lockout({ ...PATIENT, secret: SECRET, store: database.store() });
      await lockout.check();
      await database.connection.collection(collection).dropIndex(name);

      const [finding, ...others] = await lockout.check();
      expect(finding).to.deep.include({ code: 'WARN_LOCKOUT_INDEX_MISSING', option: 'store' });
      expect(finding?.message).to.include(`${collection}.${index};`);
      expect(others).to.deep.equal([]);
    });
  }

  it('reports an index that does not remove expired documents', async () => {
    const store = database.store();
    await store.inspect();
    const lockouts = database.connection.collection('lockouts');
    await lockouts.dropIndex('passport_lockout_ttl');
    await lockouts.createIndex({ expiresAt: 1 });

    expect((await store.inspect()).missingIndexes).to.deep.equal(['lockouts.expiresAt_1']);
  });

  it('accepts an index of another name as the same', async () => {
    const store = database.store();
    await store.inspect();
    const lockouts = database.connection.collection('lockouts');
    await lockouts.dropIndex('lockedUntil_1__id_1');
    const partialFilterExpression = { lockedUntil: { $gt: new Date(0) } };
    await lockouts.createIndex({ lockedUntil: 1, _id: 1 }, { name: 'by_hand', partialFilterExpression });

    expect((await store.inspect()).missingIndexes).to.deep.equal([]);
  });

  for (const { aheadMs, found } of [
    { aheadMs: 0, found: [] },
    { aheadMs: 5 * MINUTE, found: ['WARN_LOCKOUT_CLOCK_SKEW'] },
    { aheadMs: -5 * MINUTE, found: ['WARN_LOCKOUT_CLOCK_SKEW'] },
  ]) {
    it(`makes check report ${found.join() || 'nothing'} when the clock of this process is ${aheadMs} ms off`, async () => {
      const lockout = new Lockout({ ...PATIENT, secret: SECRET, store: database.store() });
      await lockout.check();
      const now = Date.now;
      sinon.replace(Date, 'now', () => now() + aheadMs);

      expect(await codes(lockout)).to.deep.equal(found);
      const { clockSkewMs } = await database.store().inspect();
      expect(Math.abs(clockSkewMs + aheadMs)).to.be.below(MINUTE);
    });
  }

  it('changes nothing, by commands whose cost does not grow with the data', async () => {
    const store = database.store();
    await store.inspect();
    const commands = new CommandLog(database.connection);
    commands.take();
    await store.inspect();

    expect([...commands.take()].sort()).to.deep.equal(
      [
        'buildInfo',
        'count',
        'count',
        'findAndModify',
        'hello',
        'listIndexes',
        'listIndexes',
        'listIndexes',
        'listIndexes',
      ].sort(),
    );
    expect(await database.connection.collection('lockouts').countDocuments()).to.equal(0);
  });

  const REMOVING = [
    { field: 'firstFailureAt', seconds: 0 },
    { field: 'lastFailureAt', seconds: 60 },
    { field: 'leases.until', seconds: 5 },
  ];
  for (const { field, seconds } of REMOVING) {
    it(`X33 reports a manual index that removes records ${seconds} s after ${field}`, async () => {
      const lockout = new Lockout({ ...PATIENT, secret: SECRET, store: database.store() });
      await lockout.check();
      const lockouts = database.connection.collection('lockouts');
      await lockouts.createIndex({ [field]: 1 }, { name: 'by_hand', expireAfterSeconds: seconds });

      const [finding, ...others] = await lockout.check();
      expect(finding).to.include({ code: 'WARN_LOCKOUT_INDEX_REMOVES', option: 'store' });
      expect(finding?.message).to.include(`the index by_hand of lockouts removes records ${seconds} s after ${field},`);
      expect(others).to.deep.equal([]);
    });
  }

  it('lets an operator remove expired records and log entries by manual indexes', async () => {
    const lockout = new Lockout({ ...PATIENT, secret: SECRET, store: database.store() });
    const { connection } = database;
    await connection.collection('lockouts').createIndex({ expiresAt: 1 }, { name: 'own', expireAfterSeconds: 0 });
    await connection.collection('lockout_attempts').createIndex({ at: 1 }, { expireAfterSeconds: 86_400 });
    expect(await codes(lockout)).to.deep.equal([]);
  });
});
