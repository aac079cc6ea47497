/** Connects by node-redis, of which only this much is used. */
import { CONNECT_TIMEOUT_MS } from './database.js';
import type { ClientPackage, OpenedClient } from './redis-client.js';

interface Client {
  readonly isOpen: boolean;
  on(event: 'error', listener: () => void): unknown;
  connect(): Promise<unknown>;
  destroy(): void;
  sendCommand(args: string[]): Promise<unknown>;
}

interface Cluster extends Omit<Client, 'sendCommand'> {
  getSlotRandomNode(): unknown;
  sendCommand(firstKey: string | undefined, isReadonly: boolean | undefined, args: string[]): Promise<unknown>;
}

interface NodeRedis {
  createClient(options: object): Client;
  createClientPool(options: object): unknown;
  createCluster(options: object): Cluster;
}

const SOCKET = { connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy: false };

export const nodeRedis: ClientPackage = {
  name: 'redis',

  isUsable: (loaded) => {
    const { createClientPool } = loaded as Partial<NodeRedis>;
    // New in version 5.
    return typeof createClientPool === 'function';
  },

  async open(loaded, url) {
    const client = (loaded as NodeRedis).createClient({ url: url.href, socket: SOCKET });
    return { ...(await connected(client)), client, info: (section) => client.sendCommand(['INFO', section]) };
  },

  async openCluster(loaded, { href, protocol, username, password }) {
    // The other nodes are named by the server, without credentials.
    const defaults = {
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      socket: { ...SOCKET, ...(protocol === 'rediss:' && { tls: true }) },
    };
    const client = (loaded as NodeRedis).createCluster({ rootNodes: [{ url: href }], defaults });
    return { ...(await connected(client)), client };
  },
};

async function connected(client: Client | Cluster): Promise<Pick<OpenedClient, 'close'>> {
  // Each command fails with the same error; without a listener, this one would end the process.
  client.on('error', () => {});
  await client.connect();
  return {
    close: () => {
      // It throws if the server has closed the connection before.
      if (client.isOpen) client.destroy();
    },
  };
}
