/** A Redis server of its own for a suite, and stores on it. */
import { createClient } from 'redis';
import { RedisStore, type RedisStoreOptions } from '../../../lib/stores/redis/index.js';
import { RedisServer } from '../servers/redis-server.js';

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

  async clear(): Promise<void> {
    await this.client.flushAll();
  }

  async drop(): Promise<void> {
    this.client.destroy();
    await this.server.stop();
  }
}
