/**
 * `npm run bench:mongo`: measures what the lockout costs on MongoDB, compared with plain passport-local and
 * rate-limiter-flexible, in one run. Uses the server of `MONGODB_URI`, else that of the specs.
 */
import type { Connection } from 'mongoose';
import type { Timing } from './measure.js';
import { CommandCount } from './mongo/commands.js';
import { withDatabase } from './mongo/database.js';
import { attempt, KINDS, type Kind, logIn, prepareClient } from './mongo/kinds.js';
import { measureLatency, measureThroughput } from './mongo/rounds.js';
import { createLimiter, createLockout, createPlain, type System } from './mongo/systems.js';
import { describeMachine, toTable } from './report.js';

const LATENCY = { rounds: 20, callsPerRound: 20 };
const IN_PARALLEL = 32;
const THROUGHPUT = { rounds: 4, callsPerClient: 8 };

/** The lockout with its defaults, and doing no more than the limiter: no attempt log, and a query for the lock each time. */
async function createSystems(connection: Connection): Promise<readonly [System, ...System[]]> {
  return [
    createPlain(),
    createLockout(connection, 'passport-lockout'),
    createLockout(connection, 'passport-lockout, no log, no lock cache', {
      attemptLog: 'off',
      lockCacheTtl: { seconds: 0 },
    }),
    await createLimiter(connection),
  ];
}

await withDatabase(async (connect, server) => {
  console.log(`${describeMachine()}\n${server}; username and address are counted\n`);
  await printCommands(await connect());
  const systems = await createSystems(await connect());
  for (const system of systems) {
    for (const kind of KINDS) {
      for (let client = 0; client < IN_PARALLEL; client += 1) await prepareClient(system, kind, client);
    }
  }
  await printLatency(systems);
  await printThroughput(systems);
  for (const system of systems) await system.close();
});

async function printCommands(connection: Connection): Promise<void> {
  const commands = new CommandCount(connection);
  const client = 200;
  const rows: string[][] = [];
  for (const system of await createSystems(connection)) {
    if (system.name === 'plain') continue;
    // Another client first, because collections and indexes are created once.
    await prepareClient(system, 'good', client + 1);
    const cells: number[] = [];
    for (const kind of KINDS) {
      const first = await commands.during(() => attempt(system, kind, client));
      await attempt(system, kind, client);
      const later = await commands.during(() => logIn(system, kind, client));
      if (kind !== 'refused') cells.push(first);
      cells.push(later);
    }
    await system.close();
    rows.push([system.name, ...cells.map(String)]);
  }
  console.log('commands per login, without the batches of the attempt log\n');
  console.log(toTable([['', 'good, first', 'good', 'failed, first', 'failed', 'refused'], ...rows]), '\n');
}

async function printLatency(systems: readonly System[]): Promise<void> {
  const calls = systems.flatMap((system) => KINDS.map((kind) => () => logIn(system, kind, 0)));
  const timings = await measureLatency(calls, LATENCY);
  const timingOf = (index: number, kind: Kind) => timings[index * KINDS.length + KINDS.indexOf(kind)] as Timing;
  const ms = (us: number) => (us / 1000).toFixed(2);
  const rows = systems.slice(1).map(({ name }, index) => {
    const cells = KINDS.flatMap((kind) => {
      const plain = timingOf(0, kind);
      const own = timingOf(index + 1, kind);
      return [ms(own.p50Us - plain.p50Us), ms(own.p99Us - plain.p99Us)];
    });
    return [name, ...cells];
  });
  const header = KINDS.flatMap((kind) => [`${kind} p50`, 'p99']);
  console.log(
    `added latency over plain passport-local, ms, one login at a time, ${LATENCY.rounds * LATENCY.callsPerRound} each\n`,
  );
  console.log(toTable([['', ...header], ...rows]), '\n');
}

async function printThroughput(systems: readonly System[]): Promise<void> {
  const perKind = new Map<Kind, readonly number[]>();
  for (const kind of KINDS) {
    const clients = systems.map((system) =>
      Array.from({ length: IN_PARALLEL }, (_, client) => () => logIn(system, kind, client)),
    );
    perKind.set(kind, await measureThroughput(clients, THROUGHPUT));
  }
  const rateOf = (kind: Kind, index: number) => perKind.get(kind)?.[index] ?? 0;
  const limiter = systems.length - 1;
  const rows = systems.map(({ name }, index) => [
    name,
    ...KINDS.flatMap((kind) => [
      rateOf(kind, index).toFixed(0),
      index === 0 ? '' : (rateOf(kind, index) / rateOf(kind, limiter)).toFixed(2),
    ]),
  ]);
  console.log(`logins per second, ${IN_PARALLEL} in parallel, and the ratio to rate-limiter-flexible\n`);
  console.log(toTable([['', ...KINDS.flatMap((kind) => [kind, 'ratio'])], ...rows]), '\n');
}
