/** The orders of a list. */
import { deepEqual } from 'node:assert/strict';
import type { StorePage } from '../../stores/store.js';
import { FOREVER, HOUR, ip, limitOf, MINUTE, ORDER, username } from '../examples.js';
import type { StoreUnderTest } from '../store-under-test.js';
import type { Contract } from '../suite.js';

/** Larger than, equal to and smaller than what is listed. */
const LIMITS = [1, 2, 3, 5, 100] as const;
const BY_END = { lockedOnly: true, order: 'lockedUntil' } as const;

export function ordersContract(contract: Contract): void {
  contract.test('orders records by key, ascending, whichever came first', async (use) => {
    for (const name of ['carol', 'alice', 'dave', 'bob']) await use.guess(username(name));
    await use.guess(ip('203.0.113.9'));
    const keys = ['ip=203.0.113.9', 'username=alice', 'username=bob', 'username=carol', 'username=dave'];
    for (const limit of LIMITS) {
      deepEqual(await use.keys({ order: 'key', limit }), keys);
      deepEqual(await use.keys({ order: 'key', limit, dimension: 'username' }), keys.slice(1));
    }
  });

  contract.test('orders locked records by key', async (use) => {
    await use.guess(username('bert'));
    for (const [name, forMs] of [
      ['carl', HOUR],
      ['dora', MINUTE],
      ['anna', FOREVER],
    ] as const)
      await block(use, name, forMs);
    for (const limit of LIMITS) {
      const keys = await use.keys({ lockedOnly: true, order: 'key', limit });
      deepEqual(keys, ['username=anna', 'username=carl', 'username=dora']);
    }
  });

  contract.test('orders locked records by the end of their locks, those until reset last and by key', async (use) => {
    await block(use, 'emil', FOREVER);
    await use.fail(username('carl'), 1, limitOf(1));
    await block(use, 'bert', FOREVER);
    await block(use, 'anna', 2 * HOUR);
    await block(use, 'dora', MINUTE);
    await use.store.block(ip('203.0.113.9'), { ...ORDER, forMs: FOREVER });
    await use.guess(username('guest'));
    const keys = [
      'username=dora',
      'username=carl',
      'username=anna',
      'ip=203.0.113.9',
      'username=bert',
      'username=emil',
    ];
    for (const limit of LIMITS) {
      deepEqual(await use.keys({ ...BY_END, limit }), keys);
      const names = keys.filter((key) => key !== 'ip=203.0.113.9');
      deepEqual(await use.keys({ ...BY_END, limit, dimension: 'username' }), names);
    }
  });

  contract.timed('orders locks that end together by key', async (use) => {
    for (const name of ['dora', 'bert', 'anna', 'emil', 'carl']) await block(use, name, HOUR);
    await block(use, 'zoe', HOUR - 1);
    await block(use, 'abe', HOUR + 1);
    const together = ['anna', 'bert', 'carl', 'dora', 'emil'].map((name) => `username=${name}`);
    for (const limit of LIMITS) {
      deepEqual(await use.keys({ ...BY_END, limit }), ['username=zoe', ...together, 'username=abe']);
    }
  });

  contract.timed('continues after locks that have ended between two pages', async (use) => {
    for (const [hours, name] of ['anna', 'bert', 'carl', 'dora', 'emil'].entries()) {
      await block(use, name, (hours + 1) * HOUR);
    }
    const { cursor } = await firstPage(use);
    use.wait(3 * HOUR);
    deepEqual(await use.keys({ ...BY_END, limit: 1, cursor }), ['username=dora', 'username=emil']);
  });

  contract.timed('continues at the same place while locks are set, lifted and prolonged', async (use) => {
    for (const name of ['anna', 'bert', 'carl', 'dora', 'emil']) await block(use, name, HOUR);
    await block(use, 'zoe', FOREVER);
    const { cursor } = await firstPage(use);
    await block(use, 'soon', MINUTE);
    await block(use, 'late', 2 * HOUR);
    await block(use, 'anna', 3 * HOUR);
    await use.store.reset(username('carl').key);
    const rest = await use.keys({ ...BY_END, limit: 2, cursor });
    const stayed = ['bert', 'dora', 'emil', 'zoe'].map((name) => `username=${name}`);
    deepEqual(
      rest.filter((key) => stayed.includes(key)),
      stayed,
    );
  });
}

/** Returns the first page with anything on it, which has one record. */
async function firstPage(use: StoreUnderTest): Promise<StorePage> {
  let page = await use.page({ ...BY_END, limit: 1 });
  while (page.records.length === 0 && page.cursor !== null)
    page = await use.page({ ...BY_END, limit: 1, cursor: page.cursor });
  return page;
}

async function block(use: StoreUnderTest, name: string, forMs: number): Promise<void> {
  await use.store.block(username(name), { ...ORDER, forMs });
}
