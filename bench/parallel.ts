/**
 * `npm run bench:parallel`: what happens to 60 logins for one name that arrive at once, where three wrong passwords are allowed: how
 * many wrong ones are verified, and how many right ones succeed. Verifying one takes 20 ms.
 *
 * After `--`: `--runs N`, 10 by default; `--json FILE`; `--django` to measure django-axes and django-defender as well, for which
 * Python 3 with venv installs them once into `.build`. django-axes counts in PostgreSQL, in a database that is dropped afterwards, if
 * `PGDATABASE` names one to connect to (with `PGHOST`, `PGUSER` and the like), else in SQLite.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createClient } from 'redis';
import { RedisServer } from '../spec/support/servers/redis-server.js';
import { toSpread } from './compare/spread.js';
import { withDatabase } from './compare/stores/database.js';
import type { RedisClient } from './compare/stores/redis-command-counter.js';
import { measureDjango } from './parallel/django.js';
import { AT_ONCE, LIMIT, measure, type Outcome, VERIFY_MS } from './parallel/measure.js';
import { createSystems } from './parallel/systems.js';
import { describeMachine, toTable } from './report.js';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10' },
    json: { type: 'string' },
    django: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
if (!(Number.isSafeInteger(runs) && runs > 0)) {
  throw new Error(`--runs: expected a whole number from 1, got ${values.runs}`);
}

const outcomes: Outcome[] = [];
const redis = await RedisServer.start();
try {
  if (values.django) outcomes.push(...(await measureDjango(redis.url, runs)));
  await withDatabase(async (connect, mongo) => {
    const client: RedisClient = createClient({ url: redis.url });
    await client.connect();
    try {
      for (const system of await createSystems(client, await connect({ maxPoolSize: AT_ONCE }), mongo)) {
        outcomes.push(await measure(system, runs));
      }
    } finally {
      client.destroy();
    }
  });
} finally {
  await redis.stop();
}

console.log(`\n${describeMachine()}`);
console.log(`limit ${LIMIT}, verifying takes ${VERIFY_MS} ms, ${runs} runs, each with a new name from one address\n`);
const head = ['', `${AT_ONCE} wrong at once: verified`, `${AT_ONCE} right at once: succeed`];
console.log(
  toTable([head, ...outcomes.map(({ system, verified, succeeded }) => [system, toText(verified), toText(succeeded)])]),
);
if (values.json)
  writeFileSync(values.json, `${JSON.stringify({ machine: describeMachine(), outcomes }, undefined, 2)}\n`);

/** Formats the median of the runs, with the extremes if they differ. */
function toText(counts: readonly number[]): string {
  const { median, min, max } = toSpread(counts);
  return min === max ? String(median) : `${median} (${min} to ${max})`;
}
