/** X32 to X34: what keeps the store from its work; the table of docs/operations.md, row by row. */
import { once } from 'node:events';
import { expect } from 'chai';
import mongoose from 'mongoose';
import mongoose8 from 'mongoose8';
import { type LockedInfo, Lockout, type LockoutOptions } from '../../../lib/index.js';
import { MongoStore } from '../../../lib/stores/mongo/index.js';
import { SECRET } from '../../support/fixtures/secret.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { PATIENT } from '../../support/stores/patient.js';
import { useProxiedDatabase } from '../../support/stores/proxied-database.js';
import { EventLog } from '../../support/tools/events.js';
import { outcomesOf } from '../../support/tools/outcomes.js';

const ALICE = { username: 'alice', ip: '203.0.113.1' };
const LIMIT_3: LockoutOptions = {
  dimensions: ['username', 'ip'],
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
  attemptLog: 'await',
};
/** Nobody listens at the first port. */
const NO_SERVER = 'mongodb://127.0.0.1:1/x';
const UNAUTHORIZED = { code: 13, codeName: 'Unauthorized' };

describeMongo('X32 X33 MongoStore', () => {
  const site = useProxiedDatabase();

  function start(store: MongoStore, options: LockoutOptions = {}) {
    const lockout = new Lockout({ ...PATIENT, ...LIMIT_3, secret: SECRET, ...options, store });
    return { lockout, events: new EventLog(lockout), store };
  }

  const guess = (lockout: Lockout) => lockout.protect(ALICE, () => false);
  const outcomes = (lockout: Lockout, count: number) => outcomesOf(lockout, ALICE, count);
  const findings = async (lockout: Lockout) => (await lockout.check()).map(({ code }) => code);
  const warnings = (events: EventLog) => events.of('warning').map(({ code }) => code);
  const causes = (events: EventLog) => events.of('store_error').map(({ error }) => (error.cause as Error).message);

  describe('whose collection contains documents of the application', () => {
    const THEIRS: mongoose.mongo.Document[] = [
      { title: 'Sommerfest', expiresAt: new Date(0) },
      { _id: 'a text', leases: 5 },
      { user: new mongoose.Types.ObjectId(), expiresAt: new Date(0), at: 'noon' },
    ];

    it('does not use it for lockouts: 503, an event and a finding name it and the option', async () => {
      const theirs = site.database.connection.collection('lockouts');
      await theirs.insertMany(THEIRS);
      const { lockout, events } = start(site.database.store());

      const refused = await guess(lockout);
      expect(refused).to.have.nested.property('locked.code', 'ERR_LOCKOUT_STORE_UNAVAILABLE');
      expect(causes(events)[0]).to.match(/^the collection lockouts holds documents of something else.*prefix/);
      expect(warnings(events)).to.include('WARN_LOCKOUT_COLLECTION_FOREIGN');
      expect(await findings(lockout)).to.deep.equal(['WARN_LOCKOUT_COLLECTION_FOREIGN']);

      expect((await theirs.indexes()).map(({ name }) => name)).to.deep.equal(['_id_']);
      expect(await theirs.countDocuments()).to.equal(THEIRS.length);
    });

    it('does not use it for the attempt log, and still counts logins', async () => {
      const theirs = site.database.connection.collection('lockout_attempts');
      await theirs.insertMany(THEIRS);
      const { lockout, events } = start(site.database.store(), { attemptLog: 'background' });

      expect(await outcomes(lockout, 4)).to.deep.equal(['failed', 'failed', 'failed', 'refused']);
      expect(await findings(lockout)).to.deep.equal(['WARN_LOCKOUT_COLLECTION_FOREIGN']);
      for (const remove of [() => lockout.cleanup(), () => lockout.removeAttempts({ all: true })]) {
        const error = await remove().catch((thrown: unknown) => thrown);
        expect(error).to.have.nested.property('cause.message').that.includes('the collection lockout_attempts holds');
      }
      await lockout.close();
      expect(warnings(events)).to.include('WARN_LOCKOUT_LOG_LOST');
      expect((await theirs.indexes()).map(({ name }) => name)).to.deep.equal(['_id_']);
      expect(await theirs.countDocuments()).to.equal(THEIRS.length);
    });

    it('does not use it for counts per minute, and still counts and logs logins', async () => {
      const theirs = site.database.connection.collection('lockout_hours');
      await theirs.insertMany(THEIRS);
      const { lockout, events } = start(site.database.store(), { attemptLog: 'await' });

      expect(await outcomes(lockout, 4)).to.deep.equal(['failed', 'failed', 'failed', 'refused']);
      expect((await lockout.attempts()).items).to.have.length(4);
      expect(await findings(lockout)).to.deep.equal(['WARN_LOCKOUT_COLLECTION_FOREIGN']);
      expect(warnings(events)).to.deep.equal(['WARN_LOCKOUT_COLLECTION_FOREIGN']);
      const error = await lockout.attemptCounts().catch((thrown: unknown) => thrown);
      expect(error).to.have.nested.property('cause.message').that.includes('the collection lockout_hours holds');
      expect(await theirs.countDocuments()).to.equal(THEIRS.length);
    });

    it('recognizes it even by its last document', async () => {
      const first = start(site.database.store());
      await guess(first.lockout);
      await site.database.connection.collection('lockouts').insertOne({ title: 'theirs' });
      expect(await findings(start(site.database.store()).lockout)).to.deep.equal(['WARN_LOCKOUT_COLLECTION_FOREIGN']);
    });

    it('follows onStoreError', async () => {
      await site.database.connection.collection('lockouts').insertMany(THEIRS);
      const { lockout } = start(site.database.store(), { onStoreError: 'allow' });
      expect(await outcomes(lockout, 4)).to.deep.equal(Array(4).fill('failed'));
    });

    it('works under a prefix, and again once the collection is its own', async () => {
      await site.database.connection.collection('lockouts').insertMany(THEIRS);
      const { lockout } = start(site.database.store({ prefix: 'login_' }));
      expect(await outcomes(lockout, 1)).to.deep.equal(['failed']);

      const refused = start(site.database.store());
      expect(await outcomes(refused.lockout, 1)).to.deep.equal(['refused']);
      await site.database.connection.collection('lockouts').deleteMany({});
      expect(await outcomes(refused.lockout, 1)).to.deep.equal(['failed']);
    });

    it('neither exposes nor removes foreign documents added since by list, attempts, cleanup or removeAttempts', async () => {
      const { lockout } = start(site.database.store(), { dimensions: ['username'] });
      await guess(lockout);
      await guess(lockout);
      for (const name of ['lockouts', 'lockout_attempts']) {
        await site.database.connection.collection(name).insertMany(THEIRS);
      }

      expect((await lockout.list({ locked: false })).items).to.have.length(1);
      expect((await lockout.attempts()).items).to.have.length(2);
      await lockout.cleanup();
      expect(await lockout.removeAttempts({ all: true })).to.equal(2);
      for (const name of ['lockouts', 'lockout_attempts']) {
        const left = await site.database.connection.collection(name).countDocuments({ madeBy: { $exists: false } });
        expect(left, name).to.equal(THEIRS.length);
      }
    });
  });

  it('recognizes unmarked records of 0.1.0 as its own and marks them when it writes them', async () => {
    const { lockout } = start(site.database.store());
    await guess(lockout);
    const records = site.database.connection.collection('lockouts');
    await records.updateMany({}, { $unset: { madeBy: 1 } });

    const later = start(site.database.store());
    expect(await findings(later.lockout)).to.deep.equal([]);
    expect(await outcomes(later.lockout, 3)).to.deep.equal(['failed', 'failed', 'refused']);
    expect(await records.countDocuments({ madeBy: 'passport-lockout' })).to.equal(2);
  });

  describe('with indexes', () => {
    it('works beside an index on expiresAt that removes nothing', async () => {
      await site.database.connection.collection('lockouts').createIndex({ expiresAt: 1 });
      const { lockout } = start(site.database.store());
      expect(await outcomes(lockout, 4)).to.deep.equal(['failed', 'failed', 'failed', 'refused']);
      expect(await findings(lockout)).to.deep.equal([]);
    });

    it('works without the right to create any, and reports that once', async () => {
      site.proxy.refuse('createIndexes', () => UNAUTHORIZED);
      const { lockout, events, store } = start(site.database.storeThrough(site.proxy.uri));

      expect(await outcomes(lockout, 4)).to.deep.equal(['failed', 'failed', 'failed', 'refused']);
      await store.close();
      expect(events.of('store_error')).to.deep.equal([]);
      expect(await findings(lockout)).to.deep.equal(Array(5).fill('WARN_LOCKOUT_INDEX_MISSING'));
      const said = events.of('warning').map(({ message }) => message);
      expect(said).to.have.length(4);
      for (const message of said)
        expect(message).to.match(/could not be made \(Unauthorized, code 13\).*logins go on$/);

      await site.proxy.resume();
      expect(await findings(lockout)).to.deep.equal([]);
    });

    it('reports nothing if somebody else has created them', async () => {
      await start(site.database.store()).lockout.check();
      site.proxy.refuse('createIndexes', () => UNAUTHORIZED);
      const { lockout, events } = start(site.database.storeThrough(site.proxy.uri));
      expect(await findings(lockout)).to.deep.equal([]);
      expect(events.of('warning')).to.deep.equal([]);
    });

    it('works if the collections may not be created but exist', async () => {
      await start(site.database.store()).lockout.check();
      site.proxy.refuse('create', () => UNAUTHORIZED);
      const { lockout } = start(site.database.storeThrough(site.proxy.uri));
      expect(await outcomes(lockout, 4)).to.deep.equal(['failed', 'failed', 'failed', 'refused']);
    });
  });

  it('counts without the right to read the source key, and forgives nothing until it may', async () => {
    const isOfSettings = (message: Buffer) => (message.includes('lockout_settings') ? UNAUTHORIZED : undefined);
    for (const command of ['find', 'insert']) site.proxy.refuse(command, isOfSettings);
    const { lockout, events } = start(site.database.storeThrough(site.proxy.uri));

    expect(await outcomes(lockout, 2)).to.deep.equal(['failed', 'failed']);
    await lockout.protect(ALICE, () => true);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 2, takenBack: 0 });
    expect(await outcomes(lockout, 2)).to.deep.equal(['failed', 'refused']);
    expect(warnings(events)).to.deep.equal(['WARN_LOCKOUT_SOURCE_KEY_MISSING']);
    expect(await findings(lockout)).to.deep.equal(['WARN_LOCKOUT_SOURCE_KEY_MISSING']);

    await site.proxy.resume();
    expect(await findings(lockout)).to.deep.equal([]);
    await lockout.unblock({ username: 'alice' });
    await guess(lockout);
    await lockout.protect(ALICE, () => true);
    expect(await lockout.status({ username: 'alice' })).to.include({ failures: 0 });
  });

  it('answers 503 and reports why if a primary steps down, and continues with the next', async () => {
    const { lockout, events } = start(site.database.storeThrough(site.proxy.uri));
    await guess(lockout);
    for (const command of ['findAndModify', 'update'])
      site.proxy.refuse(command, () => ({ code: 10_107, codeName: 'NotWritablePrimary' }));
    expect(await outcomes(lockout, 1)).to.deep.equal(['refused']);
    expect(events.of('store_error').map(({ operation }) => operation)).to.deep.equal(['reserve']);
    expect(await findings(lockout)).to.deep.equal(['WARN_LOCKOUT_STORE_UNWRITABLE']);

    await site.proxy.resume();
    expect(await outcomes(lockout, 3)).to.deep.equal(['failed', 'failed', 'refused']);
  });

  describe('on a connection', () => {
    const SOON: LockoutOptions = { storeTimeout: { milliseconds: 50 } };

    it('X34 that nobody has opened names it as such, with a remedy', async () => {
      const { lockout, events } = start(new MongoStore(mongoose.createConnection()), SOON);
      expect(await outcomes(lockout, 1)).to.deep.equal(['refused']);
      expect(events.of('store_error')[0]?.error.message).to.match(
        /within 50 ms: the mongoose connection was never opened; call mongoose\.connect\(\).*getConnectionToken\(\)$/,
      );
      const error = await lockout.check().catch((thrown: unknown) => thrown);
      expect(error).to.have.property('message').that.includes('was never opened');
    });

    it('X34 that cannot be opened names the reason and the server, without credentials', async () => {
      const connection = mongoose.createConnection('mongodb://root:hunter2@127.0.0.1:1/app');
      connection.asPromise().catch(() => {});
      await once(connection.getClient(), 'serverHeartbeatFailed');
      const { lockout, events } = start(new MongoStore(connection), SOON);
      expect(await outcomes(lockout, 1)).to.deep.equal(['refused']);
      expect(events.of('store_error')[0]?.error.message).to.match(
        /: the mongoose connection is still being opened: connect ECONNREFUSED 127\.0\.0\.1:1$/,
      );
      await connection.destroy();
    });

    it('X34 that nobody has opened is the cause of the refusal, which is not shown to the client', async () => {
      const { lockout } = start(new MongoStore(mongoose.createConnection()), SOON);
      const { locked } = (await lockout.protect(ALICE, () => true)) as { readonly locked: LockedInfo };

      expect(locked.cause).to.have.property('code', 'ERR_LOCKOUT_STORE_TIMEOUT');
      expect(locked.cause).to.have.property('message').that.includes('was never opened');
      expect(JSON.stringify(locked)).not.to.include('mongoose');
    });

    for (const [version, driver] of [
      ['mongoose 9', mongoose],
      ['mongoose 8', mongoose8],
    ] as const) {
      it(`of ${version} that could not be opened names it as such, and not as lost`, async () => {
        const connection = driver.createConnection() as mongoose.Connection;
        const { lockout, events } = start(new MongoStore(connection), SOON);
        const opening = connection.openUri(NO_SERVER, { serverSelectionTimeoutMS: 1 }).catch((error: unknown) => error);
        expect(await opening).to.be.an('error');

        expect(await outcomes(lockout, 1)).to.deep.equal(['refused']);
        expect(events.of('store_error')[0]?.error.message).to.match(
          /within 50 ms: the mongoose connection could not be opened, and mongoose does not try again; the error of connect\(\) says why/,
        );
      });
    }

    it('that was closed names it as such', async () => {
      const connection = site.database.connect();
      await connection.asPromise();
      const { lockout, events } = start(new MongoStore(connection), SOON);
      await connection.close();
      expect(await outcomes(lockout, 1)).to.deep.equal(['refused']);
      const { message, cause } = events.of('store_error')[0]?.error ?? new Error('none');
      expect(`${message} ${String(cause)}`).to.match(/lost or closed|Client must be connected|closed/);
    });

    it('from a function calls that when it first needs it, and no sooner', async () => {
      let asked = 0;
      const store = new MongoStore(() => {
        asked += 1;
        return site.database.connection;
      });
      const { lockout } = start(store);
      expect(asked).to.equal(0);
      expect(await outcomes(lockout, 4)).to.deep.equal(['failed', 'failed', 'failed', 'refused']);
      expect(asked).to.equal(1);
    });

    it('that is invalid names it when it is needed', async () => {
      const { lockout, events } = start(new MongoStore(() => undefined as never));
      expect(await outcomes(lockout, 1)).to.deep.equal(['refused']);
      expect(causes(events)[0]).to.match(/^MongoStore connection: expected a mongoose connection.*got undefined/);
    });
  });
});
