/** Both stores, filled. Each keeps what it keeps on a server of the specs, which is emptied or stopped afterwards. */
import type { mongo } from 'mongoose';
import { createClient } from 'redis';
import { UNKNOWN_SUBJECT } from '../../lib/policy/state.js';
import { MongoStore } from '../../lib/stores/mongo/index.js';
import { toDocument } from '../../lib/stores/mongo/lockout-document.js';
import { RedisStore } from '../../lib/stores/redis/index.js';
import type { LockoutStore } from '../../lib/stores/store.js';
import { RedisServer } from '../../spec/support/servers/redis-server.js';
import { withDatabase } from '../compare/stores/database.js';
import { fillLog, type Lock, locksOf } from './data.js';

interface Sizes {
  readonly entries: number;
  readonly locks: number;
}

interface Filled {
  readonly store: LockoutStore;
  readonly description: string;
}

export type WithStore = (sizes: Sizes, use: (filled: Filled) => Promise<void>) => Promise<void>;

const BATCH = 5_000;
const DAY_MS = 86_400_000;
/** The largest log that the store allows. */
const MOST_REDIS_ENTRIES = 1_000_000;

export const withMongo: WithStore = ({ entries, locks }, use) =>
  withDatabase(async (connect, server) => {
    const connection = await connect();
    const store = new MongoStore(connection, { prefix: 'bench_' });
    // Its indexes are made before there is anything to index.
    await store.inspect();
    const collection = connection.collection('bench_lockouts') as unknown as mongo.Collection<mongo.Document>;
    const all = locksOf(locks);
    for (let start = 0; start < all.length; start += BATCH) {
      const documents = all.slice(start, start + BATCH).map(documentOf);
      await collection.insertMany(documents as unknown as mongo.Document[], { ordered: false });
    }
    await fillInThePast((clock) => new MongoStore(connection, { prefix: 'bench_', clock }), entries);
    await use({ store, description: server });
  });

/** As after three failures a minute ago. */
function documentOf({ subject, forMs }: Lock) {
  const now = Date.now();
  return toDocument(subject, {
    ...UNKNOWN_SUBJECT,
    failures: 3,
    lockedUntil: now + forMs,
    forgetAt: now + 7 * DAY_MS,
    firstFailureAt: now - 120_000,
    lastFailureAt: now - 60_000,
    cause: 'tier',
    tier: 0,
    limit: 3,
  });
}

export const withRedis: WithStore = async ({ entries, locks }, use) => {
  const server = await RedisServer.start();
  const client = createClient({ url: server.url });
  await client.connect();
  try {
    const maxAttempts = Math.min(entries, MOST_REDIS_ENTRIES);
    const store = new RedisStore(client, { maxAttempts });
    const all = locksOf(locks);
    for (let start = 0; start < all.length; start += BATCH) {
      await Promise.all(
        all
          .slice(start, start + BATCH)
          .map(({ subject, forMs }) =>
            store.block(subject, { forMs, forgetAfterMs: 7 * DAY_MS, reason: 'an attack', by: 'carol' }),
          ),
      );
    }
    await fillInThePast((clock) => new RedisStore(client, { maxAttempts, clock }), entries);
    const version = /^redis_version:(?<version>\S+)/m.exec(await client.info('server'))?.groups?.['version'];
    const kept = await client.xLen('{passport-lockout}:attempts');
    await use({ store, description: `Redis ${version}; of the log ${kept.toLocaleString('en')} entries are kept` });
  } finally {
    client.destroy();
    await server.stop();
  }
};

async function fillInThePast(create: (clock: () => number) => LockoutStore, entries: number): Promise<void> {
  let agoMs = 0;
  const past = create(() => Date.now() - agoMs);
  await fillLog(past, entries, (ms) => {
    agoMs = ms;
  });
  await past.close?.();
}
