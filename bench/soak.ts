/**
 * `npm run soak`: ten minutes of mixed traffic on each store, with processes killed and stopped, connections cut and held up; then a
 * checker reads what every process wrote down, and the store, and proves that no lock was crossed or came late or twice, and that
 * no failure was lost or invented. Exits with 1 if it finds anything.
 *
 * After `--`: `--minutes N`; `--store memory,redis,mongo`; `--seed N`; `--plant NAME` for a fault that the checker must find (it then
 * exits with 1 if it does not); `--keep` for the journals; `--json FILE`.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { describeMachine } from './report.js';
import { PLANTS } from './soak/plants.js';
import { toText } from './soak/report.js';
import { type Soaked, soak } from './soak/run.js';
import { SITES } from './soak/sites.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    store: { type: 'string', default: Object.keys(SITES).join(',') },
    seed: { type: 'string', default: '1' },
    plant: { type: 'string' },
    keep: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

const minutes = Number(values.minutes);
const seed = Number(values.seed);
if (!(minutes > 0)) throw new Error(`--minutes: expected a number above 0, got ${values.minutes}`);
if (!Number.isSafeInteger(seed)) throw new Error(`--seed: expected a whole number, got ${values.seed}`);
const planted = values.plant === undefined ? undefined : PLANTS[values.plant];
if (values.plant !== undefined && !planted)
  throw new Error(`--plant: expected one of ${Object.keys(PLANTS).join(', ')}, got ${values.plant}`);

console.log(`${describeMachine()}; seed ${seed}${planted ? `; planted: ${planted.what}` : ''}\n`);
const soaked: Soaked[] = [];
for (const store of values.store.split(',')) {
  const one = await soak({
    store,
    seed,
    minutes,
    attempts: Number.POSITIVE_INFINITY,
    attemptsPerFault: 400,
    plant: values.plant,
    keep: values.keep,
    progress: (text) => process.stderr.write(process.stderr.isTTY ? `\r${text}   ` : ''),
  });
  soaked.push(one);
  console.log(`${toText(one)}${values.keep ? `\n  journals: ${one.folder}` : ''}\n`);
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(soaked, undefined, 2)}\n`);
const found = new Set(
  soaked.flatMap(({ checked }) => checked.flatMap(({ violations }) => violations.map(({ rule }) => rule))),
);
if (planted ? !planted.finds.some((rule) => found.has(rule)) : found.size > 0) process.exitCode = 1;
