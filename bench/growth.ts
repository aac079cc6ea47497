/**
 * `npm run bench:growth`: measures whether an attempt costs more with a million known subjects, and fails if it does. Uses the
 * server of `MONGODB_URI`, else that of the specs.
 */
import type { Connection, mongo } from 'mongoose';
import { withDatabase } from './mongo/database.js';
import { KINDS, logIn, prepareClient } from './mongo/kinds.js';
import { measureLatency } from './mongo/rounds.js';
import { createLockout } from './mongo/systems.js';
import { describeMachine, toMiB, toTable } from './report.js';

const RECORDS = 1_000_000;
const BATCH = 5_000;
const LATENCY = { rounds: 20, callsPerRound: 20 };
/** More than the noise of alternating calls. */
const MAX_RATIO = 1.25;
const MANY = RECORDS.toLocaleString('en');

await withDatabase(async (connect, server) => {
  console.log(`${describeMachine()}\n${server}\n`);
  const connection = await connect();
  const options = { attemptLog: 'off', lockCacheTtl: { seconds: 0 } } as const;
  const few = createLockout(connection, 'few', options);
  const many = createLockout(connection, 'many', options);
  for (const kind of KINDS) {
    await prepareClient(few, kind, 0);
    await prepareClient(many, kind, 0);
  }
  const startedAt = performance.now();
  await fill(connection.collection('many_lockouts') as unknown as mongo.Collection<mongo.Document>);
  const took = ((performance.now() - startedAt) / 1000).toFixed(0);
  console.log(`${MANY} records inserted in ${took} s; ${await sizes(connection)}\n`);

  // Both in one measurement, alternating: minutes later the machine may behave differently.
  const calls = KINDS.flatMap((kind) => [() => logIn(few, kind, 0), () => logIn(many, kind, 0)]);
  const medians = (await measureLatency(calls, LATENCY)).map(({ p50Us }) => p50Us / 1000);
  const results = KINDS.map((kind, index) => {
    const [withFew = 0, withMany = 0] = medians.slice(2 * index, 2 * index + 2);
    return { kind, withFew, withMany, ratio: withMany / withFew };
  });
  const rows = results.map(({ kind, withFew, withMany, ratio }) => [
    kind,
    withFew.toFixed(2),
    withMany.toFixed(2),
    ratio.toFixed(2),
  ]);
  console.log(toTable([['ms per login, p50', 'no other records', `${MANY} records`, 'ratio'], ...rows]));
  const holds = results.every(({ ratio }) => ratio <= MAX_RATIO);
  console.log(`\nno ratio over ${MAX_RATIO}: ${holds ? 'yes' : 'no'}\n`);
  if (!holds) process.exitCode = 1;
  await few.close();
  await many.close();
});

/** Inserts copies of the records that the store itself has made, under other names. */
async function fill(lockouts: mongo.Collection<mongo.Document>): Promise<void> {
  const models = await lockouts.find().toArray();
  for (let start = 0; start < RECORDS; start += BATCH) {
    const copies = Array.from({ length: BATCH }, (_, offset) => {
      const { dimension, parts: _parts, ...rest } = models[offset % models.length] as mongo.Document;
      const value = `someone-${start + offset}`;
      return { ...rest, _id: `${dimension}=${value}` as never, dimension, parts: { [dimension as string]: value } };
    });
    await lockouts.insertMany(copies, { ordered: false });
  }
}

async function sizes(connection: Connection): Promise<string> {
  const stats = await connection.db?.command({ collStats: 'many_lockouts' });
  return `documents ${toMiB(stats?.['size'])} MiB, indexes ${toMiB(stats?.['totalIndexSize'])} MiB (collStats)`;
}
