/**
 * `npm run bench:growth`: whether an attempt costs more when a million subjects are known; fails when it does. Uses the
 * server of `MONGODB_URI`, else that of the specs.
 */
import type { Connection, mongo } from 'mongoose';
import { describeMachine } from './machine.js';
import { toMiB } from './mebibytes.js';
import { withDatabase } from './mongo/database.js';
import { KINDS, logIn, prepareClient } from './mongo/kinds.js';
import { measureLatency } from './mongo/rounds.js';
import { createLockout, type System } from './mongo/systems.js';
import { toTable } from './table.js';

const RECORDS = 1_000_000;
const BATCH = 5_000;
const LATENCY = { rounds: 20, callsPerRound: 20 };
/** More than the noise of two measurements that lie minutes apart. */
const MAX_RATIO = 1.5;

await withDatabase(async (connect, server) => {
  console.log(`${describeMachine()}\n${server}\n`);
  const connection = await connect();
  const system = createLockout(connection, 'growth', { audit: 'off', lockCacheTtl: { seconds: 0 } });
  for (const kind of KINDS) await prepareClient(system, kind, 0);

  const few = await medians(system);
  const lockouts = connection.collection('growth_lockouts') as unknown as mongo.Collection<mongo.Document>;
  const startedAt = performance.now();
  await fill(lockouts);
  console.log(
    `${RECORDS.toLocaleString('en')} records inserted in ${seconds(startedAt)} s; ${await sizes(connection)}\n`,
  );
  const many = await medians(system);

  const ratios = KINDS.map((_, index) => (many[index] ?? 0) / (few[index] ?? 1));
  const rows = KINDS.map((kind, index) => [
    kind,
    (few[index] ?? 0).toFixed(2),
    (many[index] ?? 0).toFixed(2),
    (ratios[index] ?? 0).toFixed(2),
  ]);
  console.log(
    toTable([['ms per login, p50', 'no records', `${RECORDS.toLocaleString('en')} records`, 'ratio'], ...rows]),
  );
  const holds = Math.max(...ratios) <= MAX_RATIO;
  console.log(`\nno ratio over ${MAX_RATIO}: ${holds ? 'yes' : 'no'}\n`);
  if (!holds) process.exitCode = 1;
  await system.close();
});

async function medians(system: System): Promise<readonly number[]> {
  const timings = await measureLatency(
    KINDS.map((kind) => () => logIn(system, kind, 0)),
    LATENCY,
  );
  return timings.map(({ p50Us }) => p50Us / 1000);
}

/** Copies of the records that the store itself has made, under other names. */
async function fill(lockouts: mongo.Collection<mongo.Document>): Promise<void> {
  const models = await lockouts.find().toArray();
  for (let start = 0; start < RECORDS; start += BATCH) {
    const copies = Array.from({ length: BATCH }, (_, offset) => {
      const { dimension, subject: _subject, ...rest } = models[offset % models.length] as mongo.Document;
      const value = `someone-${start + offset}`;
      return { ...rest, _id: `${dimension}=${value}` as never, dimension, subject: { [dimension as string]: value } };
    });
    await lockouts.insertMany(copies, { ordered: false });
  }
}

async function sizes(connection: Connection): Promise<string> {
  const stats = await connection.db?.command({ collStats: 'growth_lockouts' });
  return `documents ${toMiB(stats?.['size'])} MiB, indexes ${toMiB(stats?.['totalIndexSize'])} MiB (collStats)`;
}

function seconds(startedAt: number): string {
  return ((performance.now() - startedAt) / 1000).toFixed(0);
}
