/** Opens the store of a worker, or of the driver that reads it at the end. */
import type { Connection } from 'mongoose';
import type { Lockout, LockoutStore } from '../../lib/index.js';
import { MemoryStore } from '../../lib/index.js';
import { AGENT } from './client.js';
import { monotonicMs } from './journal.js';
import type { Evidence } from './records.js';

export type StoreAddress =
  | { readonly kind: 'memory' }
  | { readonly kind: 'redis'; readonly url: string }
  | { readonly kind: 'mongo'; readonly uri: string; readonly dbName: string };

export interface OpenedStore {
  readonly store: LockoutStore;
  /** What the store says when all is over. */
  readonly final: (lockout: Lockout) => Promise<NonNullable<Evidence['final']>>;
  readonly close: () => Promise<void>;
}

/** So that the log is full early, and the heap then flat. */
const MEMORY_LOG = 5_000;
const REDIS_LOG = 500_000;
const PAGE = 1_000;

export async function openStore(address: StoreAddress): Promise<OpenedStore> {
  if (address.kind === 'memory')
    return withFinal(new MemoryStore({ maxAttempts: MEMORY_LOG }), async () => {}, MEMORY_LOG);
  if (address.kind === 'redis') {
    const { createClient } = await import('redis');
    const { RedisStore } = await import('../../lib/stores/redis/index.js');
    const client = createClient({ url: address.url, socket: { reconnectStrategy: RECONNECT_MS } });
    // A connection that is cut is made anew.
    client.on('error', () => {});
    await client.connect();
    return withFinal(new RedisStore(client, { maxAttempts: REDIS_LOG }), async () => client.destroy(), REDIS_LOG);
  }
  const { default: mongoose } = await import('mongoose');
  const { MongoStore } = await import('../../lib/stores/mongo/index.js');
  const options = { dbName: address.dbName, serverSelectionTimeoutMS: 1_000, heartbeatFrequencyMS: 500 };
  let connection = mongoose.createConnection(address.uri, options);
  // A process may start while the connections are cut.
  while (!(await isOpened(connection))) {
    await connection.close(true);
    connection = mongoose.createConnection(address.uri, options);
  }
  return withFinal(new MongoStore(connection), () => connection.close(true));
}

function isOpened(connection: Connection): Promise<boolean> {
  return connection.asPromise().then(
    () => true,
    () => false,
  );
}

const RECONNECT_MS = 100;

/** @param logBound - how many entries of the log it keeps */
function withFinal(store: LockoutStore, close: () => Promise<void>, logBound = Number.POSITIVE_INFINITY): OpenedStore {
  return { store, close, final: (lockout) => readAll(lockout, logBound) };
}

async function readAll(lockout: Lockout, logBound: number): Promise<NonNullable<Evidence['final']>> {
  const at = monotonicMs();
  const records = [];
  for await (const { key, failures, verifying } of lockout.list({ locked: false, limit: PAGE }))
    records.push({ key, failures, verifying });
  const log = [];
  let entries = 0;
  for await (const { userAgent, outcome } of lockout.attempts({ limit: PAGE })) {
    entries += 1;
    if (userAgent?.startsWith(AGENT)) log.push({ id: userAgent.slice(AGENT.length), outcome });
  }
  return { at, records, log, isLogWhole: entries < logBound };
}
