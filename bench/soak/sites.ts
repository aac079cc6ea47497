/** Where the soak's workers keep their counts, and what can happen to it: a server, and a proxy on the way there. */
import { randomBytes } from 'node:crypto';
import mongoose from 'mongoose';
import { startMongoServer } from '../../spec/support/servers/mongo-server/mongo-server.js';
import { RedisServer } from '../../spec/support/servers/redis-server.js';
import { TcpProxy } from '../../spec/support/servers/tcp-proxy.js';
import type { StoreAddress } from './stores.js';

/** Something that is done to the store for a while. */
export interface Disturbance {
  readonly what: string;
  readonly begin: () => void | Promise<void>;
  readonly end: () => void | Promise<void>;
}

export interface Site {
  readonly description: string;
  /** For the workers. */
  readonly address: StoreAddress;
  /** For the driver, past the proxy. */
  readonly direct: StoreAddress;
  readonly disturbances: readonly Disturbance[];
  /** Ends every disturbance. */
  readonly calm: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export const SITES: Readonly<Record<string, () => Promise<Site>>> = {
  memory: openMemorySite,
  redis: openRedisSite,
  mongo: openMongoSite,
};

async function openMemorySite(): Promise<Site> {
  const address = { kind: 'memory' } as const;
  const nothing = async () => {};
  return { description: 'one process', address, direct: address, disturbances: [], calm: nothing, close: nothing };
}

async function openRedisSite(): Promise<Site> {
  const server = await RedisServer.start();
  const proxy = await TcpProxy.start(server.url);
  const resume = () => void process.kill(server.pid, 'SIGCONT');
  const pause = {
    what: 'server stopped (SIGSTOP)',
    begin: () => void process.kill(server.pid, 'SIGSTOP'),
    end: resume,
  };
  return {
    description: 'redis-server of its own',
    address: { kind: 'redis', url: `redis://127.0.0.1:${new URL(proxy.uri).port}` },
    direct: { kind: 'redis', url: server.url },
    disturbances: [pause, ...disturbancesOf(proxy, 'EVALSHA')],
    calm: async () => {
      resume();
      await proxy.resume();
    },
    close: async () => {
      await proxy.close();
      await server.stop();
    },
  };
}

async function openMongoSite(): Promise<Site> {
  const server = await startMongoServer();
  if ('unavailable' in server) throw new Error(`there is no MongoDB server; set MONGODB_URI. ${server.unavailable}`);
  const proxy = await TcpProxy.start(server.uri);
  const dbName = `soak_${process.pid}_${randomBytes(3).toString('hex')}`;
  return {
    description: server.description,
    address: { kind: 'mongo', uri: proxy.uri, dbName },
    direct: { kind: 'mongo', uri: server.uri, dbName },
    disturbances: disturbancesOf(proxy, 'findAndModify'),
    calm: () => proxy.resume(),
    close: async () => {
      await proxy.close();
      const connection = await mongoose.createConnection(server.uri, { dbName }).asPromise();
      await connection.dropDatabase();
      await connection.close();
      await server.stop();
    },
  };
}

/** @param command - whose answer is lost: the store has then done what nobody learns of */
function disturbancesOf(proxy: TcpProxy, command: string): readonly Disturbance[] {
  const resume = () => proxy.resume();
  return [
    { what: 'connections cut', begin: () => proxy.cut(), end: resume },
    { what: 'connections held up', begin: () => proxy.hang(), end: resume },
    { what: 'an answer lost', begin: () => void proxy.loseAnswerTo(command), end: () => {} },
  ];
}
