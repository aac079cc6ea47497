/** What the store keeps, and for how long. */
import { expect } from 'chai';
import { Lockout, type LockoutOptions } from '../../../lib/index.js';
import { RedisStore } from '../../../lib/stores/redis/index.js';
import { POLICY } from '../../../lib/testing/examples.js';
import { StoreUnderTest } from '../../../lib/testing/store-under-test.js';
import { DAY, HOUR } from '../../policy/examples.js';
import { ManualClock } from '../../support/stores/manual-clock.js';
import { PATIENT } from '../../support/stores/patient.js';
import { useRedisDatabase } from '../../support/stores/redis-database.js';
import { ip, username } from '../examples.js';

const ALICE = { username: 'alice', ip: '203.0.113.9' };
const LIMIT_3: LockoutOptions = {
  tiers: [{ failures: 3, cooloff: { minutes: 15 } }],
  attemptLog: 'off',
  dimensions: ['username', 'ip'],
};
describe('RedisStore', () => {
  const database = useRedisDatabase();
  let use: StoreUnderTest;

  beforeEach(async () => {
    use = new StoreUnderTest(database.store());
  });

  const keys = async () => (await database.client.keys('*')).toSorted();

  describe('keeps', () => {
    it('nothing after a successful login', async () => {
      const lockout = new Lockout({ ...PATIENT, ...LIMIT_3, store: use.store });
      await lockout.protect(ALICE, () => true);
      expect(await keys()).to.deep.equal([]);
    });

    it('every key under its prefix, and sees nothing of another prefix', async () => {
      use = new StoreUnderTest(new RedisStore(database.client, { prefix: '{my-app}:lockout:' }));
      await use.fail(username('alice'), 3);
      expect(await keys()).to.deep.equal([
        '{my-app}:lockout:dimensions',
        '{my-app}:lockout:locks:username',
        '{my-app}:lockout:secret',
        '{my-app}:lockout:subject:username=alice',
      ]);
      const other = new RedisStore(database.client);
      expect(await other.read('username=alice')).to.equal(null);
      for (const lockedOnly of [true, false]) {
        const { records } = await other.list({ dimension: undefined, lockedOnly, cursor: null, limit: 10 });
        expect(records).to.deep.equal([]);
      }
    });

    it('a record a little longer than it matters, and one that is locked until reset without an end', async () => {
      await use.fail(username('alice'), 1);
      await use.store.block(username('bob'), {
        forMs: Number.POSITIVE_INFINITY,
        forgetAfterMs: DAY,
        reason: null,
        by: null,
      });
      const ttl = await database.client.pTTL('{passport-lockout}:subject:username=alice');
      expect(ttl).to.be.within(POLICY.forgetAfterMs - HOUR, POLICY.forgetAfterMs + 1_000);
      expect(await database.client.pTTL('{passport-lockout}:subject:username=bob')).to.equal(-1);
    });

    it('a record for as long as each further failure makes it matter, and until a lock ends', async () => {
      const ttl = () => database.client.pTTL('{passport-lockout}:subject:username=alice');
      const clock = new ManualClock();
      use = new StoreUnderTest(database.store({ clock: clock.read }));
      for (const forgetFrom of ['first', 'last'] as const) {
        const policy = { ...POLICY, forgetFrom, tiers: [{ failures: 4, cooloffMs: 3 * DAY }] };
        await database.clear();
        await use.fail(username('alice'), 1, policy);
        // As if written long ago.
        await database.client.pExpire('{passport-lockout}:subject:username=alice', DAY / 2);
        clock.advance({ minutes: 1 });
        await use.fail(username('alice'), 1, policy);
        const [least, most] = forgetFrom === 'last' ? [DAY - HOUR, DAY + HOUR] : [DAY / 2 - HOUR, DAY / 2];
        expect(await ttl(), forgetFrom).to.be.within(least, most);
        await use.fail(username('alice'), 2, policy);
        expect(await ttl(), forgetFrom).to.be.above(3 * DAY - HOUR);
      }
    });

    it('no record for ever whose row of failures had no end before a success', async () => {
      const endless = {
        ...POLICY,
        resetOnSuccess: false,
        hardStop: { failures: 100, forgetAfterMs: Number.POSITIVE_INFINITY },
      };
      const source = { place: 'home', spelling: 'alice' };
      const ttl = () => database.client.pTTL('{passport-lockout}:subject:username=alice');
      await use.guess(username('alice'), 'failure', endless, { source });
      expect(await ttl()).to.equal(-1);
      await use.guess(username('alice'), 'success', endless, { source });
      await use.expectRecord(username('alice'), { failures: 1, consecutiveFailures: 0 });
      expect(await ttl()).to.be.within(1, DAY + 1_000);
    });

    it('neither the spelling nor the address of a failure, but tags that differ from record to record', async () => {
      await use.guess(username('alice'), 'failure', POLICY, { source: { place: '203.0.113.9', spelling: 'aLiCe' } });
      await use.guess(username('bob'), 'failure', POLICY, { source: { place: '203.0.113.9', spelling: 'aLiCe' } });
      const [alice, bob] = await database.client.mGet(
        ['alice', 'bob'].map((name) => `{passport-lockout}:subject:username=${name}`),
      );
      const tags = (record: string | null | undefined) => record?.match(/[0-9a-f]{9}/g);
      expect(alice).not.to.match(/aLiCe|203\.0\.113/);
      expect(tags(alice)).to.have.length(2);
      expect(tags(alice)).not.to.include.members(tags(bob) as string[]);
    });

    it('what is known of a subject as it is, byte for byte, while others log in', async () => {
      const office = { ...POLICY, tiers: [{ failures: 100, cooloffMs: HOUR }] };
      const shared = ip('203.0.113.9');
      for (let name = 0; name < 70; name += 1) {
        const source = { place: `user${name}`, spelling: `User${name}` };
        await use.guess(shared, 'failure', office, { source, guess: `guess ${name}` });
      }
      const stored = () => database.client.get('{passport-lockout}:subject:ip=203.0.113.9');
      const before = await stored();
      const source = { place: 'alice', spelling: 'alice' };
      expect((await use.guess(shared, 'success', office, { source })).failures).to.equal(70);
      expect((await use.guess(shared, 'release', office)).failures).to.equal(70);
      expect(await stored()).to.equal(before);
    });

    it('the failures of a subject beyond a lease that outlasts them, until that ends', async () => {
      const brief = { ...POLICY, forgetAfterMs: 5_000 };
      await use.guess(username('alice'), 'failure', brief);
      await use.store.reserve(username('alice'), brief, 'a');
      const ttl = await database.client.pTTL('{passport-lockout}:subject:username=alice');
      expect(ttl).to.be.within(brief.leaseTimeoutMs - 5_000, brief.leaseTimeoutMs + 1_000);
    });

    it('spellings apart that differ in lone surrogates only', async () => {
      const alice = username('alice');
      await use.guess(alice, 'failure', POLICY, { source: { place: 'home', spelling: 'a\ud800' } });
      const source = { place: 'home', spelling: 'a\ud801' };
      expect((await use.guess(alice, 'success', POLICY, { source })).failures).to.equal(1);
    });

    it('one secret for all processes: a success by one takes back failures that another has counted', async () => {
      const alice = username('alice');
      await use.fail(alice, 2);
      use = new StoreUnderTest(new RedisStore(database.client));
      expect((await use.guess(alice, 'success')).failures).to.equal(0);
    });

    it('failures that were counted under a lost secret, and takes none of them back', async () => {
      const alice = username('alice');
      await use.fail(alice, 1);
      await database.client.del('{passport-lockout}:secret');
      use = new StoreUnderTest(new RedisStore(database.client));
      await use.fail(alice, 1);
      expect((await use.guess(alice, 'success')).failures).to.equal(1);
    });
  });

  it('lists thousands of records among foreign keys, each once', async () => {
    await database.client.mSet(
      Array.from({ length: 500 }, (_, index) => [`foreign:${index}`, 'x'] as const).flat() as string[],
    );
    await Promise.all(
      Array.from({ length: 2_500 }, (_, index) => use.store.reserve(username(`u${index}`), POLICY, 'a')),
    );
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await use.store.list({ dimension: 'username', lockedOnly: false, cursor, limit: 100 });
      expect(page.records.length).to.be.at.most(100);
      seen.push(...page.records.map(({ key }) => key));
      cursor = page.cursor;
    } while (cursor !== null);
    expect(seen).to.have.length(2_500);
    expect(new Set(seen).size).to.equal(2_500);
  });
});
