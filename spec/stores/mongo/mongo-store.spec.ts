/** What MongoStore makes of the caller's connection. */
import { expect } from 'chai';
import mongoose, { type Connection } from 'mongoose';
import mongoose8 from 'mongoose8';
import { Lockout, LockoutConfigError } from '../../../lib/index.js';
import { MongoStore } from '../../../lib/stores/mongo/index.js';
import { describeMongo } from '../../support/servers/mongo-server/describe-mongo.js';
import { mongoUri } from '../../support/servers/mongo-server/test-environment.js';
import { CommandLog } from '../../support/stores/command-log.js';
import { MongoDatabase } from '../../support/stores/mongo-database.js';
import { PATIENT } from '../../support/stores/patient.js';

const ALICE = { username: 'alice' };
const LIMIT_3 = {
  dimensions: ['username'],
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
  attemptLog: 'await',
} as const;

describe('The constructor of MongoStore', () => {
  const unopened = mongoose.createConnection();
  const WRONG: readonly [string, readonly unknown[], RegExp][] = [
    ['no connection', [], /connection: expected a mongoose connection.*got undefined/],
    ['null', [null], /connection: expected a mongoose connection.*got null/],
    ['a connection string', ['mongodb://user:secret@host/db'], /connection: expected a mongoose connection/],
    ['a promise of a connection', [unopened.asPromise()], /connection: expected a mongoose connection/],
    [
      "the driver's client",
      [new mongoose.mongo.MongoClient('mongodb://127.0.0.1:1')],
      /connection: expected a mongoose/,
    ],
    ['a prefix that is not a string', [unopened, { prefix: 7 }], /prefix.*expected a string.*got 7/],
    ['a prefix with a $', [unopened, { prefix: 'a$' }], /prefix.*at most 64 letters/],
    ['a prefix that is too long', [unopened, { prefix: 'x'.repeat(65) }], /prefix.*at most 64 letters/],
    ['a clock that is not a function', [unopened, { clock: 7 }], /clock.*a function that returns epoch milliseconds/],
    ['an unknown option', [unopened, { prefx: 'a_' }], /prefx/],
  ];
  for (const [what, args, message] of WRONG) {
    it(`throws for ${what}`, () => {
      const create = () => Reflect.construct(MongoStore, args);
      expect(create).to.throw(LockoutConfigError, message);
      expect(create).not.to.throw(/secret/);
    });
  }

  it('creates no model if an option is invalid', () => {
    expect(() => new MongoStore(unopened, { prefix: 'a$' })).to.throw(LockoutConfigError);
    expect(unopened.modelNames()).to.deep.equal([]);
  });
});

describeMongo('MongoStore', () => {
  let database: MongoDatabase;

  beforeEach(async () => {
    database = await MongoDatabase.create();
  });
  afterEach(() => database.drop());

  async function fail(store: MongoStore, count: number): Promise<Lockout> {
    const lockout = new Lockout({ ...PATIENT, ...LIMIT_3, store });
    for (let index = 0; index < count; index += 1) await lockout.protect(ALICE, () => false);
    return lockout;
  }

  async function indexesOf(collection: string): Promise<readonly object[]> {
    const indexes = await database.connection.collection(collection).indexes();
    return indexes.map(({ key, expireAfterSeconds }) => ({
      ...key,
      ...(expireAfterSeconds !== undefined && { expireAfterSeconds }),
    }));
  }

  it('sends no command before the first operation', async () => {
    const commands = new CommandLog(database.connection);
    const store = database.store();
    await database.connection.db?.command({ ping: 1 });
    expect(commands.take()).to.deep.equal([]);
    await store.read('username=nobody');
    await store.close();
    expect(commands.take()).to.include.members(['create', 'createIndexes', 'find']);
    await store.read('username=nobody');
    expect(commands.take()).to.deep.equal(['find']);
  });

  it('creates these indexes and no others', async () => {
    const store = database.store();
    await fail(store, 1);
    await store.close();
    expect(await indexesOf('lockouts')).to.have.deep.members([
      { _id: 1 },
      { lockedUntil: 1, _id: 1 },
      { dimension: 1, lockedUntil: 1, _id: 1 },
      { 'parts.username': 1, _id: 1 },
      { 'parts.ip': 1, _id: 1 },
      { expiresAt: 1, expireAfterSeconds: 0 },
    ]);
    expect(await indexesOf('lockout_attempts')).to.have.deep.members([
      { _id: 1 },
      { at: -1, _id: -1 },
      { username: 1, at: -1, _id: -1 },
      { ip: 1, at: -1, _id: -1 },
      { outcome: 1, at: -1, _id: -1 },
      { expiresAt: 1, expireAfterSeconds: 0 },
    ]);
    await store.inspect();
    expect(await indexesOf('lockout_activity')).to.have.deep.members([
      { _id: 1 },
      { at: -1, _id: -1 },
      { by: 1, at: -1, _id: -1 },
      { action: 1, at: -1, _id: -1 },
      { key: 1, at: -1, _id: -1 },
      { 'parts.username': 1 },
      { 'lifted.parts.username': 1 },
      { expiresAt: 1, expireAfterSeconds: 0 },
    ]);
    expect(await indexesOf('lockout_hours')).to.have.deep.members([
      { _id: 1 },
      { expiresAt: 1, expireAfterSeconds: 0 },
    ]);
  });

  it('creates them once if many stores start at the same time', async () => {
    const connections = await Promise.all(Array.from({ length: 5 }, () => database.connect().asPromise()));
    const stores = connections.flatMap((connection) => [new MongoStore(connection), new MongoStore(connection)]);
    const replies = await Promise.all(stores.map((store) => store.read('username=nobody')));
    expect(replies).to.deep.equal(Array(10).fill(null));
    await Promise.all(stores.map((store) => store.inspect()));
    expect(await indexesOf('lockouts')).to.have.length(6);
    expect(await indexesOf('lockout_attempts')).to.have.length(6);
  });

  it('shares one state between stores of the same prefix on one connection', async () => {
    await fail(database.store(), 2);
    const lockout = await fail(database.store(), 1);
    expect(await lockout.status(ALICE)).to.include({ locked: true, failures: 3 });
  });

  it('separates stores of different prefixes on one connection', async () => {
    const first = await fail(database.store({ prefix: 'first_' }), 3);
    const second = await fail(database.store({ prefix: 'second.' }), 1);
    expect((await first.status(ALICE)).failures).to.equal(3);
    expect((await second.status(ALICE)).failures).to.equal(1);
    const names = (await database.connection.listCollections()).map(({ name }) => name);
    expect(names).to.have.members([
      'first_lockouts',
      'first_lockout_attempts',
      'first_lockout_hours',
      'first_lockout_settings',
      'second.lockouts',
      'second.lockout_attempts',
      'second.lockout_hours',
      'second.lockout_settings',
    ]);
  });

  it("does not affect the caller's own models and the pluralized names they may have", async () => {
    const Own = database.connection.model('lockout', new mongoose.Schema({ name: String }));
    await Own.create({ name: 'mine' });
    const lockout = await fail(database.store({ prefix: 'pl_' }), 3);
    expect((await lockout.status(ALICE)).locked).to.equal(true);
    expect(await Own.countDocuments()).to.equal(1);
  });

  const WAYS: readonly [string, typeof mongoose, (own: typeof mongoose) => Promise<Connection>][] = [
    [
      'mongoose.connection',
      mongoose,
      async (own) => {
        await own.connect(mongoUri(), { dbName: database.name });
        return own.connection;
      },
    ],
    ['createConnection', mongoose, async (own) => own.createConnection(mongoUri(), { dbName: database.name })],
    [
      'useDb',
      mongoose,
      async (own) => (await own.createConnection(mongoUri()).asPromise()).useDb(database.name, { useCache: true }),
    ],
    [
      'mongoose.connection of mongoose 8',
      mongoose8,
      async (own) => {
        await own.connect(mongoUri(), { dbName: database.name });
        return own.connection;
      },
    ],
    [
      'createConnection of mongoose 8',
      mongoose8,
      async (own) => own.createConnection(mongoUri(), { dbName: database.name }),
    ],
  ];
  for (const [what, copy, connect] of WAYS) {
    it(`works on ${what}, and never closes it`, async () => {
      const own = new copy.Mongoose() as unknown as typeof mongoose;
      try {
        const connection = await connect(own);
        const lockout = await fail(new MongoStore(connection), 3);
        expect(await lockout.status(ALICE)).to.include({ locked: true, failures: 3 });
        expect((await lockout.attempts()).items).to.have.length(3);

        await lockout.close();
        await lockout.close();
        expect(connection.readyState).to.equal(1);
        expect(await connection.collection('lockouts').countDocuments()).to.equal(1);
      } finally {
        await own.disconnect();
      }
    });
  }

  it('counts on one state from mongoose 8 and 9 at once', async () => {
    const older = mongoose8.createConnection(mongoUri(), { dbName: database.name });
    try {
      await fail(new MongoStore(older), 2);
      expect((await (await fail(database.store(), 1)).status(ALICE)).locked).to.equal(true);
    } finally {
      await older.close();
    }
  });
});
