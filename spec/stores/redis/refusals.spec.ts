/** What the store does when the server, the client or its options are not as they should be. */
import { expect } from 'chai';
import { MemoryStore } from '../../../lib/index.js';
import type { Lease, Verdict } from '../../../lib/policy/state.js';
import { type RedisClient, RedisStore } from '../../../lib/stores/redis/index.js';
import type { Subject } from '../../../lib/subject/key.js';
import { HOME, POLICY } from '../../../lib/testing/examples.js';
import { StoreUnderTest } from '../../../lib/testing/store-under-test.js';
import { useRedisDatabase } from '../../support/stores/redis-database.js';
import { ip, username } from '../examples.js';

describe('RedisStore', () => {
  const database = useRedisDatabase();
  let store: RedisStore;

  beforeEach(async () => {
    store = database.store();
  });

  describe('while a slot of a cluster is being moved', () => {
    /** The real client, with as many refusals before each command as a cluster gives that moves its keys. */
    function refusing(times: number): { readonly client: RedisClient; sent: number } {
      const told = { sent: 0, left: times };
      const sendCommand = (args: string[]) => {
        told.sent += 1;
        if (told.left > 0) {
          told.left -= 1;
          return Promise.reject(new Error('TRYAGAIN Multiple keys request during rehashing of slot'));
        }
        told.left = times;
        return database.client.sendCommand(args);
      };
      return Object.assign(told, { client: { sendCommand } });
    }

    it('tries again until all keys are there, and counts once', async () => {
      const { client } = refusing(2);
      const use = new StoreUnderTest(new RedisStore(client));
      await use.fail(username('alice'), 2);
      await use.expectRecord(username('alice'), { failures: 2, verifying: 0 });
    });

    it('gives up after a moment, and says why', async () => {
      const cluster = refusing(Number.POSITIVE_INFINITY);
      const error = await new RedisStore(cluster.client)
        .read('username=alice')
        .catch((thrown: Error) => thrown.message);
      expect(error).to.match(/^TRYAGAIN .*\(a slot of the cluster is being moved, and takes long/);
      expect(cluster.sent).to.equal(7);
    });

    it('gives a node the script that it does not know', async () => {
      const { client } = refusing(1);
      await database.client.scriptFlush();
      const use = new StoreUnderTest(new RedisStore(client));
      await use.fail(username('alice'), 1);
      await use.expectRecord(username('alice'), { failures: 1 });
    });
  });

  describe('when the memory of the server is full', () => {
    const subjects = [username('alice'), ip('203.0.113.9')];
    const settleAll = (leases: readonly Lease[], verdict: Verdict) =>
      store.settleAll(
        leases.map((lease, index) => ({
          subject: subjects[index] as Subject,
          policy: POLICY,
          lease,
          verdict,
          marks: HOME,
        })),
      );
    async function reserveAll(id: string): Promise<readonly Lease[]> {
      const replies = await store.reserveAll(subjects.map((subject) => ({ subject, policy: POLICY, leaseId: id })));
      return replies.flatMap((reply) => (reply.outcome === 'taken' ? [reply.lease] : []));
    }
    const failuresOf = async () =>
      (await Promise.all(subjects.map(({ key }) => store.read(key)))).map((record) => record?.failures);
    afterEach(() => database.client.configSet('maxmemory', '0'));

    it('grants no slot and counts nothing, not even in part', async () => {
      const leases = await reserveAll('a');
      await database.client.configSet('maxmemory', '1');
      for (const act of [() => reserveAll('b'), () => settleAll(leases, 'failure')]) {
        expect(await act().catch((error: Error) => error.message)).to.match(/(?:^| -)OOM /);
      }
      expect(await failuresOf()).to.deep.equal([0, 0]);
      await database.client.configSet('maxmemory', '0');
      await settleAll(leases, 'failure');
      expect(await failuresOf()).to.deep.equal([1, 1]);
    });

    it('still settles a successful login, and lifts locks', async () => {
      await new StoreUnderTest(store).fail(username('alice'), 3);
      const leases = await reserveAll('a');
      expect(leases).to.deep.equal([]);
      await database.client.configSet('maxmemory', '1');
      expect((await store.reset('username=alice'))?.failures).to.equal(3);
      await database.client.configSet('maxmemory', '0');
      const taken = await reserveAll('b');
      await database.client.configSet('maxmemory', '1');
      expect((await settleAll(taken, 'success')).map(({ failures }) => failures)).to.deep.equal([0, 0]);
    });
  });

  it('takes no reply that it does not expect for an unknown subject', async () => {
    const lease = { id: 'a', until: Date.now() };
    for (const reply of [
      [],
      [null, null],
      ['now', null, ''],
      [Date.now(), { 0: 'username' }, ''],
      [Date.now(), -2, ''],
      [Date.now(), '', ''],
      [Date.now(), 'OK', ''],
      null,
      'OK',
    ]) {
      const converting = new RedisStore({ sendCommand: async () => reply });
      const alice = username('alice');
      for (const act of [
        () => converting.reserve(alice, POLICY, 'a'),
        () => converting.settle(alice, POLICY, lease, 'failure', HOME),
        () => converting.revokeDevices(alice, { forMs: 1 }),
      ]) {
        const outcome = await act().then(
          () => 'granted',
          () => 'failed',
        );
        expect(outcome, `${act} with ${JSON.stringify(reply)}`).to.equal('failed');
      }
    }
  });

  it('refuses options that are wrong, with a sentence', () => {
    const wrong: readonly [unknown, RegExp][] = [
      [{ prefix: 'lockout:' }, /RedisStore options\.prefix: expected .* hash tag in braces/],
      [{ prefix: '{*}:' }, /RedisStore options\.prefix: expected 1 to 64 letters/],
      [{ prefix: '{}:' }, /RedisStore options\.prefix: expected/],
      [{ clock: 1 }, /RedisStore options\.clock: expected a function/],
      [{ ttl: 1 }, /RedisStore options/],
      [{ maxAttempts: 0 }, /RedisStore options\.maxAttempts: expected a whole number from 1 to 1,000,000/],
      [{ maxAttempts: 1_000_001 }, /RedisStore options\.maxAttempts: expected a whole number from 1 to 1,000,000/],
      [{ attemptLogStore: {} }, /RedisStore options\.attemptLogStore: expected a store with an attempt log/],
      [
        { attemptLogStore: new MemoryStore(), maxAttempts: 1 },
        /RedisStore options: expected maxAttempts or attemptLogStore/,
      ],
    ];
    for (const [options, message] of wrong)
      expect(() => new RedisStore(database.client, options as object)).to.throw(message);
    store = new RedisStore(database.client, { clock: () => Number.NaN });
    return store.reserve(username('alice'), POLICY, 'a').then(
      () => expect.fail('a lock that no time ends'),
      (error) => expect(String(error)).to.match(/RedisStore options\.clock: expected a function that returns epoch/),
    );
  });
});
