/**
 * `npm run bench:removal`: measures login latency while `passport-lockout remove-attempts` removes a million entries of the
 * attempt log in another process. `ROWS` sets another number. Uses the server of `MONGODB_URI`, else that of the specs.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Connection } from 'mongoose';
import { MongoStore } from '../lib/stores/mongo/index.js';
import { CASE, createCases } from './compare/cases.js';
import type { Contender } from './compare/contender.js';
import { createOursForAll } from './compare/ours.js';
import { attempt } from './compare/run-attempts.js';
import { withDatabase } from './compare/stores/database.js';
import { toTiming } from './measure.js';
import { describeMachine, toTable } from './report.js';

const ROWS = Number(process.env['ROWS'] || 1_000_000);
const BATCH = 10_000;
const LOGINS_BEFORE = 400;
const BIN = fileURLToPath(new URL('../lib/cli/bin.js', import.meta.url));
const DAY_MS = 86_400_000;
const KINDS: readonly string[] = [CASE.goodKnown, CASE.failedKnown, CASE.refused];
const CASES = createCases(1).filter(({ name }) => KINDS.includes(name));

await withDatabase(async (connect, server, uri) => {
  console.log(`${describeMachine()}\n${server}\n`);
  const connection = await connect();
  const system = createOursForAll(new MongoStore(connection, { prefix: 'bench_' }));
  for (const { before } of CASES) for (const made of before) await attempt(system, made);
  await fill(connection);
  const before = await logInAll(system, (done) => done < LOGINS_BEFORE);

  const startedAt = performance.now();
  const args = [BIN, 'remove-attempts', '--older-than', '1d', '--mongo', uri(connection.name), '--prefix', 'bench_'];
  const removal = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let printed = '';
  removal.stdout.on('data', (text) => {
    printed += String(text);
  });
  let isOver = false;
  const ended = once(removal, 'close').then(() => {
    isOver = true;
  });
  const meanwhile = await logInAll(system, () => !isOver);
  await ended;
  const seconds = (performance.now() - startedAt) / 1000;

  console.log(
    `passport-lockout remove-attempts: ${printed.trim()} ${seconds.toFixed(0)} s, ${(ROWS / seconds).toFixed(0)} a second\n`,
  );
  const cells = (times: Times) =>
    times.flatMap((nanoseconds) => {
      const { p50Us, p99Us } = toTiming(Float64Array.from(nanoseconds));
      return [(p50Us / 1000).toFixed(2), (p99Us / 1000).toFixed(2)];
    });
  const header = KINDS.flatMap((kind) => [`${kind} p50`, 'p99']);
  console.log(
    toTable([
      ['ms per login', ...header],
      ['before', ...cells(before)],
      ['meanwhile', ...cells(meanwhile)],
    ]),
  );
  await system.close?.();
});

/** Nanoseconds of each login, for each of the cases. */
type Times = readonly (readonly number[])[];

/** Logs in one login after the other, alternating the cases. */
async function logInAll(system: Contender, goesOn: (done: number) => boolean): Promise<Times> {
  const times = CASES.map((): number[] => []);
  for (let done = 0; goesOn(done); done += 1) {
    for (const [index, one] of CASES.entries()) {
      for (const made of one.next(1)) {
        const startedAt = process.hrtime.bigint();
        await attempt(system, made);
        times[index]?.push(Number(process.hrtime.bigint() - startedAt));
      }
    }
  }
  return times;
}

/** Inserts entries as the store writes them, two days old and older. */
async function fill(connection: Connection): Promise<void> {
  const startedAt = performance.now();
  const attempts = connection.collection('bench_lockout_attempts');
  const now = Date.now();
  for (let start = 0; start < ROWS; start += BATCH) {
    const rows = Array.from({ length: BATCH }, (_, index) => ({
      madeBy: 'passport-lockout',
      outcome: 'failed',
      username: `someone-${(start + index) % 100_000}`,
      ip: `10.${(start + index) & 255}.${((start + index) >> 8) & 255}.1`,
      userAgent:
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
      method: 'POST',
      path: '/login',
      action: 'local',
      sessionHash: null,
      reason: null,
      dimension: null,
      tier: null,
      at: new Date(now - 2 * DAY_MS - start - index),
      expiresAt: new Date(now + 30 * DAY_MS),
    }));
    await attempts.insertMany(rows, { ordered: false });
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  console.log(`${ROWS.toLocaleString('en')} entries inserted in ${seconds} s\n`);
}
