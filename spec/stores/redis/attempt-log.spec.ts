/** The attempt log in a stream: its order, its bounds, and what its calls cost. */
import { expect } from 'chai';
import { Lockout } from '../../../lib/index.js';
import type { AttemptLog, AttemptPosition, AttemptQuery, PendingEntry } from '../../../lib/stores/attempt-log.js';
import { RedisStore } from '../../../lib/stores/redis/index.js';
import { DAY, ENTRY, HOUR, MINUTE, REMOVAL, SECOND, WHOLE_LOG } from '../../../lib/testing/examples.js';
import { PATIENT } from '../../support/stores/patient.js';
import { useRedisDatabase } from '../../support/stores/redis-database.js';

const STREAM = '{passport-lockout}:attempts';

describe('The attempt log of RedisStore', () => {
  const database = useRedisDatabase();
  let now: number;
  const clock = () => now;
  let log: AttemptLog;

  beforeEach(async () => {
    now = Date.now();
    log = database.store({ clock }).attemptLog;
  });

  const named = (username: string, ageMs = 0): PendingEntry => ({ entry: { ...ENTRY, username }, ageMs });
  const find = (query: Partial<AttemptQuery> = {}) => log.query({ ...WHOLE_LOG, ...query });
  const names = async (query?: Partial<AttemptQuery>) => (await find(query)).map(({ username }) => username);
  const length = () => database.client.xLen(STREAM);

  /** Appends entries of one user, oldest first, a second apart. */
  async function fill(count: number, username = 'mallory'): Promise<void> {
    for (let left = count; left > 0; left -= 1_000) {
      await log.append(
        Array.from({ length: Math.min(left, 1_000) }, () => named(username)),
        DAY,
      );
      now += SECOND;
    }
  }

  async function allPages(query: Partial<AttemptQuery>): Promise<readonly (string | null)[]> {
    const seen: (string | null)[] = [];
    let after: AttemptPosition | undefined;
    do {
      const page = await find({ ...query, after });
      seen.push(...page.map(({ username }) => username));
      after = page.at(-1);
    } while (after);
    return seen;
  }

  it('finds the one entry of a username behind thousands of others', async () => {
    await log.append([named('alice')], DAY);
    await fill(5_000);
    expect(await names({ username: 'alice' })).to.deep.equal(['alice']);
  });

  it('looks at about 2,000 entries per call, so that logins come in between', async () => {
    await fill(5_000);
    const counting = database.counting();
    const counted = counting.store.attemptLog;
    await counted.query({ ...WHOLE_LOG, limit: 5_000 });
    expect(counting.calls).to.equal(3);
    counting.calls = 0;
    await counted.query(WHOLE_LOG);
    expect(counting.calls, 'a page of the newest').to.equal(1);
  });

  it('writes a batch in one call', async () => {
    const sent: unknown[] = [];
    const counting = new RedisStore({ sendCommand: async (args: string[]) => sent.push(args[0]) }).attemptLog;
    await counting.append([named('a'), named('b'), named('c')], DAY);
    await counting.append([], DAY);
    expect(sent).to.deep.equal(['EVALSHA']);
  });

  it('orders entries by their attempts, page by page, though some were written an hour late', async () => {
    for (let index = 0; index < 30; index += 1) {
      await log.append([named(`now ${index}`), named(`late ${index}`, HOUR)], DAY);
      now += 2 * MINUTE;
    }
    const whole = await find({ limit: 1_000 });
    expect(whole.map(({ at }) => at)).to.deep.equal(whole.map(({ at }) => at).toSorted((a, b) => b - a));
    expect(whole).to.have.length(60);
    const expected = whole.map(({ username }) => username);
    expect(await allPages({ limit: 7 })).to.deep.equal(expected);
    const until = whole[20]?.at;
    expect(await allPages({ limit: 7, until })).to.deep.equal(
      whole.filter(({ at }) => at < Number(until)).map(({ username }) => username),
    );
  });

  it('keeps the order of writing for entries of the same time, and after the clock went back', async () => {
    await log.append([named('a'), named('b')], DAY);
    now -= MINUTE;
    await log.append([named('before')], DAY);
    expect(await names()).to.deep.equal(['b', 'a', 'before']);
    expect(await allPages({ limit: 1 })).to.deep.equal(['b', 'a', 'before']);
  });

  it('continues by time after the cursor of another log', async () => {
    await log.append([named('a', SECOND), named('b')], DAY);
    for (const id of ['65f0c0ffee65f0c0ffee65f0', '0', 'zzzzzzzzzzzzzzzzz']) {
      expect(await names({ after: { at: now, id } }), id).to.deep.equal(['a']);
    }
  });

  it('distinguishes names that differ in lone surrogates only, and a missing one from every name', async () => {
    await log.append([named('a\ud800'), named('a\ud801'), named('null'), named('')], DAY);
    await log.append([{ entry: { ...ENTRY, username: null }, ageMs: 0 }], DAY);
    for (const username of ['a\ud800', 'a\ud801', 'null', '']) {
      expect(await names({ username })).to.deep.equal([username]);
    }
  });

  it('keeps no more than maxAttempts entries and a hundred, the newest', async () => {
    log = new RedisStore(database.client, { clock, maxAttempts: 500 }).attemptLog;
    await fill(2_000);
    await log.append([named('newest')], DAY);
    expect(await length()).to.be.within(500, 600);
    expect(await names({ limit: 1 })).to.deep.equal(['newest']);
  });

  it('removes expired entries with the next batch, each by its own retention', async () => {
    await log.append([named('a'), named('b')], MINUTE);
    await log.append([named('c')], DAY);
    now += MINUTE;
    await log.append([named('d')], MINUTE);
    expect(await length()).to.equal(2);
    expect(await names()).to.deep.equal(['d', 'c']);
  });

  it('is gone from an unused server a little after its last entry has expired', async () => {
    log = database.store().attemptLog;
    await log.append([named('a')], DAY);
    await log.append([named('b')], MINUTE);
    for (const key of [STREAM, '{passport-lockout}:attempts-lag']) {
      // A log that was never written late has no lag to remember.
      const ttl = await database.client.pTTL(key);
      if (ttl !== -2) expect(ttl, key).to.be.within(DAY - HOUR, DAY + SECOND);
    }
    expect(await length()).to.equal(2);
  });

  it('removes all entries of a username in bounded steps, and none of another', async () => {
    await fill(2_500);
    await log.append([named('alice')], DAY);
    await fill(2_500);
    let steps = 0;
    let removed = 0;
    let after: AttemptPosition | undefined;
    do {
      const result = await log.remove({ ...REMOVAL, username: 'mallory', limit: 1_000, after });
      expect(result.removed).to.be.at.most(1_000);
      removed += result.removed;
      steps += 1;
      after = result.last ?? undefined;
    } while (after);
    expect([removed, steps]).to.deep.equal([5_000, 6]);
    expect(await names()).to.deep.equal(['alice']);
  });

  it('keeps the newest entries of a username over several steps', async () => {
    await fill(3_000);
    let after: AttemptPosition | undefined;
    do {
      const { last } = await log.remove({ ...REMOVAL, username: 'mallory', keepNewest: 10, limit: 1_000, after });
      after = last ?? undefined;
    } while (after);
    expect(await length()).to.equal(10);
  });

  it('is refused bounds by username or address, which a stream cannot keep', () => {
    const store = database.store();
    for (const name of ['attemptLogPerUsername', 'attemptLogPerAddress']) {
      expect(() => new Lockout({ store, [name]: 100 }))
        .to.throw(
          new RegExp(`^options\\.${name}: expected 'all' for a log .* maxAttempts of RedisStore, .* attemptLogStore`),
        )
        .with.property('code', 'ERR_LOCKOUT_OPTION_INVALID');
      expect(() => new Lockout({ ...PATIENT, store, [name]: 'all' })).not.to.throw();
    }
  });

  it('is read by a lockout that wrote it', async () => {
    const lockout = new Lockout({ ...PATIENT, store: database.store() });
    await lockout.protect({ username: 'alice', ip: '203.0.113.9' }, () => false);
    await lockout.close();
    const { items } = await lockout.attempts({ username: 'Alice' });
    expect(items.map(({ outcome, username, ip }) => [outcome, username, ip])).to.deep.equal([
      ['failed', 'alice', '203.0.113.9'],
    ]);
  });
});
