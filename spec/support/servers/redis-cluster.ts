/** A cluster of real redis-servers on the loopback, without replicas; its slots can be moved while it is used. */
import { createClient } from 'redis';
import { until } from '../tools/until.js';
import { freePort } from './ldap-server.js';
import { RedisServer } from './redis-server.js';

const SLOTS = 16_384;
const KEYS_AT_ONCE = 10;
/** In a line of CLUSTER NODES. */
const FIELDS_BEFORE_SLOTS = 8;

interface Node {
  readonly server: RedisServer;
  readonly client: ReturnType<typeof createClient>;
  readonly busPort: number;
  readonly id: string;
}

/** Called between two steps of a move, when the slot is in a state between. */
export type BetweenSteps = () => Promise<unknown>;

export class RedisCluster {
  readonly #nodes: readonly Node[];

  private constructor(nodes: readonly Node[]) {
    this.#nodes = nodes;
  }

  /**
   * @param count - how many nodes share the slots
   * @param password - of every node; none if not given
   */
  static async start(count: number, password?: string): Promise<RedisCluster> {
    const cluster = new RedisCluster(await Promise.all(Array.from({ length: count }, () => startNode(password))));
    await cluster.#join();
    return cluster;
  }

  get nodes(): readonly RedisServer[] {
    return this.#nodes.map(({ server }) => server);
  }

  /** Returns the slot of a key. */
  async slotOf(key: string): Promise<number> {
    return Number(await this.#nodes[0]?.client.sendCommand(['CLUSTER', 'KEYSLOT', key]));
  }

  /** Moves a slot to the next node, as `redis-cli --cluster reshard` does. */
  async move(slot: number, between: BetweenSteps): Promise<void> {
    const number = String(slot);
    const from = await this.#ownerOf(slot);
    const to = this.#nodes[(this.#nodes.indexOf(from) + 1) % this.#nodes.length] as Node;
    await to.client.sendCommand(['CLUSTER', 'SETSLOT', number, 'IMPORTING', from.id]);
    await from.client.sendCommand(['CLUSTER', 'SETSLOT', number, 'MIGRATING', to.id]);
    await between();
    for (;;) {
      const keys = await from.client.sendCommand(['CLUSTER', 'GETKEYSINSLOT', number, String(KEYS_AT_ONCE)]);
      if ((keys as unknown as string[]).length === 0) break;
      const target = ['127.0.0.1', String(to.server.port), '', '0', '60000'];
      await from.client.sendCommand(['MIGRATE', ...target, 'KEYS', ...(keys as unknown as string[])]);
      await between();
    }
    // The new owner first, or for a moment there would be none.
    const rest = this.#nodes.filter((node) => node !== to && node !== from);
    for (const { client } of [to, from, ...rest]) {
      await client.sendCommand(['CLUSTER', 'SETSLOT', number, 'NODE', to.id]);
    }
  }

  async clear(): Promise<void> {
    await Promise.all(this.#nodes.map(({ client }) => client.flushAll()));
  }

  async stop(): Promise<void> {
    for (const { client, server } of this.#nodes) {
      client.destroy();
      await server.stop();
    }
  }

  async #ownerOf(slot: number): Promise<Node> {
    for (const node of this.#nodes) {
      for (const [first, last] of await ownSlots(node)) if (first <= slot && slot <= last) return node;
    }
    throw new Error(`no node has the slot ${slot}`);
  }

  async #join(): Promise<void> {
    const share = Math.ceil(SLOTS / this.#nodes.length);
    for (const [index, { client }] of this.#nodes.entries()) {
      const last = Math.min(SLOTS, share * (index + 1)) - 1;
      await client.sendCommand(['CLUSTER', 'ADDSLOTSRANGE', String(share * index), String(last)]);
      // Else nodes that believe to be of the same age would have to settle that first.
      await client.sendCommand(['CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1)]);
    }
    const [first, ...others] = this.#nodes;
    for (const { server, busPort } of others) {
      await first?.client.sendCommand(['CLUSTER', 'MEET', '127.0.0.1', String(server.port), String(busPort)]);
    }
    for (const { client } of this.#nodes) {
      await until(async () => {
        const info = String(await client.sendCommand(['CLUSTER', 'INFO']));
        return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${this.#nodes.length}\r`);
      }, 'the cluster is complete');
    }
  }
}

async function startNode(password: string | undefined): Promise<Node> {
  // By default it is 10,000 above the other, which may be no port at all.
  const busPort = await freePort();
  const server = await RedisServer.start(
    ...['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1', '--cluster-port', String(busPort)],
    ...(password === undefined ? [] : ['--requirepass', password]),
  );
  const client: Node['client'] = createClient({ url: server.url, ...(password !== undefined && { password }) });
  await client.connect();
  return { server, client, busPort, id: String(await client.sendCommand(['CLUSTER', 'MYID'])) };
}

/** The first and the last slot of each range that a node says is its own. */
async function ownSlots({ client }: Node): Promise<readonly (readonly [first: number, last: number])[]> {
  const nodes = String(await client.sendCommand(['CLUSTER', 'NODES']));
  const own = nodes.split('\n').find((line) => line.includes('myself')) ?? '';
  const ranges = own.split(' ').slice(FIELDS_BEFORE_SLOTS);
  // In brackets: slots that are on their way.
  return ranges
    .filter((range) => !range.startsWith('['))
    .map((range) => {
      const [first = Number.NaN, last = first] = range.split('-').map(Number);
      return [first, last] as const;
    });
}
