/**
 * A cluster of three nodes, and what is counted while a slot moves between them. Meanwhile the servers answer TRYAGAIN for subjects
 * of which one is on each side or on neither: that is a failing store.
 */
import { expect } from 'chai';
import { Cluster as IoredisCluster6 } from 'ioredis';
import { Cluster as IoredisCluster5 } from 'ioredis5';
import { createCluster as createCluster6 } from 'redis';
import { createCluster as createCluster5 } from 'redis5';
import { Lockout, type LockoutOptions } from '../../../lib/index.js';
import { type RedisClient, RedisStore } from '../../../lib/stores/redis/index.js';
import { RedisCluster } from '../../support/servers/redis-cluster.js';
import { PATIENT } from '../../support/stores/patient.js';
import { atDepth } from '../../support/tools/depth.js';
import { until } from '../../support/tools/until.js';

const OPTIONS: LockoutOptions = {
  ...PATIENT,
  dimensions: ['username', 'ip'],
  tiers: {
    username: [{ failures: 3, cooloff: { minutes: 15 } }],
    ip: [{ failures: 10_000, cooloff: { minutes: 15 } }],
  },
  leaseTimeout: { minutes: 10 },
  busyTimeout: { seconds: 60 },
};
const ATTACKER = '203.0.113.9';
/** While the slot moves. */
const ANSWERS = ['failed', 'ERR_LOCKOUT_LOCKED', 'ERR_LOCKOUT_BUSY', 'ERR_LOCKOUT_STORE_UNAVAILABLE'];
const IN_PARALLEL = 16;
/** Of guesses, between two steps of a move. */
const PROGRESS = atDepth({ quick: 20, deep: 200 });

/** ioredis would ask sixteen times, a tenth of a second apart. */
const IMPATIENT = { retryDelayOnTryAgain: 5 };

const CLIENTS: readonly { readonly name: string; connect(cluster: RedisCluster): Promise<Connected> }[] = [
  {
    name: 'node-redis 6',
    connect: async ({ nodes }) => {
      const client = createCluster6({ rootNodes: nodes.map(({ url }) => ({ url })) });
      await client.connect();
      return { client, close: () => client.destroy() };
    },
  },
  {
    name: 'node-redis 5',
    connect: async ({ nodes }) => {
      const client = createCluster5({ rootNodes: nodes.map(({ url }) => ({ url })) });
      await client.connect();
      return { client, close: () => client.destroy() };
    },
  },
  {
    name: 'ioredis 6',
    connect: async ({ nodes }) => {
      const client = new IoredisCluster6(
        nodes.map(({ port }) => ({ host: '127.0.0.1', port })),
        IMPATIENT,
      );
      return { client, close: () => client.disconnect() };
    },
  },
  {
    name: 'ioredis 5',
    connect: async ({ nodes }) => {
      const client = new IoredisCluster5(
        nodes.map(({ port }) => ({ host: '127.0.0.1', port })),
        IMPATIENT,
      );
      return { client, close: () => client.disconnect() };
    },
  },
];

interface Connected {
  readonly client: RedisClient;
  close(): unknown;
}

describe('On a Redis cluster of three nodes, a lockout', () => {
  let cluster: RedisCluster;
  let lockouts: Lockout[];
  let connected: Connected[];
  let slot: number;
  let guessed: Guessed;

  before(async () => {
    cluster = await RedisCluster.start(3);
    slot = await cluster.slotOf('{passport-lockout}:');
  });
  after(() => cluster.stop());
  beforeEach(async () => {
    await cluster.clear();
    guessed = new Guessed();
  });
  afterEach(async () => {
    for (const lockout of lockouts) await lockout.close();
    for (const { close } of connected) await close();
  });

  /** One lockout for each client, as if each were a process. */
  async function open(clients: typeof CLIENTS): Promise<void> {
    connected = await Promise.all(clients.map(({ connect }) => connect(cluster)));
    lockouts = connected.map(({ client }) => new Lockout({ ...OPTIONS, store: new RedisStore(client) }));
  }

  const guess = async (index: number, username: string) => {
    const lockout = lockouts[index % lockouts.length] as Lockout;
    const result = await lockout.protect({ username, ip: ATTACKER }, () => {
      guessed.verified(username);
      return false;
    });
    guessed.answered(result.outcome === 'refused' ? result.locked.code : result.outcome);
  };

  for (const client of CLIENTS) {
    it(`verifies 3 of 40 wrong guesses in parallel, with ${client.name}`, async () => {
      await open([client]);
      await Promise.all(Array.from({ length: 40 }, (_, index) => guess(index, 'alice')));

      expect(guessed.of('alice')).to.equal(3);
      expect(await lockouts[0]?.status({ username: 'alice' })).to.include({ failures: 3, locked: true });
    });

    it(`verifies no more than 3 guesses at any name while the slot moves twice, with ${client.name}`, async () => {
      await open([client, client]);
      await moveUnderLoad();
    });
  }

  it('verifies no more than 3 guesses at any name while the slot moves twice, with all clients at once', async () => {
    await open(CLIENTS);
    await moveUnderLoad();
  });

  /** Forty guesses at each of ever new names, while the slot moves on twice. */
  async function moveUnderLoad(): Promise<void> {
    let next = 0;
    let isOver = false;
    const guesser = async () => {
      while (!isOver) {
        const index = next;
        next += 1;
        await guess(index, `user ${Math.floor(index / 40)}`);
      }
    };
    const guessers = Promise.all(Array.from({ length: IN_PARALLEL }, guesser));
    const progress = async () => {
      const before = guessed.answers;
      await until(() => guessed.answers >= before + PROGRESS, 'guesses are answered while the slot moves');
    };
    await progress();
    await cluster.move(slot, progress);
    await progress();
    await cluster.move(slot, progress);
    await progress();
    isOver = true;
    await guessers;

    expect(guessed.most).to.equal(3);
    expect(guessed.codes).to.include.keys('failed', 'ERR_LOCKOUT_STORE_UNAVAILABLE');
    expect(ANSWERS).to.include.members(Object.keys(guessed.codes));
    // At rest again, it is exact.
    await Promise.all(Array.from({ length: 40 }, (_, index) => guess(index, 'after all')));
    expect(guessed.of('after all')).to.equal(3);
  }
});

/** What became of guesses. */
class Guessed {
  answers = 0;
  readonly #verified = new Map<string, number>();
  readonly #codes = new Map<string, number>();

  get most(): number {
    return Math.max(...this.#verified.values());
  }

  get codes(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#codes);
  }

  of(username: string): number {
    return this.#verified.get(username) ?? 0;
  }

  verified(username: string): void {
    this.#verified.set(username, this.of(username) + 1);
  }

  answered(code: string): void {
    this.answers += 1;
    this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
  }
}
