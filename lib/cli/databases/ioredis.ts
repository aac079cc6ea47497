/** Connects by ioredis, of which only this much is used. */
import { CONNECT_TIMEOUT_MS } from './database.js';
import type { ClientPackage, OpenedServer } from './redis-client.js';

interface Client {
  on(event: 'error', listener: (error: unknown) => void): unknown;
  connect(): Promise<unknown>;
  disconnect(): void;
  call(command: string, args: string[]): Promise<unknown>;
  sendCommand(command: object): unknown;
}

interface Ioredis {
  readonly Redis: new (url: string, options: object) => Client;
  readonly Cluster: new (nodes: readonly object[], options: object) => Client;
}

const DEFAULT_PORT = 6_379;
const OPTIONS = { connectTimeout: CONNECT_TIMEOUT_MS, retryStrategy: () => null };

export const ioredis: ClientPackage = {
  name: 'ioredis',

  isUsable: (loaded) => typeof (loaded as Partial<Ioredis>).Redis === 'function',

  open: (loaded, { href }) => opened(new (loaded as Ioredis).Redis(href, { ...OPTIONS, lazyConnect: true })),

  openCluster: (loaded, { protocol, hostname, port, username, password }) => {
    const node = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || DEFAULT_PORT };
    const redisOptions = {
      ...OPTIONS,
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      ...(protocol === 'rediss:' && { tls: {} }),
    };
    const options = { redisOptions, lazyConnect: true, clusterRetryStrategy: () => null };
    return opened(new (loaded as Ioredis).Cluster([node], options));
  },
};

async function opened(client: Client): Promise<OpenedServer> {
  // Connecting rejects with "Connection is closed"; why, only this event says.
  let why: unknown;
  client.on('error', (error) => {
    why ??= error;
  });
  try {
    await client.connect();
  } catch (error) {
    client.disconnect();
    throw why ?? error;
  }
  return { client, info: (section) => client.call('INFO', [section]), close: () => client.disconnect() };
}
