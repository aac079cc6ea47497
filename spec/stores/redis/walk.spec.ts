/** Lists in no order, which walk over everything that is stored. */
import { expect } from 'chai';
import type { LockoutStore, StorePage } from '../../../lib/stores/store.js';
import { ORDER } from '../../../lib/testing/examples.js';
import { RedisDatabase } from '../../support/stores/redis-database.js';
import { username } from '../examples.js';

const MANY = 100;

describe('RedisStore, walking over its records', () => {
  let database: RedisDatabase;
  let store: LockoutStore;

  before(async () => {
    database = await RedisDatabase.create();
    store = database.store();
  });
  after(() => database.drop());

  it('misses none of those that it found beyond a page, when one of them is removed before the next page', async () => {
    const keys = Array.from({ length: MANY }, (_, number) => username(`user-${number}`).key);
    for (const key of keys) await store.block(username(key.slice('username='.length)), ORDER);
    const query = { dimension: undefined, lockedOnly: false, limit: 1 };
    const listed: string[] = [];
    const removed: string[] = [];

    for (let cursor: string | null = null; ; ) {
      const page: StorePage = await store.list({ ...query, cursor });
      listed.push(...page.records.map(({ key }) => key));
      cursor = page.cursor;
      if (cursor === null) break;
      // The keys beyond the page are in the cursor; the next one goes.
      const [next] = JSON.parse(cursor.replace(/^walk:\d*:/, '')) as readonly string[];
      if (next === undefined || removed.length >= MANY / 10) continue;
      await store.erase(next);
      removed.push(next);
    }

    expect(removed).not.to.deep.equal([]);
    expect(listed.toSorted()).to.deep.equal(keys.filter((key) => !removed.includes(key)).toSorted());
  });
});
