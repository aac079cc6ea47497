/** The attempt log and its index where a client chose the names, or the server has lost a part: no search runs on, no name is left. */
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { AttemptLog, AttemptPosition, AttemptQuery, PendingEntry } from '../../../lib/stores/attempt-log.js';
import { DAY, ENTRY, HOUR, MINUTE, REMOVAL, SECOND, WHOLE_LOG } from '../../../lib/testing/examples.js';
import { useRedisDatabase } from '../../support/stores/redis-database.js';

const STREAM = '{passport-lockout}:attempts';
const INDEX = `${STREAM}-index`;
const ROWS_OF_CHUNK = 4_080;
/** Its hash is the byte c4 four times, so a run of its rows has it at each byte. */
const OF_ONE_BYTE = 'mallory-fszln';
/** Which column has a hash, as hexadecimal digits: a reply of bytes is no text. */
const HEX = `local bytes = redis.call('GET', KEYS[1]) or ''
return (string.gsub(bytes, '.', function (one) return string.format('%02x', string.byte(one)) end))`;

describe('The index of the attempt log of RedisStore, damaged or attacked', () => {
  const database = useRedisDatabase();
  let now: number;
  const clock = () => now;
  let log: AttemptLog;

  beforeEach(async () => {
    now = Date.now();
    log = database.store({ clock }).attemptLog;
  });

  const named = (username: string): PendingEntry => ({ entry: { ...ENTRY, username }, ageMs: 0 });
  const appendNamed = (count: number, username: string, retentionMs = DAY) =>
    log.append(Array<PendingEntry>(count).fill(named(username)), retentionMs);
  const columns = () => database.client.keys(`${INDEX}:*`);

  async function expectFound(count: number, query: Partial<AttemptQuery>): Promise<void> {
    expect(await log.query({ ...WHOLE_LOG, limit: 10_000, ...query })).to.have.length(count);
  }

  async function rowsOf(username: string): Promise<number> {
    const hash = createHash('sha1').update(JSON.stringify(username)).digest('hex').slice(0, 8);
    let count = 0;
    for (const key of (await columns()).filter((name) => name.endsWith(':username'))) {
      const bytes = await database.client.sendCommand<string>(['EVAL', HEX, '1', key]);
      count += (bytes.match(/.{8}/g) ?? []).filter((four) => four === hash).length;
    }
    return count;
  }

  async function removeAll(username: string): Promise<void> {
    let after: AttemptPosition | undefined;
    do {
      const { last } = await log.remove({ ...REMOVAL, username, limit: 1_000, after });
      after = last ?? undefined;
    } while (after);
  }

  it('is gone through in a few calls for a name that was chosen for its hash, and not for ever', async () => {
    await appendNamed(1, 'alice');
    for (let left = ROWS_OF_CHUNK - 1; left > 0; left -= 1_000) await appendNamed(Math.min(left, 1_000), OF_ONE_BYTE);
    const waiting = new AbortController();
    const counting = database.counting({ clock }, (calls) => {
      if (calls === 50) waiting.abort(new Error('50 calls'));
    });
    const { attemptLog } = counting.store;

    const query = { ...WHOLE_LOG, username: OF_ONE_BYTE, limit: 10_000, signal: waiting.signal };
    const found = await Promise.resolve(attemptLog.query(query)).catch((error: Error) => error.message);

    expect(found).to.have.length(ROWS_OF_CHUNK - 1);
    expect(counting.calls).to.be.at.most(10);
  });

  it('begins no column anew that the server has dropped, so that none is left without an end', async () => {
    await appendNamed(3, 'alice');
    await database.client.del(await columns());

    await appendNamed(2, 'alice');

    expect(await columns()).to.deep.equal([]);
    await expectFound(5, { username: 'alice' });
  });

  it('keeps nothing of a name whose entries have left the stream with those of many chunks', async () => {
    // A chunk ends after a 32nd of the retention.
    for (let chunk = 0; chunk < 30; chunk += 1) {
      await appendNamed(1, chunk < 29 ? 'alice' : 'bob', HOUR);
      now += 2 * MINUTE;
    }
    now += 2 * HOUR;
    await appendNamed(1, 'bob', HOUR);
    expect(await rowsOf('alice')).to.be.above(0);

    await removeAll('alice');

    expect(await rowsOf('alice')).to.equal(0);
    await expectFound(1, { username: 'bob' });
  });

  it('keeps nothing of a name that is removed after the server has dropped the ids', async () => {
    await appendNamed(2, 'alice');
    await appendNamed(2, 'bob');
    await database.client.del(`${INDEX}:1:id`);

    await removeAll('alice');

    expect(await rowsOf('alice')).to.equal(0);
    await expectFound(2, { username: 'bob' });
  });

  it('loses expired entries also behind those that are kept longer, a few with each batch, and what stands for their names', async () => {
    await appendNamed(1, 'kept', 40 * DAY);
    for (let batch = 0; batch < 5; batch += 1) {
      await appendNamed(300, 'alice', HOUR);
      await appendNamed(1, 'bob', 40 * DAY);
    }
    now += 2 * HOUR;

    for (let batch = 0; batch < 40; batch += 1) await appendNamed(1, 'carol', HOUR);

    await expectFound(0, { expiredOnly: true });
    await expectFound(5, { username: 'bob' });
    await expectFound(46, {});
    expect(await database.client.xLen(STREAM)).to.equal(46);
    expect(await rowsOf('alice')).to.equal(0);
    // Those that come later are found as well.
    now += 2 * HOUR;
    for (let batch = 0; batch < 3; batch += 1) await appendNamed(1, 'dave', HOUR);
    expect(await database.client.xLen(STREAM)).to.equal(6 + 3);
  });

  it('misses and keeps nothing after the server has dropped the stream, and its clock was set back', async () => {
    await appendNamed(2, 'alice');
    await database.client.del(STREAM);
    now -= 10 * SECOND;

    await appendNamed(3, 'alice');

    await expectFound(3, { username: 'alice' });
    await expectFound(3, {});
    await removeAll('alice');
    await expectFound(0, {});
    expect(await rowsOf('alice')).to.equal(0);
  });
});
