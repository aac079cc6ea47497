import type { Connection, mongo } from 'mongoose';
import { MongoStore } from '../../lib/stores/mongo/index.js';
import { createOursForAll } from '../compare/ours.js';
import { withDatabase } from '../compare/stores/database.js';
import { toMiB } from '../report.js';
import type { WithPair } from './pair.js';

const BATCH = 5_000;
const NAMES = 100;

/** Fills the one collection with copies of the records that the store itself has made, under other names. */
export const withTwoCollections: WithPair = (subjects, use) =>
  withDatabase(async (connect, server) => {
    const connection = await connect();
    const empty = createOursForAll(new MongoStore(connection, { prefix: 'empty_' }));
    const full = createOursForAll(new MongoStore(connection, { prefix: 'full_' }));
    await full.login({ username: 'someone', password: 'wrong', ip: '198.18.0.1' });
    const startedAt = performance.now();
    await fill(connection.collection('full_lockouts') as unknown as mongo.Collection<mongo.Document>, subjects);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    const description = `${server}; ${subjects.toLocaleString('en')} records in ${seconds} s, ${await sizes(connection)}`;
    await use({ description, empty, full, names: NAMES });
    await empty.close?.();
    await full.close?.();
  });

async function fill(lockouts: mongo.Collection<mongo.Document>, subjects: number): Promise<void> {
  const models = await lockouts.find().toArray();
  if (models.length === 0) throw new Error('the login that was to make the first records made none');
  for (let start = 0; start < subjects; start += BATCH) {
    const copies = Array.from({ length: Math.min(BATCH, subjects - start) }, (_, offset) => {
      const { dimension, parts: _parts, ...rest } = models[offset % models.length] as mongo.Document;
      const value = `someone-${start + offset}`;
      return { ...rest, _id: `${dimension}=${value}` as never, dimension, parts: { [dimension as string]: value } };
    });
    await lockouts.insertMany(copies, { ordered: false });
  }
}

async function sizes(connection: Connection): Promise<string> {
  const stats = await connection.db?.command({ collStats: 'full_lockouts' });
  return `documents ${toMiB(stats?.['size'])} MiB, indexes ${toMiB(stats?.['totalIndexSize'])} MiB (collStats)`;
}
