/** Every client that can send a command is a client of the store, whatever it makes of the replies. */
import { expect } from 'chai';
import { Redis as Ioredis6, Cluster as IoredisCluster6 } from 'ioredis';
import { Redis as Ioredis5, Cluster as IoredisCluster5 } from 'ioredis5';
import {
  createClient as createClient6,
  createCluster as createCluster6,
  createClientPool as createPool6,
  RESP_TYPES,
} from 'redis';
import {
  createClient as createClient5,
  createCluster as createCluster5,
  createClientPool as createPool5,
} from 'redis5';
import type { AttemptEntry } from '../../../lib/stores/attempt-log.js';
import { toConnection } from '../../../lib/stores/redis/client.js';
import { type RedisClient, RedisStore } from '../../../lib/stores/redis/index.js';
import { DAY, ENTRY, REMOVAL, WHOLE_LOG } from '../../../lib/testing/examples.js';
import { policyWith } from '../../policy/examples.js';
import { RedisCluster } from '../../support/servers/redis-cluster.js';
import { RedisServer } from '../../support/servers/redis-server.js';
import { ip, username } from '../examples.js';

interface Connected {
  readonly client: RedisClient;
  close(): unknown;
}
interface NamedClient {
  readonly name: string;
  connect(server: RedisServer): Promise<Connected>;
}

const POLICY = policyWith();
const MARKS = { source: { place: '203.0.113.9', spelling: 'alice' } };
const buffers = { [RESP_TYPES.BLOB_STRING]: Buffer, [RESP_TYPES.NUMBER]: String };

const SINGLE: readonly NamedClient[] = [
  {
    name: 'node-redis 6, RESP3',
    connect: async ({ url }) => {
      const client = await createClient6({ url, RESP: 3 }).connect();
      return { client, close: () => client.destroy() };
    },
  },
  {
    name: 'node-redis 6 that returns buffers and numbers as strings',
    connect: async ({ url }) => {
      const client = await createClient6({ url, commandOptions: { typeMapping: buffers } }).connect();
      return { client, close: () => client.destroy() };
    },
  },
  {
    name: 'a pool of node-redis 6',
    connect: async ({ url }) => {
      const client = createPool6({ url });
      await client.connect();
      return { client, close: () => client.destroy() };
    },
  },
  {
    name: 'node-redis 5, RESP3',
    connect: async ({ url }) => {
      const client = await createClient5({ url, RESP: 3 }).connect();
      return { client, close: () => client.destroy() };
    },
  },
  {
    name: 'a pool of node-redis 5',
    connect: async ({ url }) => {
      const client = createPool5({ url });
      await client.connect();
      return { client, close: () => client.destroy() };
    },
  },
  {
    name: 'ioredis 6 with automatic pipelines and numbers as strings, in another database',
    connect: async ({ url }) => {
      const client = new Ioredis6(url, { enableAutoPipelining: true, stringNumbers: true, db: 3 });
      return { client, close: () => client.disconnect() };
    },
  },
  {
    name: 'ioredis 5 with automatic pipelines and numbers as strings, in another database',
    connect: async ({ url }) => {
      const client = new Ioredis5(url, { enableAutoPipelining: true, stringNumbers: true, db: 3 });
      return { client, close: () => client.disconnect() };
    },
  },
];

const CLUSTERS: readonly NamedClient[] = [
  {
    name: 'a cluster of node-redis 6',
    connect: async ({ url }) => {
      const client = createCluster6({ rootNodes: [{ url }] });
      await client.connect();
      return { client, close: () => client.destroy() };
    },
  },
  {
    name: 'a cluster of node-redis 5',
    connect: async ({ url }) => {
      const client = createCluster5({ rootNodes: [{ url }] });
      await client.connect();
      return { client, close: () => client.destroy() };
    },
  },
  {
    name: 'a cluster of ioredis 6',
    connect: async ({ port }) => {
      const client = new IoredisCluster6([{ host: '127.0.0.1', port }]);
      return { client, close: () => client.disconnect() };
    },
  },
  {
    name: 'a cluster of ioredis 5',
    connect: async ({ port }) => {
      const client = new IoredisCluster5([{ host: '127.0.0.1', port }]);
      return { client, close: () => client.disconnect() };
    },
  },
];

describe('A client of the Redis store', () => {
  describe('on one server', () => {
    let server: RedisServer;
    before(async () => {
      server = await RedisServer.start();
    });
    after(() => server.stop());
    for (const { name, connect } of SINGLE) {
      it(`may be ${name}`, async () => expectAttempts(await connect(server), name));
    }
  });

  describe('on a cluster', () => {
    let cluster: RedisCluster;
    before(async () => {
      cluster = await RedisCluster.start(1);
    });
    after(() => cluster.stop());
    for (const { name, connect } of CLUSTERS) {
      it(`may be ${name}`, async () => expectAttempts(await connect(cluster.nodes[0] as RedisServer), name));
    }
  });

  it('may be a sentinel of node-redis, which takes whether a command only reads first', async () => {
    const sent: unknown[] = [];
    const sentinel = {
      getMasterNode: () => undefined,
      sendCommand: async (isReadonly: boolean | undefined, args: string[]) => sent.push([isReadonly, args]),
    };
    await toConnection(sentinel).send('key', ['GET', 'key']);
    expect(sent).to.deep.equal([[false, ['GET', 'key']]]);
  });

  it('keeps no time of the commands of a login, which storeTimeout limits, and of all others', async () => {
    const sent: unknown[] = [];
    const replies: unknown[] = [1, 1, [1, null]];
    const client: RedisClient = {
      sendCommand: async (_args: string[], ...options: unknown[]) => {
        sent.push(...options);
        return replies.shift();
      },
    };
    const store = new RedisStore(client);
    await store.reserve(username('alice'), POLICY, 'a');
    await store.settle(username('alice'), POLICY, { id: 'a', until: 2 }, 'success');
    await store.read('username=alice');
    expect(sent).to.deep.equal([{ timeout: undefined }, { timeout: undefined }, undefined]);
  });

  it('is refused with a keyPrefix, wherever the client keeps that', () => {
    const sendCommand = async () => null;
    for (const client of [
      new Ioredis6({ lazyConnect: true, keyPrefix: 'app:' }),
      new Ioredis5({ lazyConnect: true, keyPrefix: 'app:' }),
      new IoredisCluster6([], { lazyConnect: true, redisOptions: { keyPrefix: 'app:' } }),
      createClient6({ keyPrefix: 'app:' }),
      createCluster6({ rootNodes: [], keyPrefix: 'app:' }),
      { sendCommand, options: { keyPrefix: 'app:' } },
    ]) {
      expect(() => new RedisStore(client))
        .to.throw(/^RedisStore client: expected a client without keyPrefix, .* the option prefix/)
        .with.property('code', 'ERR_LOCKOUT_OPTION_INVALID');
    }
  });

  it('is refused if it cannot send a command', () => {
    for (const client of [undefined, null, {}, 'redis://127.0.0.1', { call: async () => null }]) {
      expect(() => new RedisStore(client as unknown as RedisClient))
        .to.throw(/^RedisStore client: expected a client of node-redis .* or of ioredis/)
        .with.property('code', 'ERR_LOCKOUT_OPTION_INVALID');
    }
  });
});

/** Some attempts and what an operator then sees: every kind of reply is in it. */
async function expectAttempts({ client, close }: Connected, name: string): Promise<void> {
  const store = new RedisStore(client, { prefix: `{${name.replace(/\W/g, '-').slice(0, 60)}}:` });
  const subjects = [username('alice'), ip('203.0.113.9')];
  try {
    for (let failure = 0; failure < 3; failure += 1) {
      const requests = subjects.map((subject) => ({ subject, policy: POLICY, leaseId: `${subject.key} ${failure}` }));
      const replies = await store.reserveAll(requests);
      const leases = replies.map((reply) =>
        reply.outcome === 'taken' ? reply.lease : { id: reply.outcome, until: 0 },
      );
      await store.settleAll(
        subjects.map((subject, index) => ({
          subject,
          policy: POLICY,
          lease: leases[index] as (typeof leases)[number],
          verdict: 'failure',
          marks: { ...MARKS, guess: `guess ${failure}` },
        })),
      );
    }
    await store.block(username('bob'), {
      forMs: Number.POSITIVE_INFINITY,
      forgetAfterMs: 1,
      reason: 'Zoë',
      by: 'admin',
    });
    const { records } = await store.list({ dimension: undefined, lockedOnly: true, cursor: null, limit: 10 });
    expect(
      records.map(({ key, failures, places, by, lock }) => ({
        key,
        failures,
        places,
        by,
        cause: lock?.cause,
        reason: lock?.reason,
      })),
    ).to.deep.equal([
      { key: 'ip=203.0.113.9', failures: 3, places: 1, by: null, cause: 'tier', reason: null },
      { key: 'username=alice', failures: 3, places: 1, by: null, cause: 'tier', reason: null },
      { key: 'username=bob', failures: 0, places: 0, by: 'admin', cause: 'operator', reason: 'Zoë' },
    ]);
    const all = await store.list({ dimension: undefined, lockedOnly: false, order: 'key', cursor: null, limit: 10 });
    expect(all.records).to.have.length(3);
    await store.attemptLog.append([{ entry: ENTRY, ageMs: 0 }], DAY);
    const [{ id, at: _, ...logged }] = (await store.attemptLog.query(WHOLE_LOG)) as [AttemptEntry];
    expect(logged).to.deep.equal(ENTRY);
    expect(id).to.match(/^[0-9a-z]{16}$/);
    expect((await store.attemptLog.remove(REMOVAL)).removed).to.equal(1);
    const { server, troubles } = await store.inspect();
    expect(server).to.match(/^(?:Redis|Valkey) \d+\./);
    expect(troubles?.map(({ code }) => code)).to.deep.equal(['WARN_LOCKOUT_STORE_FORGETS']);
  } finally {
    await close();
  }
}
