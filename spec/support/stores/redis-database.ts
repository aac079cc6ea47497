/** A Redis server of its own for a suite, and stores on it. */
import { createClient } from 'redis';
import { RedisStore, type RedisStoreOptions } from '../../../lib/stores/redis/index.js';
import { RedisServer } from '../servers/redis-server.js';

export interface CountingStore {
  readonly store: RedisStore;
  calls: number;
}

export class RedisDatabase {
  readonly server: RedisServer;
  readonly client: ReturnType<typeof createClient>;

  private constructor(server: RedisServer) {
    this.server = server;
    this.client = createClient({ url: server.url });
  }

  static async create(): Promise<RedisDatabase> {
    const database = new RedisDatabase(await RedisServer.start());
    await database.client.connect();
    return database;
  }

  store(options: RedisStoreOptions = {}): RedisStore {
    return new RedisStore(this.client, options);
  }

  /**
   * A store that counts the commands it sends.
   *
   * @param onCall - called before each is sent, with its number
   */
  counting(options: RedisStoreOptions = {}, onCall: (calls: number) => void = () => {}): CountingStore {
    const counter = { calls: 0 };
    const sendCommand = (args: string[]) => {
      counter.calls += 1;
      onCall(counter.calls);
      return this.client.sendCommand(args);
    };
    return Object.assign(counter, { store: new RedisStore({ sendCommand }, options) });
  }

  async clear(): Promise<void> {
    await this.client.flushAll();
  }

  async drop(): Promise<void> {
    this.client.destroy();
    await this.server.stop();
  }
}

/** To be called in a suite, for it registers hooks: a server of its own, with nothing in it before each test. */
export function useRedisDatabase(): RedisDatabase {
  const database = Object.create(RedisDatabase.prototype) as RedisDatabase;
  before(async () => {
    Object.assign(database, await RedisDatabase.create());
  });
  after(() => database.drop());
  beforeEach(() => database.clear());
  return database;
}
