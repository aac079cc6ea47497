/**
 * `npm run bench`: what a login costs with the lockout, and with others, on each store; fails if it is more than promised.
 * `bench:memory`, `bench:redis` and `bench:mongo` measure one store.
 *
 * After `--`: `--store memory,redis`; `--rounds N`; `--smoke` to see that everything runs, without a judgement; `--json FILE` for the
 * figures of each round; `--svg FILE` for a chart; `--publish` to write tables, chart and figures into `docs`, and `--publish --from
 * docs/images/bench.json` to write them again without a run; `--all` to run `bench:parallel`, `bench:growth` and `bench:people` as
 * well, so that every figure of the README is printed. MongoDB is the server of `MONGODB_URI`, else that of the specs; Redis is one of its own.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LEGEND } from './compare/contender.js';
import { runOthers } from './compare/others.js';
import { toChart } from './compare/publish/chart.js';
import { publish } from './compare/publish/publish.js';
import { type Summary, toSummary } from './compare/publish/summary.js';
import { toBoundsText, toText } from './compare/report.js';
import { compare, STORES } from './compare/run.js';
import { FULL, type Settings, SMOKE } from './compare/settings.js';
import { describeMachine } from './report.js';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: STORES.join(',') },
    smoke: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    json: { type: 'string' },
    svg: { type: 'string' },
    publish: { type: 'boolean', default: false },
    from: { type: 'string' },
    all: { type: 'boolean', default: false },
  },
});

if (values.from === undefined) await run();
else show(JSON.parse(readFileSync(values.from, 'utf8')) as Summary);
if (values.all) await runOthers();

async function run(): Promise<void> {
  const settings = readSettings();
  const startedAt = performance.now();
  const comparison = await compare(values.store.split(','), settings, (text) => {
    process.stderr.write(process.stderr.isTTY ? `\r${text}   ` : `${text}\n`);
  });
  const { stores, figures, ratios, judged } = comparison;
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
  show(toSummary(comparison, { command: toCommand(), date: new Date(), machine, settings }));
  const isOver = judged.some(({ holds }) => !holds);
  if (values.smoke) console.log('a smoke run: its figures say nothing\n');
  else if (isOver) process.exitCode = 1;
}

function readSettings(): Readonly<Record<string, Settings>> {
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(Number.isSafeInteger(rounds) && rounds > 0)) {
    throw new Error(`--rounds: expected a whole number from 1, got ${values.rounds}`);
  }
  const chosen = values.smoke ? SMOKE : FULL;
  return Object.fromEntries(
    Object.entries(chosen).map(([store, own]) => [store, { ...own, rounds: rounds ?? own.rounds }]),
  );
}

/** The command as a reader repeats it. */
function toCommand(): string {
  const { store, rounds, smoke } = values;
  const given = [
    ...(store === STORES.join(',') ? [] : ['--store', store]),
    ...(rounds === undefined ? [] : ['--rounds', rounds]),
    ...(smoke ? ['--smoke'] : []),
  ];
  return ['npm run bench', ...(given.length > 0 ? ['--', ...given] : [])].join(' ');
}

function show(summary: Summary): void {
  if (values.svg) writeFileSync(values.svg, toChart(summary));
  if (values.publish) publish(summary, process.cwd());
}
