/** The Redis store keeps the contract with every client, on a real server. */
import { Redis as Ioredis6 } from 'ioredis';
import { Redis as Ioredis5 } from 'ioredis5';
import { createClient as createClient6 } from 'redis';
import { createClient as createClient5 } from 'redis5';
import { type RedisClient, RedisStore } from '../../../lib/stores/redis/index.js';
import { type CreatedStore, storeContract } from '../../../lib/testing/index.js';
import { RedisServer } from '../../support/servers/redis-server.js';
import { atDepth } from '../../support/tools/depth.js';

interface Connected {
  readonly client: RedisClient;
  close(): unknown;
}

const nodeRedis6 = async (url: string): Promise<Connected> => {
  const client = await createClient6({ url }).connect();
  return { client, close: () => client.destroy() };
};
const nodeRedis5 = async (url: string): Promise<Connected> => {
  const client = await createClient5({ url }).connect();
  return { client, close: () => client.destroy() };
};
const ioredis6 = async (url: string): Promise<Connected> => {
  const client = new Ioredis6(url);
  return { client, close: () => client.disconnect() };
};
const ioredis5 = async (url: string): Promise<Connected> => {
  const client = new Ioredis5(url);
  return { client, close: () => client.disconnect() };
};

const CLIENTS = [
  { name: 'node-redis 6', connect: nodeRedis6, clock: true, histories: atDepth({ quick: 100, deep: 1_000 }) },
  { name: 'node-redis 5', connect: nodeRedis5, clock: true, histories: atDepth({ quick: 10, deep: 100 }) },
  { name: 'ioredis 6', connect: ioredis6, clock: true, histories: atDepth({ quick: 10, deep: 100 }) },
  { name: 'ioredis 5', connect: ioredis5, clock: true, histories: atDepth({ quick: 10, deep: 100 }) },
  { name: "node-redis 6 by the server's clock", connect: nodeRedis6, clock: false, histories: 0 },
];

for (const { name, connect, clock, histories } of CLIENTS) {
  describe(`With ${name},`, () => {
    let server: RedisServer;
    let connected: Connected;
    let stores = 0;

    before(async () => {
      server = await RedisServer.start();
      connected = await connect(server.url);
    });
    after(async () => {
      await connected.close();
      await server.stop();
    });

    function createStore(options: { readonly clock?: () => number }): CreatedStore {
      stores += 1;
      return { store: new RedisStore(connected.client, { ...options, prefix: `{contract-${stores}}:` }) };
    }

    storeContract({ name: 'RedisStore', createStore, clock, histories });
  });
}
