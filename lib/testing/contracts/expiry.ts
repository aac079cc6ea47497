import { deepEqual, equal } from 'node:assert/strict';
import { DAY, FOREVER, HOME, HOUR, MINUTE, ORDER, POLICY, policyWith, SECOND, username } from '../examples.js';
import { settleReply } from '../replies.js';
import type { Contract } from '../suite.js';

const alice = username('alice');
const LEASE = POLICY.leaseTimeoutMs;

export function expiryContract(contract: Contract): void {
  contract.timed('takes a slot back when its lease is over, not before', async (use) => {
    for (let slot = 0; slot < 3; slot += 1) await use.take(alice);
    use.wait(LEASE - 1);
    equal(await use.outcome(alice), 'busy');
    await use.expectRecord(alice, { verifying: 3 });
    use.wait(1);
    await use.expectRecord(alice, null);
    deepEqual(await use.keys(), []);
    equal(await use.outcome(alice), 'taken');
    await use.expectRecord(alice, { verifying: 1 });
  });

  contract.timed('counts a failure that arrives after its lease', async (use) => {
    const lease = await use.take(alice);
    use.wait(LEASE);
    await use.fail(alice, 2);
    deepEqual([(await use.store.settle(alice, POLICY, lease, 'failure')).didLock], [true]);
    await use.expectRecord(alice, { failures: 3 });
  });

  contract.timed('counts a late failure of a subject that is no longer known', async (use) => {
    const lease = await use.take(alice);
    use.wait(DAY);
    const reply = await use.store.settle(alice, POLICY, lease, 'failure');
    deepEqual(reply, settleReply({ failures: 1, freeSlots: 2, isLate: true }));
    await use.expectRecord(alice, { failures: 1, firstFailureAt: use.now, lastFailureAt: use.now });
  });

  contract.timed(
    'counts a failure that is passed again after its lease once, if it was settled before',
    async (use) => {
      const lease = await use.take(alice);
      await use.store.settle(alice, POLICY, lease, 'failure', HOME);
      use.wait(LEASE);
      for (let again = 0; again < 3; again += 1) {
        const reply = await use.store.settle(alice, POLICY, lease, 'failure', { ...HOME, mayBeSettled: true });
        deepEqual([reply.failures, reply.isLate], [1, true]);
      }
      await use.expectRecord(alice, { failures: 1, verifying: 0 });
    },
  );

  contract.timed(
    'counts a failure that is passed again after its lease once, if it was not settled before',
    async (use) => {
      await use.guess(alice);
      const lease = await use.take(alice);
      use.wait(LEASE);
      for (let again = 0; again < 3; again += 1) {
        const reply = await use.store.settle(alice, POLICY, lease, 'failure', { ...HOME, mayBeSettled: true });
        deepEqual([reply.failures, reply.isLate], [2, true]);
      }
      await use.expectRecord(alice, { failures: 2, verifying: 0 });
    },
  );

  contract.timed('creates no record for a failure that is passed again after its subject was erased', async (use) => {
    const lease = await use.take(alice);
    await use.store.settle(alice, POLICY, lease, 'failure', HOME);
    await use.store.erase(alice.key);
    use.wait(LEASE);
    equal((await use.store.settle(alice, POLICY, lease, 'failure', { ...HOME, mayBeSettled: true })).failures, 0);
    await use.expectRecord(alice, null);
  });

  contract.timed('reports for every verdict whether it arrived after its lease', async (use) => {
    for (const verdict of ['failure', 'success', 'release'] as const) {
      const [inTime, late] = [await use.take(alice), await use.take(alice)];
      use.wait(LEASE - 1);
      equal((await use.store.settle(alice, POLICY, inTime, verdict, HOME)).isLate, false, `a ${verdict} in time`);
      use.wait(1);
      equal((await use.store.settle(alice, POLICY, late, verdict, HOME)).isLate, true, `a late ${verdict}`);
      await use.store.reset(alice.key);
    }
  });

  contract.timed('forgives nothing for a late success', async (use) => {
    for (const resetOnSuccess of [true, 'all'] as const) {
      const policy = policyWith({ resetOnSuccess });
      const lease = await use.take(alice, policy);
      await use.guess(alice, 'failure', policy);
      use.wait(LEASE);
      equal((await use.store.settle(alice, policy, lease, 'success', HOME)).failures, 1);
      await use.expectRecord(alice, { failures: 1, verifying: 0 });
      await use.store.reset(alice.key);
    }
  });

  contract.timed('leaves no record of a late success or release', async (use) => {
    for (const verdict of ['success', 'release'] as const) {
      const lease = await use.take(alice);
      use.wait(LEASE);
      await use.store.settle(alice, POLICY, lease, verdict);
      await use.expectRecord(alice, null);
    }
  });

  contract.timed('locks until the end of the lock and no longer, whether or not attempts are made', async (use) => {
    await use.fail(alice, 3);
    for (let knock = 0; knock < 15; knock += 1) {
      equal(await use.outcome(alice), 'locked');
      use.wait(MINUTE - 1);
    }
    use.wait(14);
    equal((await use.lockOf(alice))?.remainingMs, 1);
    use.wait(1);
    equal(await use.lockOf(alice), null);
    equal(await use.outcome(alice), 'taken');
    deepEqual(await use.keys({ lockedOnly: true }), []);
  });

  contract.timed('climbs the ladder, and past the last tier locks with every failure', async (use) => {
    const reached = [];
    for (let failure = 0; failure < 8; failure += 1) {
      const { didLock, lock } = await use.guess(alice);
      reached.push([didLock, lock?.tier ?? null, lock?.remainingMs ?? 0]);
      equal((await use.lockOf(alice))?.lockedUntil, lock?.lockedUntil);
      use.wait(lock?.remainingMs ?? 0);
    }
    const [none, first, last] = [
      [false, null, 0],
      [true, 0, 15 * MINUTE],
      [true, 1, 2 * HOUR],
    ];
    deepEqual(reached, [none, none, first, none, none, last, last, last]);
  });

  contract.timed('forgets failures forgetAfter after the last one', async (use) => {
    await use.guess(alice);
    use.wait(DAY - 1);
    await use.guess(alice);
    use.wait(DAY - 1);
    await use.expectRecord(alice, { failures: 2 });
    use.wait(1);
    await use.expectRecord(alice, null);
    deepEqual(await use.keys(), []);
    deepEqual(await use.guess(alice), settleReply({ failures: 1, freeSlots: 2 }));
    await use.expectRecord(alice, { firstFailureAt: use.now });
  });

  contract.timed('forgets failures forgetAfter after the first one', async (use) => {
    const policy = policyWith({ forgetFrom: 'first' });
    const firstFailureAt = use.now;
    await use.guess(alice, 'failure', policy);
    use.wait(DAY - SECOND);
    await use.guess(alice, 'failure', policy);
    await use.expectRecord(alice, { failures: 2, firstFailureAt, lastFailureAt: use.now });
    use.wait(SECOND);
    await use.expectRecord(alice, null);
  });

  contract.timed('forgets nothing under a lock, and counts from its end', async (use) => {
    const policy = policyWith({ tiers: [{ failures: 1, cooloffMs: 2 * DAY }] });
    await use.guess(alice, 'failure', policy);
    use.wait(2 * DAY);
    await use.expectRecord(alice, { failures: 1, lock: null });
    use.wait(DAY - 1);
    await use.expectRecord(alice, { failures: 1 });
    use.wait(1);
    await use.expectRecord(alice, null);
  });

  contract.timed('forgets at the end of a lock what became due during it, if forgetFrom is first', async (use) => {
    const policy = policyWith({ tiers: [{ failures: 1, cooloffMs: 2 * DAY }], forgetFrom: 'first' });
    await use.guess(alice, 'failure', policy);
    use.wait(2 * DAY - 1);
    await use.expectRecord(alice, { failures: 1 });
    use.wait(1);
    await use.expectRecord(alice, null);
  });

  contract.timed('does not end a lock until reset', async (use) => {
    const policy = policyWith({ tiers: [{ failures: 1, cooloffMs: FOREVER }] });
    await use.guess(alice, 'failure', policy);
    await use.store.block(username('bob'), { ...ORDER, forMs: FOREVER });
    use.wait(3_650 * DAY);
    equal(await use.outcome(alice, policy), 'locked');
    deepEqual(await use.keys({ lockedOnly: true }), ['username=alice', 'username=bob']);
    await use.store.reset(alice.key);
    equal(await use.outcome(alice, policy), 'taken');
  });

  contract.timed('does not forget if forgetAfter is forever', async (use) => {
    await use.guess(alice, 'failure', policyWith({ forgetAfterMs: FOREVER }));
    use.wait(3_650 * DAY);
    await use.expectRecord(alice, { failures: 1 });
    deepEqual(await use.keys(), [alice.key]);
  });

  contract.timed('forgets in due time if a block has replaced a lock until reset', async (use) => {
    const policy = policyWith({ tiers: [{ failures: 1, cooloffMs: FOREVER }] });
    await use.guess(alice, 'failure', policy);
    await use.store.block(alice, { ...ORDER, forMs: HOUR, forgetAfterMs: DAY });
    use.wait(HOUR + DAY - 1);
    await use.expectRecord(alice, { failures: 1, lock: null });
    use.wait(1);
    await use.expectRecord(alice, null);
  });

  contract.timed('ends a block by itself and leaves nothing', async (use) => {
    await use.store.block(alice, ORDER);
    use.wait(HOUR);
    await use.expectRecord(alice, null);
    deepEqual(await use.keys(), []);
    equal((await use.store.block(alice, ORDER)).wasLocked, false);
  });

  contract.timed('lists expired records only if withExpired is set', async (use) => {
    await use.guess(alice);
    use.wait(DAY);
    deepEqual(await use.keys(), []);
    // The store may still hold the record; but if so, nothing of it may matter.
    const stored = await use.records({ withExpired: true });
    for (const { key, failures, lock } of stored) deepEqual([key, failures, lock], [alice.key, 0, null]);
    await use.store.erase(alice.key);
    deepEqual(await use.keys({ withExpired: true }), []);
  });

  contract.timed('reports nothing that had expired before it was reset', async (use) => {
    await use.guess(alice);
    use.wait(DAY);
    equal(await use.store.reset(alice.key), null);
  });
}
