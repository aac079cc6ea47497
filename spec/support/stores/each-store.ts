/** One suite, run on the memory store, on MongoDB and on Redis. */
import { type LockoutStore, MemoryStore } from '../../../lib/index.js';
import { describeMongo } from '../servers/mongo-server/describe-mongo.js';
import { MongoDatabase } from './mongo-database.js';
import { RedisDatabase } from './redis-database.js';

export interface FreshStores {
  /** A store in which nothing is known yet, on this clock if given. */
  fresh(clock?: () => number): LockoutStore | Promise<LockoutStore>;
  /** Whether its attempt log is only bounded as a whole, not for each name. */
  readonly isLogCapped: boolean;
}

export function describeOnEachStore(title: string, body: (stores: FreshStores) => void): void {
  describe(`${title} (MemoryStore)`, () => {
    body({ isLogCapped: false, fresh: (clock) => new MemoryStore(clock ? { clock } : {}) });
  });

  describeMongo(`${title} (MongoStore)`, () => {
    let database: MongoDatabase;
    before(async () => {
      database = await MongoDatabase.create();
    });
    after(() => database.drop());
    body({
      isLogCapped: false,
      fresh: async (clock) => {
        await database.clear();
        return database.store(clock ? { clock } : {});
      },
    });
  });

  describe(`${title} (RedisStore)`, () => {
    let database: RedisDatabase;
    before(async () => {
      database = await RedisDatabase.create();
    });
    after(() => database.drop());
    body({
      isLogCapped: true,
      fresh: async (clock) => {
        await database.clear();
        return database.store(clock ? { clock } : {});
      },
    });
  });
}
