import { deepEqual, equal } from 'node:assert/strict';
import type { StoreInspection } from '../../stores/store.js';
import { DAY, ENTRY, HOUR, SECOND, username } from '../examples.js';
import type { StoreUnderTest } from '../store-under-test.js';
import type { Contract } from '../suite.js';

/** The time that may pass between asking the store and reading the clock here, on a busy machine. */
const TOLERANCE_MS = 5 * SECOND;

export function inspectContract(contract: Contract): void {
  contract.test('names the server', async (use) => {
    equal((await inspect(use)).server.trim() === '', false, 'a name that is not empty');
  });

  contract.test('reports no missing index', async (use) => {
    deepEqual((await inspect(use)).missingIndexes, []);
  });

  // Servers estimate, some from statistics of a while ago.
  contract.test('counts subjects approximately', async (use) => {
    for (const name of ['a', 'b', 'c']) await use.guess(username(name));
    assertCount((await inspect(use)).subjects);
  });

  contract.test('counts entries of the attempt log approximately, or returns null if there is none', async (use) => {
    const { attemptLog: log } = use.store;
    await log?.append([{ entry: ENTRY, ageMs: 0 }], DAY);
    const { attempts } = await inspect(use);
    if (log) assertCount(attempts);
    else equal(attempts, null);
  });

  contract.timed('reports how far its clock is from that of this process', async (use) => {
    use.wait(HOUR);
    const skewMs = use.now - Date.now();
    const { clockSkewMs } = await inspect(use);
    equal(Math.abs(clockSkewMs - skewMs) < TOLERANCE_MS, true, `${clockSkewMs} ms instead of ${skewMs} ms`);
  });
}

async function inspect({ store }: StoreUnderTest): Promise<StoreInspection> {
  if (store.inspect) return store.inspect();
  throw new Error('the store has no `inspect`; pass `inspect: false` to storeContract');
}

function assertCount(value: unknown): void {
  equal(Number.isInteger(value) && Number(value) >= 0, true, `a whole number from 0, got ${value}`);
}
