import { deepEqual, equal } from 'node:assert/strict';
import type { StoreMatch } from '../../stores/store.js';
import { EVERYTHING, ip, ORDER, pair, TRICKY_TEXTS, username } from '../examples.js';
import type { StoreUnderTest } from '../store-under-test.js';
import type { Contract } from '../suite.js';

const KEYS = ['ip=203.0.113.9', 'username=alice', 'username=bob', 'username=carol'];

export function listContract(contract: Contract): void {
  contract.test('is empty at first', async (use) => deepEqual(await use.keys(), []));

  contract.test('orders records by key, ascending, whichever came first', async (use) => {
    await fill(use);
    deepEqual(await use.keys(), KEYS);
  });

  contract.timed('returns the same as read', async (use) => {
    await fill(use);
    const read = await Promise.all(KEYS.map((key) => use.store.read(key)));
    deepEqual([...(await use.store.list(EVERYTHING))], read);
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

  contract.test('continues after a key, whether or not that exists', async (use) => {
    await fill(use);
    deepEqual(await use.keys({ after: 'username=alice' }), ['username=bob', 'username=carol']);
    deepEqual(await use.keys({ after: 'username=alicf' }), ['username=bob', 'username=carol']);
    deepEqual(await use.keys({ after: 'username=carol' }), []);
  });

  contract.test('returns at most limit records, those with the smallest keys', async (use) => {
    await fill(use);
    deepEqual(await use.keys({ limit: 1 }), KEYS.slice(0, 1));
    deepEqual(await use.keys({ limit: 1, dimension: 'username' }), ['username=alice']);
    deepEqual(await use.keys({ limit: 2, after: 'ip=203.0.113.9' }), ['username=alice', 'username=bob']);
  });

  contract.test('returns each record once, page by page, whatever its name', async (use) => {
    const names = [...TRICKY_TEXTS, 'Zorro', 'zorro', 'émile', '10', '9', '\uFF21', '𝒜'];
    for (const name of names) await use.take(username(name));
    const seen: string[] = [];
    for (let pages = 0, after: string | undefined; pages <= names.length; pages += 1) {
      const page = await use.keys({ limit: 4, after });
      seen.push(...page);
      after = page.at(-1) ?? after;
    }
    deepEqual(seen.toSorted(), names.map((name) => username(name).key).toSorted());
    const ascii = (key: string) => /^[ -~]+$/.test(key);
    deepEqual(seen.filter(ascii), seen.filter(ascii).toSorted());
  });

  matchContract(contract);
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

  contract.test('continues after a key within the records that match', async (use) => {
    for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.3']) await use.guess(pair(address, 'alice'));
    await use.guess(pair('192.0.2.2', 'bob'));
    await use.store.block(pair('192.0.2.3', 'alice'), ORDER);
    const match = { parts: { username: 'alice' }, match: 'all' } as const;
    const page = await use.keys({ madeOf: match, limit: 1, after: 'ip=192.0.2.1&username=alice' });
    deepEqual(page, ['ip=192.0.2.2&username=alice']);
    deepEqual(await use.keys({ madeOf: match, lockedOnly: true }), ['ip=192.0.2.3&username=alice']);
  });
}

async function fill(use: StoreUnderTest): Promise<void> {
  for (const name of ['carol', 'alice', 'bob']) await use.guess(username(name));
  await use.guess(ip('203.0.113.9'));
  await use.store.block(username('bob'), ORDER);
}
