/** The index of the attempt log: that nothing is missed by it, what it saves, and what it leaves behind. */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type {
  AttemptEntry,
  AttemptLog,
  AttemptOutcome,
  AttemptPosition,
  AttemptQuery,
  PendingEntry,
} from '../../../lib/stores/attempt-log.js';
import { DAY, ENTRY, HOUR, MINUTE, REMOVAL, SECOND, WHOLE_LOG } from '../../../lib/testing/examples.js';
import { type CountingStore, useRedisDatabase } from '../../support/stores/redis-database.js';
import { randomFrom } from '../../support/tools/random.js';

const INDEX = '{passport-lockout}:attempts-index';
/** More than two chunks have. */
const MANY = 9_000;
const BATCH = 1_000;
const NAMES = ['alice', 'bob', 'carol', null] as const;
const ADDRESSES = ['::1', '203.0.113.9', null] as const;
const OUTCOMES: readonly AttemptOutcome[] = ['failed', 'refused', 'succeeded', 'logout'];

/** A reply of bytes is no text. */
const HEX = `local bytes = redis.call('GET', KEYS[1])
return (string.gsub(bytes, '.', function (one) return string.format('%02x', string.byte(one)) end))`;

describe('The index of the attempt log of RedisStore', () => {
  const database = useRedisDatabase();
  let now: number;
  const clock = () => now;
  let log: AttemptLog;
  let counting: CountingStore;
  /** Counts its calls. */
  let counted: AttemptLog;

  beforeEach(async () => {
    now = Date.now();
    log = database.store({ clock }).attemptLog;
    counting = database.counting({ clock });
    counted = counting.store.attemptLog;
  });

  const named = (username: string, ageMs = 0): PendingEntry => ({ entry: { ...ENTRY, username }, ageMs });

  async function fill(count: number, nameOf: (number: number) => string, into = log): Promise<void> {
    for (let start = 0; start < count; start += BATCH) {
      const names = Array.from({ length: Math.min(BATCH, count - start) }, (_, offset) => nameOf(start + offset));
      await into.append(
        names.map((name) => named(name)),
        DAY,
      );
      now += SECOND;
    }
  }

  async function wholeLog(): Promise<readonly AttemptEntry[]> {
    return log.query({ ...WHOLE_LOG, limit: 100_000 });
  }

  async function allPages(query: AttemptQuery): Promise<readonly AttemptEntry[]> {
    const found: AttemptEntry[] = [];
    for (let page = await log.query(query); page.length > 0; ) {
      found.push(...page);
      page = await log.query({ ...query, after: page.at(-1) });
    }
    return found;
  }

  async function columns(): Promise<readonly string[]> {
    return (await database.client.keys(`${INDEX}:*`)).toSorted();
  }

  /** Of each kind of query, what a filter of the whole log finds. */
  async function expectAllFound(): Promise<void> {
    const whole = await wholeLog();
    const middle = whole[whole.length >> 1]?.at;
    const queries: readonly Partial<AttemptQuery>[] = [
      { username: 'alice' },
      { username: 'bob', ip: '::1' },
      { ip: '203.0.113.9' },
      { outcome: 'logout' },
      { outcome: 'succeeded', username: 'carol' },
      { username: 'alice', since: middle },
      { username: 'alice', until: middle },
      { username: 'nobody' },
    ];
    for (const query of queries) {
      const expected = whole.filter(
        ({ username, ip, outcome, at }) =>
          (query.username === undefined || username === query.username) &&
          (query.ip === undefined || ip === query.ip) &&
          (query.outcome === undefined || outcome === query.outcome) &&
          at >= (query.since ?? 0) &&
          at < (query.until ?? Number.POSITIVE_INFINITY),
      );
      const found = await allPages({ ...WHOLE_LOG, ...query, limit: 500 });
      expect(
        found.map(({ id }) => id),
        JSON.stringify(query),
      ).to.deep.equal(expected.map(({ id }) => id));
    }
  }

  /** Appends entries of a few people by chance, some of them late. */
  async function fillByChance(count: number, seed: number, maxAttempts?: number): Promise<void> {
    const random = randomFrom(seed);
    const into = database.store({ clock, maxAttempts }).attemptLog;
    const oneOf = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T;
    for (let left = count; left > 0; ) {
      const size = Math.min(left, 1 + Math.floor(random() * 700));
      const entries = Array.from({ length: size }, () => {
        const entry = { ...ENTRY, username: oneOf(NAMES), ip: oneOf(ADDRESSES), outcome: oneOf(OUTCOMES) };
        return { entry, ageMs: random() < 0.01 ? Math.floor(random() * HOUR) : Math.floor(random() * SECOND) };
      });
      await into.append(entries, random() < 0.5 ? DAY : 2 * DAY);
      now += Math.floor(random() * MINUTE);
      left -= size;
    }
  }

  it('finds one name among thousands in one call, and what an attack hides: its few successes', async () => {
    await log.append([named('alice')], DAY);
    await fill(MANY, (number) => `someone-${number}`);
    await log.append([{ entry: { ...ENTRY, username: 'bob', outcome: 'succeeded' }, ageMs: 0 }], DAY);
    await fill(MANY, () => 'mallory');
    // The server may not know the script yet.
    await counted.query(WHOLE_LOG);
    for (const [query, name] of [
      [{ username: 'alice' }, 'alice'],
      [{ outcome: 'succeeded' }, 'bob'],
      [{ username: 'bob', ip: ENTRY.ip as string }, 'bob'],
    ] as const) {
      counting.calls = 0;
      const found = await counted.query({ ...WHOLE_LOG, ...query });
      expect(found.map(({ username }) => username)).to.deep.equal([name]);
      expect(counting.calls, JSON.stringify(query)).to.equal(1);
    }
  });

  it('finds expired entries in one call', async () => {
    await log.append([named('short')], MINUTE);
    await fill(MANY, () => 'mallory');
    // A batch would remove it.
    now += MINUTE;
    await counted.query(WHOLE_LOG);
    counting.calls = 0;
    const found = await counted.query({ ...WHOLE_LOG, expiredOnly: true });
    expect(found.map(({ username }) => username)).to.deep.equal(['short']);
    expect(counting.calls).to.be.at.most(3);
  });

  it('looks at about 1,000 entries of a name per call, so that logins come in between', async () => {
    await fill(5_000, () => 'mallory');
    await counted.query({ ...WHOLE_LOG, username: 'mallory', limit: 3_000 });
    expect(counting.calls).to.be.within(3, 5);
  });

  it('stops when nobody waits for the answer any more', async () => {
    await fill(9_000, () => 'mallory');
    const waiting = new AbortController();
    const abandoning = database.counting({}, (calls) => {
      if (calls === 2) waiting.abort(new Error('time is over'));
    });
    const { attemptLog } = abandoning.store;
    const page = Promise.resolve(attemptLog.query({ ...WHOLE_LOG, limit: 9_000, signal: waiting.signal }));
    expect(await page.catch((error: Error) => error.message)).to.equal('time is over');
    expect(abandoning.calls).to.equal(2);
  });

  it('misses nothing, whatever was written late and in batches of any size', async () => {
    await fillByChance(MANY, 1);
    await expectAllFound();
  });

  it('misses nothing where the stream has lost its oldest entries', async () => {
    await fillByChance(3 * MANY, 2, 5_000);
    await expectAllFound();
  });

  it('misses nothing after entries were removed', async () => {
    await fillByChance(MANY, 3);
    await log.remove({ ...REMOVAL, username: 'alice', outcomes: ['failed'], limit: 500 });
    await log.remove({ ...REMOVAL, ip: '::1', keepNewest: 1_000, limit: 500 });
    await expectAllFound();
  });

  it('misses nothing where the server has lost columns, or the whole index', async () => {
    await fillByChance(MANY, 4);
    const [first = '', , , fourth = ''] = await columns();
    await database.client.del([first, fourth]);
    await expectAllFound();
    await fillByChance(1_000, 5);
    await expectAllFound();
    await database.client.del(INDEX);
    await expectAllFound();
    await fillByChance(MANY, 6);
    await expectAllFound();
  });

  it('misses nothing of a log from before there was an index', async () => {
    await fillByChance(3_000, 7);
    await database.client.del([INDEX, ...(await columns())]);
    await fillByChance(3_000, 8);
    await log.remove({ ...REMOVAL, username: 'alice', limit: 5_000 });
    await expectAllFound();
  });

  it('stays as small as the stream while an attacker tries ever new names', async () => {
    const small = database.store({ clock, maxAttempts: 2_000 }).attemptLog;
    await fill(30_000, (number) => `random-${number}`, small);
    // The chunk that the oldest entry is in, and the one that is being written.
    expect(await columns()).to.have.length.at.most(2 * 4);
    // With the numbers of the first and the last one, and how far the search for expired entries has come.
    expect(await database.client.hLen(INDEX)).to.be.at.most(2 + 3);
  });

  it('takes 17 bytes for an entry, and a tenth more', async () => {
    await fill(3 * 4_080, (number) => `someone-${number}`);
    let bytes = 0;
    for (const key of await columns()) bytes += (await database.client.memoryUsage(key)) ?? 0;
    expect(bytes / (3 * 4_080)).to.be.within(17, 18.7);
  });

  async function removeAll(username: string): Promise<void> {
    let after: AttemptPosition | undefined;
    do {
      const { last } = await log.remove({ ...REMOVAL, username, limit: 1_000, after });
      after = last ?? undefined;
    } while (after);
  }

  it('keeps nothing that stands for a name whose entries had left the stream before it was removed', async () => {
    const small = database.store({ clock, maxAttempts: 1_000 }).attemptLog;
    await fill(2_000, (number) => (number < 900 ? 'alice' : 'bob'), small);
    expect(await log.query({ ...WHOLE_LOG, username: 'alice' })).to.deep.equal([]);
    expect(await countsOf('username', 'alice')).to.equal(900);
    await removeAll('alice');
    expect(await countsOf('username', 'alice')).to.equal(0);
    expect(await countsOf('username', 'bob')).to.equal(1_100);
  });

  it('keeps nothing that stands for a name which was removed', async () => {
    await fill(MANY, (number) => (number % 3 === 0 ? 'alice' : 'bob'));
    expect(await countsOf('username', 'alice')).to.equal(MANY / 3);
    await removeAll('alice');
    expect(await countsOf('username', 'alice')).to.equal(0);
    expect(await countsOf('username', 'bob')).to.equal((MANY / 3) * 2);
    await log.append([named('alice')], DAY);
    expect(await countsOf('username', 'alice')).to.equal(1);
  });

  async function countsOf(column: 'username' | 'ip', value: string): Promise<number> {
    const hash = createHash('sha1').update(JSON.stringify(value)).digest().subarray(0, 4).toString('hex');
    let count = 0;
    for (const key of (await columns()).filter((name) => name.endsWith(`:${column}`))) {
      const bytes = (await database.client.sendCommand<string>(['EVAL', HEX, '1', key])).match(/.{8}/g) ?? [];
      count += bytes.filter((four) => four === hash).length;
    }
    return count;
  }

  it('begins a new chunk each day, so that what stands for a name outlives its entry by a day at most', async () => {
    const monthMs = 30 * DAY;
    for (let day = 0; day < 40; day += 1) {
      await log.append([named(`of day ${day}`)], monthMs);
      now += DAY;
    }
    expect((await columns()).length / 4).to.be.within(29, 33);
    expect(await countsOf('username', 'of day 5')).to.equal(0);
    expect(await countsOf('username', 'of day 39')).to.equal(1);
  });

  it('is gone from an unused server a little after its last entry', async () => {
    log = database.store().attemptLog;
    await log.append([named('a')], DAY);
    for (const key of [INDEX, ...(await columns())]) {
      expect(await database.client.pTTL(key), key).to.be.within(DAY - HOUR, DAY + HOUR);
    }
  });

  it('takes a retention that has no whole 32nd', async () => {
    await log.append([named('a')], 90 * SECOND);
    expect(await database.client.pTTL(INDEX)).to.be.above(90 * SECOND - 1);
    await expectAllFound();
  });

  it('has no end where entries have none', async () => {
    await log.append([named('a')], Number.POSITIVE_INFINITY);
    await log.append([named('b')], Number.POSITIVE_INFINITY);
    expect(await columns()).to.have.length(4);
    await expectAllFound();
  });

  it('forgets that entries were written late when they leave the log', async () => {
    const small = database.store({ clock, maxAttempts: 6_000 }).attemptLog;
    await small.append([named('late', HOUR)], DAY);
    await fill(15_000, () => 'mallory', small);
    await counted.query(WHOLE_LOG);
    counting.calls = 0;
    const until = now - 4 * SECOND;
    expect(await counted.query({ ...WHOLE_LOG, until, limit: 10 })).to.have.length(10);
    expect(counting.calls).to.equal(1);
  });
});
