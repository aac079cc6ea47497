/** Every store of ours keeps the contract. */
import mongoose9, { type Connection } from 'mongoose';
import mongoose8 from 'mongoose8';
import { MemoryStore } from '../../lib/index.js';
import { MongoStore } from '../../lib/stores/mongo/index.js';
import { type CreatedStore, storeContract } from '../../lib/testing/index.js';
import { DocumentedMongo } from '../support/servers/documented-mongo/server.js';
import { describeMongo } from '../support/servers/mongo-server/describe-mongo.js';
import { mongoUri } from '../support/servers/mongo-server/test-environment.js';
import { ScanningStore } from '../support/stores/scanning-store.js';
import { SlowStore } from '../support/stores/slow-store.js';
import { atDepth } from '../support/tools/depth.js';

storeContract({ name: 'MemoryStore', createStore: (options) => ({ store: new MemoryStore(options) }) });

storeContract({
  name: 'SlowStore',
  createStore: (options) => ({ store: new SlowStore(options) }),
  attemptLog: false,
  activityLog: false,
  restore: false,
  countLocked: false,
  readAll: false,
  inspect: false,
  several: false,
});

storeContract({
  name: 'ScanningStore',
  createStore: (options) => ({ store: new ScanningStore(options) }),
  histories: 50,
});

const MONGOOSES = [
  { name: 'mongoose 9', mongoose: mongoose9, clock: true, histories: atDepth({ quick: 50, deep: 1_000 }) },
  { name: 'mongoose 8', mongoose: mongoose8, clock: true, histories: atDepth({ quick: 10, deep: 100 }) },
  { name: "mongoose 9 by the server's clock", mongoose: mongoose9, clock: false, histories: 0 },
];

for (const { name, mongoose, clock, histories } of MONGOOSES) {
  describeMongo(`With ${name},`, () => {
    const createStore = storesOn(mongoose as typeof mongoose9, mongoUri);

    storeContract({ name: 'MongoStore', createStore, clock, histories });
  });
}

// FerretDB has another engine than MongoDB: a second opinion on what our updates mean.
describe("With MongoDB's operators as its manual describes them,", () => {
  let server: DocumentedMongo;
  before(async () => {
    server = await DocumentedMongo.start();
  });
  const createStore = storesOn(mongoose9, () => server.uri);
  after(() => server.stop());

  storeContract({ name: 'MongoStore', createStore, histories: atDepth({ quick: 50, deep: 1_000 }) });
});

/** To be called in a suite: one connection for all of its stores. */
function storesOn(mongoose: typeof mongoose9, uriOf: () => string) {
  let connection: Connection;
  /** Prefixes whose collections are empty: making collections and indexes anew for each test takes long. */
  const empty: string[] = [];
  let prefixes = 0;

  before(async () => {
    const dbName = `contract_${process.pid}_${Math.random().toString(36).slice(2)}`;
    connection = await mongoose.createConnection(uriOf(), { dbName }).asPromise();
  });
  after(async () => {
    await connection.dropDatabase();
    await connection.close();
  });

  return async (options: { readonly clock?: () => number }): Promise<CreatedStore> => {
    const prefix = empty.pop() ?? `contract${++prefixes}_`;
    const dispose = async () => {
      for (const name of ['lockouts', 'lockout_attempts', 'lockout_hours', 'lockout_activity'])
        await connection.collection(`${prefix}${name}`).deleteMany({});
      empty.push(prefix);
    };
    const store = new MongoStore(connection, { ...options, prefix });
    // The key of the sources is there then, however busy the server is.
    await store.inspect();
    return { store, dispose };
  };
}
