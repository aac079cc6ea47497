import { deepEqual } from 'node:assert/strict';
import type { SubjectRecord } from '../../policy/replies.js';
import { ip, ORDER, username } from '../examples.js';
import type { StoreUnderTest } from '../store-under-test.js';
import type { Contract } from '../suite.js';

const ALICE = username('alice');
const BOB = username('bob');
const ADDRESS = ip('203.0.113.9');

export function readAllContract(contract: Contract): void {
  contract.test('returns what `read` returns for each key, in the order of the keys', async (use) => {
    await use.fail(ALICE, 2);
    await use.fail(ADDRESS, 1);
    await use.store.block(BOB, ORDER);
    const found = await readAll(
      use,
      [BOB, ALICE, ADDRESS].map(({ key }) => key),
    );
    deepEqual(found.map(toSeen), [
      [BOB.key, 0, true],
      [ALICE.key, 2, false],
      [ADDRESS.key, 1, false],
    ]);
    deepEqual((await readAll(use, [ALICE.key])).map(toSeen), [toSeen(await use.store.read(ALICE.key))]);
  });

  contract.test('returns null for each key of which nothing is known', async (use) => {
    await use.fail(ALICE, 1);
    const found = await readAll(use, [BOB.key, ALICE.key, ADDRESS.key]);
    deepEqual(found.map(toSeen), [null, [ALICE.key, 1, false], null]);
  });

  contract.test('returns nothing for no keys', async (use) => {
    await use.fail(ALICE, 1);
    deepEqual(await readAll(use, []), []);
  });
}

function toSeen(record: SubjectRecord | null) {
  return record && [record.key, record.failures, record.lock !== null];
}

async function readAll({ store }: StoreUnderTest, keys: readonly string[]) {
  if (!store.readAll) throw new Error('the store has no `readAll`; pass `readAll: false` to storeContract');
  return store.readAll(keys);
}
