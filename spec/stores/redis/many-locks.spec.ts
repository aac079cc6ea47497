/** Lists of more locks than one call looks at. */
import { expect } from 'chai';
import type { RedisStore } from '../../../lib/stores/redis/index.js';
import type { StoreQuery } from '../../../lib/stores/store.js';
import { KeyMaker, type Subject } from '../../../lib/subject/key.js';
import { DAY, HOUR } from '../../../lib/testing/examples.js';
import { type CountingStore, RedisDatabase } from '../../support/stores/redis-database.js';
import { ip, username } from '../examples.js';

const MANY = 12_000;
const EVERY = 1_000;
const LOCKED: StoreQuery = { dimension: undefined, lockedOnly: true, cursor: null, limit: 5 };
const keys = new KeyMaker();

describe('RedisStore with thousands of locks', () => {
  let database: RedisDatabase;
  let counting: CountingStore;
  let store: RedisStore;
  let subjects: readonly Subject[];
  const ofAlice = { parts: { username: 'alice' }, match: 'all' } as const;

  before(async () => {
    database = await RedisDatabase.create();
    const blocking = database.store();
    // In one order by their ends, in another by their keys, and in a third for each dimension.
    subjects = Array.from({ length: MANY }, (_, index) => {
      const address = `10.0.${index % 199}.${index % 251}-${index}`;
      if (index % EVERY === 0) return keys.toSubject('ip+username', { ip: address, username: 'alice' });
      if (index % EVERY === 1) return keys.toSubject('ip+username', { ip: address, username: 'alice\nsmith' });
      return index % 3 === 0 ? ip(address) : username(`user-${(index * 7_919) % MANY}`);
    });
    for (let start = 0; start < MANY; start += 1_000) {
      await Promise.all(
        subjects.slice(start, start + 1_000).map((subject, offset) => {
          const forMs = DAY + (start + offset) * HOUR;
          return blocking.block(subject, { forMs, forgetAfterMs: DAY, reason: null, by: null });
        }),
      );
    }
  });
  after(() => database.drop());
  beforeEach(() => {
    counting = database.counting();
    store = counting.store;
  });

  async function allPages(query: Partial<StoreQuery>): Promise<readonly string[]> {
    const found: string[] = [];
    for (let cursor: string | null = null; ; ) {
      const page = await store.list({ ...LOCKED, ...query, cursor });
      found.push(...page.records.map(({ key }) => key));
      cursor = page.cursor;
      if (cursor === null) return found;
    }
  }

  it('finds the few that are made of a value, in either order, and looks at thousands in a call', async () => {
    const expected = subjects.filter((_, index) => index % EVERY === 0).map(({ key }) => key);
    expect(await allPages({ madeOf: ofAlice, order: 'lockedUntil' })).to.deep.equal(expected);
    expect(counting.calls).to.be.at.most(30);
    expect(await allPages({ madeOf: ofAlice, order: 'key' })).to.deep.equal(expected.toSorted());
    expect(await allPages({ madeOf: { parts: { username: 'alice\nsmith' }, match: 'any' } })).to.have.length(12);
    expect(await allPages({ madeOf: { parts: { username: 'alic' }, match: 'any' } })).to.deep.equal([]);
  });

  it('lists all of them, in either order', async () => {
    const all = subjects.map(({ key }) => key);
    expect(await allPages({ order: 'lockedUntil', limit: 900 })).to.deep.equal(all);
    expect(await allPages({ order: 'key', limit: 3_000 })).to.deep.equal(all.toSorted());
  });

  it('finds a value among all records, whatever it means in a pattern of the server', async () => {
    const block = { forMs: HOUR, forgetAfterMs: DAY, reason: null, by: null };
    for (const name of ['a*c', 'a?c', 'a[b]c', 'a\\c', 'a^-]c', 'abc', 'a**c']) {
      const subject = username(name);
      await database.store().block(subject, block);
      counting.calls = 0;
      const query = { lockedOnly: false, madeOf: { parts: { username: name }, match: 'all' } } as const;
      expect(await allPages(query), name).to.deep.equal([subject.key]);
      expect(counting.calls).to.be.at.most(4);
      await database.store().erase(subject.key);
    }
  });

  it('stops when nobody waits for the list any more', async () => {
    for (const order of ['key', 'lockedUntil'] as const) {
      const waiting = new AbortController();
      const abandoning = database.counting({}, () => waiting.abort(new Error('time is over')));
      const page = abandoning.store.list({ ...LOCKED, madeOf: ofAlice, order, signal: waiting.signal });
      expect(await page.then(String, (error: Error) => error.message), order).to.equal('time is over');
      expect(abandoning.calls).to.equal(1);
    }
  });
});
