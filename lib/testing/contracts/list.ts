import { deepEqual, equal, notEqual, rejects } from 'node:assert/strict';
import type { StoreMatch, StoreOrder } from '../../stores/store.js';
import { isInvalidOption } from '../../validation/invalid-option.js';
import { ip, ORDER, pair, TRICKY_TEXTS, username } from '../examples.js';
import type { StoreUnderTest } from '../store-under-test.js';
import type { Contract } from '../suite.js';
import { ordersContract } from './list-orders.js';

const KEYS = ['ip=203.0.113.9', 'username=alice', 'username=bob', 'username=carol'];
const LISTS: readonly { readonly lockedOnly: boolean; readonly order: StoreOrder | undefined }[] = [
  { lockedOnly: false, order: undefined },
  { lockedOnly: false, order: 'key' },
  { lockedOnly: true, order: undefined },
  { lockedOnly: true, order: 'key' },
  { lockedOnly: true, order: 'lockedUntil' },
];

export function listContract(contract: Contract): void {
  contract.test('is empty at first', async (use) => deepEqual(await use.keys(), []));

  contract.timed('returns the same as read', async (use) => {
    await fill(use);
    const read = await Promise.all(KEYS.map((key) => use.store.read(key)));
    deepEqual(await use.records({ order: 'key' }), read);
  });

  contract.test('returns the records of one dimension', async (use) => {
    await fill(use);
    deepEqual(await use.keys({ dimension: 'ip' }), ['ip=203.0.113.9']);
    deepEqual(await use.keys({ dimension: 'username' }), KEYS.slice(1));
    deepEqual(await use.keys({ dimension: 'user' }), []);
  });

  contract.test('returns only locked records with lockedOnly', async (use) => {
    await fill(use);
    deepEqual(await use.keys({ lockedOnly: true }), ['username=bob']);
    deepEqual(await use.keys({ lockedOnly: true, dimension: 'ip' }), []);
  });

  contract.test('includes subjects that only have a lease', async (use) => {
    const lease = await use.take(username('alice'));
    deepEqual(await use.keys(), ['username=alice']);
    deepEqual(await use.keys({ lockedOnly: true }), []);
    equal(typeof lease.until, 'number');
  });

  pagesContract(contract);
  matchContract(contract);
  ordersContract(contract);
}

function pagesContract(contract: Contract): void {
  contract.test('returns each record once, page by page, whatever its name', async (use) => {
    const names = [...TRICKY_TEXTS, 'Zorro', 'zorro', 'émile', '10', '9', '\uFF21', '𝒜', 'key:a', 'lockedUntil:1:a'];
    const keys = names.map((name) => username(name).key).toSorted();
    for (const name of names) await use.store.block(username(name), ORDER);
    for (const { lockedOnly, order } of LISTS) {
      const seen = await use.keys({ lockedOnly, order, limit: 4 });
      deepEqual(seen.toSorted(), keys, `the list by ${order}`);
    }
  });

  contract.test('continues after records that are removed between two pages, while others come', async (use) => {
    for (const { lockedOnly, order } of LISTS) {
      const keys = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => username(name).key);
      for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await use.store.block(username(name), ORDER);
      const { records, cursor } = await use.page({ lockedOnly, order, limit: 3 });
      for (const { key } of records) await use.store.erase(key);
      await use.store.block(username('aa'), ORDER);
      const left = keys.filter((key) => records.every((record) => record.key !== key));
      const rest = cursor === null ? [] : await use.keys({ lockedOnly, order, limit: 3, cursor });
      deepEqual(
        rest.filter((key) => keys.includes(key)),
        left,
        `the rest of the list by ${order}`,
      );
      for (const key of await use.keys()) await use.store.erase(key);
    }
  });

  contract.test('refuses a cursor that it did not make', async (use) => {
    await fill(use);
    for (const cursor of ['', ' ', 'a', '{"$gt":""}', 'username=alice', 'key:', 'lockedUntil:x:username=alice']) {
      for (const { lockedOnly, order } of LISTS) {
        await rejects(
          async () => use.page({ lockedOnly, order, cursor }),
          isInvalidOption,
          `the cursor ${JSON.stringify(cursor)} of the list by ${order}`,
        );
      }
    }
  });

  contract.test('refuses a cursor of another order', async (use) => {
    await fill(use);
    await use.store.block(username('alice'), ORDER);
    for (const [made, used] of [
      ['key', 'lockedUntil'],
      ['lockedUntil', 'key'],
    ] as const) {
      const { cursor } = await use.page({ lockedOnly: true, order: made, limit: 1 });
      notEqual(cursor, null);
      await rejects(async () => use.page({ lockedOnly: true, order: used, cursor }), isInvalidOption);
    }
  });
}

const ADDRESS = '203.0.113.9';
const MATCHES: readonly { title: string; match: StoreMatch; keys: readonly string[] }[] = [
  {
    title: 'that have the one part',
    match: { parts: { username: 'alice' }, match: 'all' },
    keys: ['ip=203.0.113.9&username=alice', 'username=alice'],
  },
  {
    title: 'that have both parts',
    match: { parts: { username: 'alice', ip: ADDRESS }, match: 'all' },
    keys: ['ip=203.0.113.9&username=alice'],
  },
  {
    title: 'that have any of two parts',
    match: { parts: { username: 'alice', ip: ADDRESS }, match: 'any' },
    keys: ['ip=203.0.113.9', 'ip=203.0.113.9&username=alice', 'ip=203.0.113.9&username=bob', 'username=alice'],
  },
  { title: 'of nobody for an unknown name', match: { parts: { username: 'dave' }, match: 'any' }, keys: [] },
  { title: 'of nobody for the value of another part', match: { parts: { ip: 'alice' }, match: 'any' }, keys: [] },
  {
    title: 'of nobody for a value that looks like an operator',
    match: { parts: { ip: '$ip' }, match: 'all' },
    keys: [],
  },
];

function matchContract(contract: Contract): void {
  for (const { title, match, keys } of MATCHES) {
    contract.test(`returns records ${title}`, async (use) => {
      const names = [username('alice'), username('bob'), ip(ADDRESS)];
      const pairs = [pair(ADDRESS, 'bob'), pair(ADDRESS, 'alice'), pair('::', 'carol')];
      for (const subject of [...names, ...pairs]) await use.guess(subject);
      deepEqual(await use.keys({ madeOf: match }), keys);
    });
  }

  contract.test('returns the records that match page by page, in each order', async (use) => {
    const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'];
    for (const address of addresses) await use.guess(pair(address, 'alice'));
    for (const address of addresses.slice(1)) await use.store.block(pair(address, 'alice'), ORDER);
    await use.store.block(pair('192.0.2.2', 'bob'), ORDER);
    await use.store.block(username('alice'), ORDER);
    const keys = addresses.map((address) => pair(address, 'alice').key);
    const query = { madeOf: { parts: { username: 'alice' }, match: 'all' }, dimension: 'ip+username' } as const;
    for (const limit of [1, 2, 3]) {
      deepEqual(await use.keys({ ...query, limit }), keys);
      deepEqual(await use.keys({ ...query, limit, order: 'key' }), keys);
      for (const { order } of LISTS.filter(({ lockedOnly }) => lockedOnly)) {
        deepEqual((await use.keys({ ...query, lockedOnly: true, limit, order })).toSorted(), keys.slice(1));
      }
    }
  });
}

async function fill(use: StoreUnderTest): Promise<void> {
  for (const name of ['carol', 'alice', 'bob']) await use.guess(username(name));
  await use.guess(ip('203.0.113.9'));
  await use.store.block(username('bob'), ORDER);
}
