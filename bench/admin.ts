/**
 * `npm run bench:admin`: how long operators wait for each of the admin pages with 1,000,000 attempts in the log and 100,000 locks, on
 * MongoDB and on Redis, and what 20 of them cost who watch Now. Fails if a page takes longer than it may.
 *
 * After `--`: `--store mongo,redis`; `--entries 1000000`; `--locks 100000`; `--rounds 9`. MongoDB is the server of `MONGODB_URI`, else
 * that of the specs.
 */
import { parseArgs } from 'node:util';
import { pages } from './admin/pages.js';
import { AdminSite, type Answered } from './admin/site.js';
import { type WithStore, withMongo, withRedis } from './admin/stores.js';
import { type Spread, toSpread } from './compare/spread.js';
import { describeMachine, toTable } from './report.js';

/** For the median of the rounds. */
const MAX_MS = 150;
const VIEWERS = 20;
const WATCHED_MS = 10_000;
/** Twenty viewers cost what one does; a snapshot more may fall into the time. */
const MAX_VIEWERS_RATIO = 1.2;
const STORES: Readonly<Record<string, WithStore>> = { mongo: withMongo, redis: withRedis };

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: Object.keys(STORES).join(',') },
    entries: { type: 'string', default: '1000000' },
    locks: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '9' },
  },
});
const sizes = { entries: numberOf('entries'), locks: numberOf('locks') };
const rounds = numberOf('rounds');

console.log(`${describeMachine()}\n`);
for (const name of values.store.split(',')) {
  const withStore = STORES[name];
  if (!withStore) throw new Error(`--store: expected ${Object.keys(STORES).join(' or ')}, got ${name}`);
  await withStore(sizes, async ({ store, description }) => {
    console.log(
      `${description}; ${sizes.entries.toLocaleString('en')} attempts, ${sizes.locks.toLocaleString('en')} locks`,
    );
    const site = await AdminSite.start(store);
    await timePages(name, site);
    await watch(name, site);
    await site.close();
  });
}

async function timePages(store: string, site: AdminSite): Promise<void> {
  const rows: string[][] = [];
  for (const page of pages()) {
    await site.open(page);
    const answers: Answered[] = [];
    for (let round = 0; round < rounds; round += 1) answers.push(await site.open(page));
    const spread = toSpread(answers.map(({ ms }) => ms));
    const isFailed = answers.some((answer) => answer.isFailed);
    const verdict = isFailed ? 'FAILED' : spread.median > MAX_MS ? 'OVER' : 'ok';
    if (verdict !== 'ok') process.exitCode = 1;
    rows.push([page.name, ...cellsOf(spread), ...callCells(answers), verdict]);
  }
  console.log(
    `\n${toTable([[`ms to the first byte, ${store}`, 'median', 'longest', 'calls', 'slowest call', `<= ${MAX_MS}`], ...rows])}\n`,
  );
}

async function watch(store: string, site: AdminSite): Promise<void> {
  const one = await site.callsWatchedBy(1, WATCHED_MS);
  const many = await site.callsWatchedBy(VIEWERS, WATCHED_MS);
  const isOver = many > one * MAX_VIEWERS_RATIO;
  if (isOver) process.exitCode = 1;
  const perSecond = (calls: number) => ((calls * 1000) / WATCHED_MS).toFixed(1);
  console.log(
    `${store}: calls of the store a second while Now is watched by 1: ${perSecond(one)}; by ${VIEWERS}: ${perSecond(many)}${isOver ? ' OVER' : ''}\n`,
  );
}

function cellsOf({ median, max }: Spread): readonly string[] {
  return [median.toFixed(0), max.toFixed(0)];
}

/** Where to look if a page is over: of the round in the middle. */
function callCells(answers: readonly Answered[]): readonly string[] {
  const { calls, slowest } = answers.toSorted((a, b) => a.ms - b.ms)[answers.length >> 1] as Answered;
  return [String(calls), slowest ? `${slowest.name} ${slowest.ms.toFixed(0)}` : ''];
}

function numberOf(name: 'entries' | 'locks' | 'rounds'): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`--${name}: expected a whole number from 1, got ${values[name]}`);
}
