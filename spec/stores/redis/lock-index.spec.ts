/** The index of locks. */
import { expect } from 'chai';
import { Lockout } from '../../../lib/index.js';
import { RedisStore } from '../../../lib/stores/redis/index.js';
import { StoreUnderTest } from '../../../lib/testing/store-under-test.js';
import { DAY, HOUR, policyWith } from '../../policy/examples.js';
import { PATIENT } from '../../support/stores/patient.js';
import { useRedisDatabase } from '../../support/stores/redis-database.js';
import { ip, username } from '../examples.js';

describe('RedisStore', () => {
  const database = useRedisDatabase();
  let use: StoreUnderTest;

  beforeEach(async () => {
    use = new StoreUnderTest(database.store());
  });

  const locked = (dimension: string) => database.client.zRange(`{passport-lockout}:locks:${dimension}`, 0, -1);

  describe('has an index of locks', () => {
    const SHORT = policyWith({ tiers: [{ failures: 1, cooloffMs: HOUR }] });
    let now = 0;
    beforeEach(() => {
      now = Date.now();
      use = new StoreUnderTest(new RedisStore(database.client, { clock: () => now }));
    });

    it('for each dimension, of locked subjects only', async () => {
      await use.fail(username('alice'), 1, SHORT);
      await use.fail(username('bob'), 1);
      await use.store.block(ip('203.0.113.9'), { forMs: HOUR, forgetAfterMs: DAY, reason: null, by: null });
      expect(await locked('username')).to.deep.equal(['{passport-lockout}:subject:username=alice']);
      expect(await locked('ip')).to.deep.equal(['{passport-lockout}:subject:ip=203.0.113.9']);
    });

    it('that an unlocked subject leaves, however it was unlocked', async () => {
      const alice = username('alice');
      for (const unlock of [
        () => use.store.reset(alice.key),
        () => use.store.erase(alice.key),
        async () => use.store.resetLockedBy(alice.key, (await use.store.read(alice.key))?.lockedBy ?? ''),
        () => use.store.block(alice, { forMs: 0, forgetAfterMs: DAY, reason: null, by: null }),
      ]) {
        await use.store.reset(alice.key);
        await use.fail(alice, 1, SHORT);
        expect(await locked('username')).to.have.length(1);
        await unlock();
        expect(await locked('username'), String(unlock)).to.deep.equal([]);
      }
    });

    it('from which a further lock removes ten that have ended', async () => {
      for (let name = 0; name < 25; name += 1) await use.fail(username(`user${name}`), 1, SHORT);
      now += HOUR;
      await use.fail(username('alice'), 1, SHORT);
      expect(await locked('username')).to.have.length(16);
      await use.fail(username('bob'), 1, SHORT);
      await use.fail(username('carol'), 1, SHORT);
      expect(await locked('username')).to.have.length(3);
    });

    it('that forgets an erased subject, even one whose record is gone', async () => {
      await use.fail(username('alice'), 1, SHORT);
      await database.client.del('{passport-lockout}:subject:username=alice');
      expect(await use.store.erase('username=alice')).to.equal(null);
      expect(await locked('username')).to.deep.equal([]);
    });

    it('in which erase and cleanup leave no lock that has ended: its record may be gone, and nothing else leads to the name', async () => {
      const lockout = new Lockout({ ...PATIENT, store: use.store });
      for (const remove of [() => lockout.erase({ username: 'alice' }), () => lockout.cleanup()]) {
        await use.fail(username('alice'), 1, SHORT);
        await database.client.del('{passport-lockout}:subject:username=alice');
        now += HOUR;
        await use.fail(ip('203.0.113.9'), 1, SHORT);
        await remove();
        expect(await locked('username')).to.deep.equal([]);
        expect(await locked('ip')).to.deep.equal(['{passport-lockout}:subject:ip=203.0.113.9']);
      }
      await lockout.close();
    });

    it('that names no record any more once that was evicted', async () => {
      await use.fail(username('alice'), 1, SHORT);
      await database.client.del('{passport-lockout}:subject:username=alice');
      const page = await use.store.list({ dimension: undefined, lockedOnly: true, cursor: null, limit: 10 });
      expect(page).to.deep.equal({ records: [], cursor: null });
    });
  });
});
