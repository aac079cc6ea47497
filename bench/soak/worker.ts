/**
 * A process of the soak's application, started by the driver with its setup in `SOAK`: clients that log in, guess and operate,
 * each of which writes into the journal what it asks and what it is answered.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Lockout, type LockoutStore } from '../../lib/index.js';
import { randomFrom } from '../../spec/support/tools/random.js';
import { Client } from './client.js';
import { Journal, monotonicMs } from './journal.js';
import { plant } from './plants.js';
import { OPTIONS } from './settings.js';
import { openStore, type StoreAddress } from './stores.js';
import { nextTurn } from './traffic.js';
import { Watch } from './watch.js';

export interface WorkerSetup {
  readonly worker: string;
  readonly journal: string;
  readonly store: StoreAddress;
  readonly seed: number;
  readonly clients: number;
  readonly plant?: string | undefined;
}

/** What a worker sends: how many attempts it has begun, and what its own store has at the end, if only it can know. */
export type WorkerMessage = { readonly attempts: number } | { readonly final: unknown };

const HEAP_EVERY_MS = 5_000;
const REPORT_EVERY = 10;
const MAX_PAUSE_MS = 120;
const RETRY_MS = 100;

const setup = JSON.parse(process.env['SOAK'] ?? '') as WorkerSetup;
const journal = new Journal(setup.journal);
const opened = await openStore(setup.store);
const store = setup.plant ? plant(setup.plant, opened.store) : opened.store;
const skewMs = setup.store.kind === 'memory' ? 0 : await skewOf(opened.store);
journal.write({ t: 'start', worker: setup.worker, wallMs: Date.now() - monotonicMs() + skewMs });

const lockout = new Lockout({ ...OPTIONS, store });
new Watch(lockout, journal);
let attempts = 0;
let isOver = false;
const client = new Client({ lockout, journal, worker: setup.worker, random: randomFrom(setup.seed), onAttempt });
process.on('message', (message) => {
  if (message === 'stop') isOver = true;
});
// Without its driver nobody would end it.
process.on('disconnect', () => process.exit());

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const heap = setInterval(() => {
  collect();
  journal.write({ t: 'heap', bytes: process.memoryUsage().heapUsed });
}, HEAP_EVERY_MS);

await Promise.all(Array.from({ length: setup.clients }, (_, index) => run(randomFrom(setup.seed * 1_000 + index))));
clearInterval(heap);
if (setup.store.kind === 'memory') process.send?.({ final: await opened.final(lockout) } satisfies WorkerMessage);
await lockout.close();
journal.write({ t: 'end' });
await opened.close();
process.disconnect();

/** A process may start while the connections are cut. */
async function skewOf(from: LockoutStore): Promise<number> {
  for (;;) {
    try {
      return (await from.inspect?.())?.clockSkewMs ?? 0;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function run(random: () => number): Promise<void> {
  while (!isOver) {
    await client.take(nextTurn(random));
    await new Promise((resolve) => setTimeout(resolve, random() * MAX_PAUSE_MS));
  }
}

function onAttempt(): void {
  attempts += 1;
  if (attempts % REPORT_EVERY === 0) process.send?.({ attempts: REPORT_EVERY } satisfies WorkerMessage);
}
