/**
 * `npm run bench:growth`: whether an attempt costs more where a million subjects are known, in memory and on MongoDB; fails if
 * it does. The logins are spread over many of the known names.
 *
 * After `--`: `--store memory,mongo`; `--subjects 1000000`; `--json FILE`. MongoDB is the server of `MONGODB_URI`, else that
 * of the specs.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CASE } from './compare/cases.js';
import { toRatio } from './compare/report.js';
import { type Spread, toMedian, toSpread } from './compare/spread.js';
import { withTwoMemories } from './growth/memory.js';
import { withTwoCollections } from './growth/mongo.js';
import { type Grown, measureGrowth } from './growth/pair.js';
import { describeMachine, toTable } from './report.js';

/** More than the noise of alternating calls. */
const MAX_RATIO = 1.1;
/** The logins for which that is promised. */
const BOUND: ReadonlySet<string> = new Set([CASE.goodKnown, CASE.failedKnown, CASE.refusedInTurn]);
const PAIRS = { memory: withTwoMemories, mongo: withTwoCollections } as const;
type Store = keyof typeof PAIRS;
const SETTINGS = {
  memory: { rounds: 30, warmUpRounds: 6, inSequence: 500 },
  mongo: { rounds: 20, warmUpRounds: 1, inSequence: 20 },
} as const satisfies Record<Store, object>;

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: Object.keys(PAIRS).join(',') },
    subjects: { type: 'string', default: '1000000' },
    json: { type: 'string' },
  },
});
const subjects = Number(values.subjects);
if (!Number.isSafeInteger(subjects)) throw new Error(`--subjects: expected a whole number, got ${values.subjects}`);
const asked = values.store.split(',').map((name): Store => {
  if (name !== 'memory' && name !== 'mongo') throw new Error(`--store: expected memory or mongo, got ${name}`);
  return name;
});

console.log(describeMachine());
const many = subjects.toLocaleString('en');
const results: (Grown & { readonly store: Store; readonly ratio: Spread })[] = [];
for (const store of asked) {
  await PAIRS[store](subjects, async (pair) => {
    console.log(`${store}: ${pair.description}`);
    for (const grown of await measureGrowth(pair, SETTINGS[store])) {
      results.push({ store, ...grown, ratio: toSpread(grown.full.map((us, round) => us / (grown.empty[round] ?? 0))) });
    }
  });
}
const rows = results.map(({ store, name, empty, full, ratio }) => [
  `${store}, ${name}`,
  toMedian(empty).toFixed(1),
  toMedian(full).toFixed(1),
  toRatio(ratio.median),
  `${toRatio(ratio.lower)}..${toRatio(ratio.upper)}`,
  `${toRatio(ratio.min)}..${toRatio(ratio.max)}`,
  BOUND.has(name) ? `<= ${MAX_RATIO}` : '',
  verdictOf({ name, ratio }),
]);
const header = [
  'us per login',
  'no other subjects',
  `${many} subjects`,
  'ratio',
  'half of the rounds',
  'all',
  'bound',
  '',
];
console.log(`\n${toTable([header, ...rows])}\n`);
if (values.json) {
  writeFileSync(values.json, `${JSON.stringify({ machine: describeMachine(), subjects, results }, undefined, 2)}\n`);
}
if (results.some((result) => verdictOf(result) === 'OVER')) process.exitCode = 1;

function verdictOf({ name, ratio }: { readonly name: string; readonly ratio: Spread }): string {
  if (!BOUND.has(name)) return '';
  return ratio.median <= MAX_RATIO ? 'ok' : 'OVER';
}
