/**
 * `npm run bench`: what a login costs with the lockout, and with others, on each store; fails if it is more than promised.
 * `bench:memory`, `bench:redis` and `bench:mongo` measure one store.
 *
 * After `--`: `--store memory,redis`; `--rounds N`; `--smoke` to see that everything runs, without a judgement; `--json FILE` for the
 * figures of each round. MongoDB is the server of `MONGODB_URI`, else that of the specs; Redis is one of its own.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LEGEND } from './compare/contender.js';
import { toBoundsText, toText } from './compare/report.js';
import { compare, STORES } from './compare/run.js';
import { FULL, SMOKE } from './compare/settings.js';
import { describeMachine } from './report.js';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: STORES.join(',') },
    smoke: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    json: { type: 'string' },
  },
});

const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
if (rounds !== undefined && !(Number.isSafeInteger(rounds) && rounds > 0)) {
  throw new Error(`--rounds: expected a whole number from 1, got ${values.rounds}`);
}
const chosen = values.smoke ? SMOKE : FULL;
const settings = Object.fromEntries(
  Object.entries(chosen).map(([store, own]) => [store, { ...own, rounds: rounds ?? own.rounds }]),
);
const startedAt = performance.now();
const { stores, figures, ratios, judged } = await compare(values.store.split(','), settings, (text) => {
  process.stderr.write(process.stderr.isTTY ? `\r${text}   ` : `${text}\n`);
});
const seconds = Math.round((performance.now() - startedAt) / 1000);
const machine = describeMachine();

console.log(`\n${machine}; ${seconds} s`);
for (const { store, description } of stores) {
  console.log(`${store}: ${description}; ${settings[store]?.rounds} rounds, the order of contenders turned in each`);
}
console.log('');
for (const [name, what] of Object.entries(LEGEND)) console.log(`${name}: ${what}`);
console.log(`\n${toText(figures, ratios)}\n${toBoundsText(judged)}\n`);
if (values.json) {
  const json = { machine, seconds, stores, settings, figures, ratios, judged };
  writeFileSync(values.json, `${JSON.stringify(json, undefined, 2)}\n`);
}
const isOver = judged.some(({ holds }) => !holds);
if (values.smoke) console.log('a smoke run: its figures say nothing\n');
else if (isOver) process.exitCode = 1;
