import { deepEqual } from 'node:assert/strict';
import type { LockedCount } from '../../stores/store.js';
import { FOREVER, HOUR, ip, MINUTE, ORDER, username } from '../examples.js';
import type { StoreUnderTest } from '../store-under-test.js';
import type { Contract } from '../suite.js';

export function countLockedContract(contract: Contract): void {
  contract.test('counts nobody at first, and nobody who only failed', async (use) => {
    await use.fail(username('alice'), 1);
    for (const dimension of [undefined, 'username', 'ip']) deepEqual(await count(use, dimension), exactly(0));
  });

  contract.test('counts what is locked, by dimension, until reset or not', async (use) => {
    await use.fail(username('alice'), 3);
    await use.store.block(username('bob'), { ...ORDER, forMs: FOREVER });
    await use.store.block(ip('203.0.113.9'), ORDER);
    await use.fail(username('carol'), 1);
    deepEqual(await count(use), exactly(3));
    deepEqual(await count(use, 'username'), exactly(2));
    deepEqual(await count(use, 'ip'), exactly(1));
    deepEqual(await count(use, 'tenant'), exactly(0));
  });

  contract.test('counts a subject once, and not after it was reset', async (use) => {
    for (const forMs of [HOUR, FOREVER]) await use.store.block(username('alice'), { ...ORDER, forMs });
    deepEqual(await count(use, 'username'), exactly(1));
    await use.store.reset(username('alice').key);
    deepEqual(await count(use), exactly(0));
  });

  contract.timed('counts no lock that has ended', async (use) => {
    await use.store.block(username('alice'), { ...ORDER, forMs: MINUTE });
    await use.store.block(username('bob'), { ...ORDER, forMs: HOUR });
    use.wait(MINUTE - 1);
    deepEqual(await count(use), exactly(2));
    use.wait(1);
    deepEqual(await count(use), exactly(1));
    deepEqual(await count(use, 'username'), exactly(1));
  });
}

function exactly(count: number): LockedCount {
  return { count, isAtLeast: false };
}

async function count({ store }: StoreUnderTest, dimension?: string): Promise<LockedCount> {
  if (!store.countLocked) throw new Error('the store has no `countLocked`; pass `countLocked: false` to storeContract');
  return store.countLocked(dimension);
}
