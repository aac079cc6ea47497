/** What only the Redis store does: its commands, its keys and what they hold. */
import { expect } from 'chai';
import { createClient } from 'redis';
import { Lockout, type LockoutOptions } from '../../../lib/index.js';
import type { Policy } from '../../../lib/policy/state.js';
import { RedisStore } from '../../../lib/stores/redis/index.js';
import type { Subject } from '../../../lib/subject/key.js';
import { DAY, HOUR, policyWith } from '../../policy/examples.js';
import { RedisServer } from '../../support/servers/redis-server.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { PATIENT } from '../../support/stores/patient.js';
import { until } from '../../support/tools/until.js';
import { ip, username } from '../examples.js';

const ALICE = { username: 'alice', ip: '203.0.113.9' };
const LIMIT_3: LockoutOptions = {
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
  attemptLog: 'off',
  dimensions: ['username', 'ip'],
};
const POLICY = policyWith();
const HOME = { source: { place: '203.0.113.9', spelling: 'Alice' } };
const FOREVER = Number.POSITIVE_INFINITY;

describe('RedisStore', () => {
  let server: RedisServer;
  let client: ReturnType<typeof createClient>;
  let store: RedisStore;
  let ids = 0;

  before(async () => {
    server = await RedisServer.start();
    client = createClient({ url: server.url });
    await client.connect();
  });
  after(async () => {
    client.destroy();
    await server.stop();
  });
  beforeEach(async () => {
    await client.flushAll();
    store = new RedisStore(client);
  });

  async function fail(subject: Subject, times: number, policy: Policy = POLICY, marks = HOME) {
    for (let failure = 0; failure < times; failure += 1) {
      const reply = await store.reserve(subject, policy, `lease-${++ids}`);
      if (reply.outcome !== 'taken') throw new Error(`expected a slot, got ${reply.outcome}`);
      await store.settle(subject, policy, reply.lease, 'failure', marks);
    }
  }
  const keys = async () => (await client.keys('*')).toSorted();
  const locked = (dimension: string) => client.zRange(`{passport-lockout}:locks:${dimension}`, 0, -1);

  describe('on the wire', () => {
    let monitor: ReturnType<typeof createClient>;
    let seen: string[];
    let lockout: Lockout;

    beforeEach(async () => {
      seen = [];
      monitor = createClient({ url: server.url });
      await monitor.connect();
      // Of clients, not of scripts.
      await monitor.monitor((line) => {
        if (!line.includes(' lua] ')) seen.push(line.split('"')[1] ?? '');
      });
      const clock = new ManualClock();
      lockout = new Lockout({ ...PATIENT, ...LIMIT_3, store: new RedisStore(client, { clock: clock.read }) });
    });
    afterEach(() => monitor.destroy());

    async function commandsOf(act: () => unknown): Promise<readonly string[]> {
      await caughtUp();
      await act();
      return caughtUp();
    }

    /** The server tells the monitor later than it answers. */
    async function caughtUp(): Promise<readonly string[]> {
      await client.ping();
      await until(() => seen.includes('PING'));
      return seen.splice(0).filter((command) => command !== 'PING');
    }

    it('takes 2 commands for an attempt on two subjects, right or wrong, also for the one that locks', async () => {
      await lockout.protect(ALICE, () => true);
      for (const isRight of [true, false, false, true, false, false]) {
        expect(await commandsOf(() => lockout.protect(ALICE, () => isRight))).to.deep.equal(['EVALSHA', 'EVALSHA']);
      }
    });

    it('takes no command for a refused attempt within lockCacheTtl', async () => {
      for (let failure = 0; failure < 3; failure += 1) await lockout.protect(ALICE, () => false);
      expect((await lockout.status({ username: 'alice' })).locked).to.equal(true);
      expect(await commandsOf(() => lockout.protect(ALICE, () => true))).to.deep.equal([]);
    });

    it('sends the text of a script once to a server that does not know it', async () => {
      await client.sendCommand(['SCRIPT', 'FLUSH']);
      expect(await commandsOf(() => lockout.protect(ALICE, () => false))).to.deep.equal([
        'EVALSHA',
        'EVAL',
        'EVALSHA',
        'EVAL',
      ]);
      expect(await commandsOf(() => lockout.protect(ALICE, () => false))).to.deep.equal(['EVALSHA', 'EVALSHA']);
    });
  });

  describe('keeps', () => {
    it('nothing after a successful login', async () => {
      const lockout = new Lockout({ ...PATIENT, ...LIMIT_3, store });
      await lockout.protect(ALICE, () => true);
      expect(await keys()).to.deep.equal([]);
    });

    it('every key under its prefix, and sees nothing of another prefix', async () => {
      store = new RedisStore(client, { prefix: '{my-app}:lockout:' });
      await fail(username('alice'), 3);
      expect(await keys()).to.deep.equal([
        '{my-app}:lockout:dimensions',
        '{my-app}:lockout:locks:username',
        '{my-app}:lockout:secret',
        '{my-app}:lockout:subject:username=alice',
      ]);
      const other = new RedisStore(client);
      expect(await other.read('username=alice')).to.equal(null);
      for (const lockedOnly of [true, false]) {
        const { records } = await other.list({ dimension: undefined, lockedOnly, cursor: null, limit: 10 });
        expect(records).to.deep.equal([]);
      }
    });

    it('a record a little longer than it matters, and one that is locked until reset without an end', async () => {
      await fail(username('alice'), 1);
      await store.block(username('bob'), { forMs: FOREVER, forgetAfterMs: DAY, reason: null, by: null });
      const ttl = await client.pTTL('{passport-lockout}:subject:username=alice');
      expect(ttl).to.be.within(POLICY.forgetAfterMs - HOUR, POLICY.forgetAfterMs + 1_000);
      expect(await client.pTTL('{passport-lockout}:subject:username=bob')).to.equal(-1);
    });

    it('neither the spelling nor the address of a failure, but tags that differ from record to record', async () => {
      await fail(username('alice'), 1, POLICY, { source: { place: '203.0.113.9', spelling: 'aLiCe' } });
      await fail(username('bob'), 1, POLICY, { source: { place: '203.0.113.9', spelling: 'aLiCe' } });
      const [alice, bob] = await client.mGet(
        ['alice', 'bob'].map((name) => `{passport-lockout}:subject:username=${name}`),
      );
      const tags = (record: string | null | undefined) => record?.match(/[0-9a-f]{9}/g);
      expect(alice).not.to.match(/aLiCe|203\.0\.113/);
      expect(tags(alice)).to.have.length(2);
      expect(tags(alice)).not.to.include.members(tags(bob) as string[]);
    });

    it('spellings apart that differ in lone surrogates only', async () => {
      const alice = username('alice');
      await fail(alice, 1, POLICY, { source: { place: 'home', spelling: 'a\ud800' } });
      const reply = await store.reserve(alice, POLICY, 'b');
      if (reply.outcome !== 'taken') throw new Error(reply.outcome);
      const source = { place: 'home', spelling: 'a\ud801' };
      expect((await store.settle(alice, POLICY, reply.lease, 'success', { source })).failures).to.equal(1);
    });

    it('one secret for all processes: a success by one takes back failures that another has counted', async () => {
      const alice = username('alice');
      await fail(alice, 2);
      store = new RedisStore(client);
      const reply = await store.reserve(alice, POLICY, 'b');
      if (reply.outcome !== 'taken') throw new Error(reply.outcome);
      expect((await store.settle(alice, POLICY, reply.lease, 'success', HOME)).failures).to.equal(0);
    });

    it('failures that were counted under a lost secret, and takes none of them back', async () => {
      const alice = username('alice');
      await fail(alice, 1);
      await client.del('{passport-lockout}:secret');
      store = new RedisStore(client);
      await fail(alice, 1);
      const reply = await store.reserve(alice, POLICY, 'b');
      if (reply.outcome !== 'taken') throw new Error(reply.outcome);
      expect((await store.settle(alice, POLICY, reply.lease, 'success', HOME)).failures).to.equal(1);
    });
  });

  describe('has an index of locks', () => {
    const SHORT = policyWith({ tiers: [{ failures: 1, cooloffMs: HOUR }] });
    let now = 0;
    beforeEach(() => {
      now = Date.now();
      store = new RedisStore(client, { clock: () => now });
    });

    it('for each dimension, of locked subjects only', async () => {
      await fail(username('alice'), 1, SHORT);
      await fail(username('bob'), 1);
      await store.block(ip('203.0.113.9'), { forMs: HOUR, forgetAfterMs: DAY, reason: null, by: null });
      expect(await locked('username')).to.deep.equal(['{passport-lockout}:subject:username=alice']);
      expect(await locked('ip')).to.deep.equal(['{passport-lockout}:subject:ip=203.0.113.9']);
    });

    it('that an unlocked subject leaves, however it was unlocked', async () => {
      const alice = username('alice');
      for (const unlock of [
        () => store.reset(alice.key),
        () => store.erase(alice.key),
        () => store.resetLockedBy(alice.key, `lease-${ids}`),
        () => store.block(alice, { forMs: 0, forgetAfterMs: DAY, reason: null, by: null }),
      ]) {
        await store.reset(alice.key);
        await fail(alice, 1, SHORT);
        expect(await locked('username')).to.have.length(1);
        await unlock();
        expect(await locked('username'), String(unlock)).to.deep.equal([]);
      }
    });

    it('from which a further lock removes ten that have ended', async () => {
      for (let name = 0; name < 25; name += 1) await fail(username(`user${name}`), 1, SHORT);
      now += HOUR;
      await fail(username('alice'), 1, SHORT);
      expect(await locked('username')).to.have.length(16);
      await fail(username('bob'), 1, SHORT);
      await fail(username('carol'), 1, SHORT);
      expect(await locked('username')).to.have.length(3);
    });

    it('that forgets an erased subject, even one whose record is gone', async () => {
      await fail(username('alice'), 1, SHORT);
      await client.del('{passport-lockout}:subject:username=alice');
      expect(await store.erase('username=alice')).to.equal(null);
      expect(await locked('username')).to.deep.equal([]);
    });

    it('that names no record any more once that was evicted', async () => {
      await fail(username('alice'), 1, SHORT);
      await client.del('{passport-lockout}:subject:username=alice');
      const page = await store.list({ dimension: undefined, lockedOnly: true, cursor: null, limit: 10 });
      expect(page).to.deep.equal({ records: [], cursor: null });
    });
  });

  it('lists thousands of records among foreign keys, each once', async () => {
    await client.mSet(Array.from({ length: 500 }, (_, index) => [`foreign:${index}`, 'x'] as const).flat() as string[]);
    await Promise.all(Array.from({ length: 2_500 }, (_, index) => store.reserve(username(`u${index}`), POLICY, 'a')));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await store.list({ dimension: 'username', lockedOnly: false, cursor, limit: 100 });
      expect(page.records.length).to.be.at.most(100);
      seen.push(...page.records.map(({ key }) => key));
      cursor = page.cursor;
    } while (cursor !== null);
    expect(seen).to.have.length(2_500);
    expect(new Set(seen).size).to.equal(2_500);
  });

  describe('when a connection breaks', () => {
    it('repeats a step whose answer was lost, so that the lock is still told', async () => {
      let isBroken = false;
      const breaking = {
        sendCommand: async (args: string[]) => {
          const reply = await client.sendCommand(args);
          if (isBroken) {
            isBroken = false;
            throw new Error('Socket closed unexpectedly');
          }
          return reply;
        },
      };
      store = new RedisStore(breaking);
      const alice = username('alice');
      await fail(alice, 2);
      const reply = await store.reserve(alice, POLICY, 'last');
      if (reply.outcome !== 'taken') throw new Error(reply.outcome);
      isBroken = true;
      const { didLock, failures } = await store.settle(alice, POLICY, reply.lease, 'failure', HOME);
      expect([didLock, failures]).to.deep.equal([true, 3]);
    });

    it('repeats nothing that the server has refused', async () => {
      let sent = 0;
      const refusing = {
        sendCommand: async () => {
          sent += 1;
          throw new Error("OOM command not allowed when used memory > 'maxmemory'.");
        },
      };
      store = new RedisStore(refusing);
      const refused = await store.reserve(username('alice'), POLICY, 'a').catch((error: Error) => error.message);
      expect(refused).to.match(/^OOM /);
      expect(sent).to.equal(1);
    });
  });

  it('refuses options that are wrong, with a sentence', () => {
    const wrong: readonly [unknown, RegExp][] = [
      [{ prefix: 'lockout:' }, /RedisStore options\.prefix: expected .* hash tag in braces/],
      [{ prefix: '{*}:' }, /RedisStore options\.prefix: expected 1 to 64 letters/],
      [{ prefix: '{}:' }, /RedisStore options\.prefix: expected/],
      [{ clock: 1 }, /RedisStore options\.clock: expected a function/],
      [{ ttl: 1 }, /RedisStore options/],
    ];
    for (const [options, message] of wrong) expect(() => new RedisStore(client, options as object)).to.throw(message);
    store = new RedisStore(client, { clock: () => Number.NaN });
    return store.reserve(username('alice'), POLICY, 'a').then(
      () => expect.fail('a lock that no time ends'),
      (error) => expect(String(error)).to.match(/RedisStore options\.clock: expected a function that returns epoch/),
    );
  });
});
