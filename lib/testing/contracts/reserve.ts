import { deepEqual, equal } from 'node:assert/strict';
import { HOUR, limitOf, MINUTE, ORDER, POLICY, policyWith, SECOND, TRICKY_TEXTS, username } from '../examples.js';
import { lockReport } from '../replies.js';
import type { Contract } from '../suite.js';

const alice = username('alice');

export function reserveContract(contract: Contract): void {
  contract.test('takes one of the free slots, and returns how many are left', async ({ store }) => {
    for (const [id, freeSlots] of [['a', 2] as const, ['b', 1] as const, ['c', 0] as const]) {
      const reply = await store.reserve(alice, POLICY, id);
      const lease = { id, until: reply.outcome === 'taken' ? reply.lease.until : 'none' };
      deepEqual(reply, { outcome: 'taken', lease, freeSlots, devicesSince: 0 });
      equal(typeof lease.until, 'number');
    }
  });

  contract.timed('grants a lease for the leaseTimeout of the policy', async ({ store, now }) => {
    const lease = { id: 'a', until: now + POLICY.leaseTimeoutMs };
    deepEqual(await store.reserve(alice, POLICY, 'a'), { outcome: 'taken', lease, freeSlots: 2, devicesSince: 0 });
  });

  contract.test('is busy while all slots are being verified, and has free slots afterwards', async (use) => {
    const lease = await use.take(alice);
    await use.take(alice);
    await use.take(alice);
    deepEqual(await use.store.reserve(alice, POLICY, 'fourth'), { outcome: 'busy' });
    await use.expectRecord(alice, { verifying: 3 });
    await use.store.settle(alice, POLICY, lease, 'release');
    equal(await use.outcome(alice), 'taken');
  });

  contract.test('counts failures against the slots', async (use) => {
    await use.fail(alice, 2);
    await use.take(alice);
    equal(await use.outcome(alice), 'busy');
  });

  contract.timed('grants no more slots at once than the first tier has, however far the next one is', async (use) => {
    const tiers = [
      { failures: 1, cooloffMs: SECOND },
      { failures: 4, cooloffMs: HOUR },
    ];
    await use.guess(alice, 'failure', policyWith({ tiers }));
    use.wait(SECOND);
    await use.take(alice, policyWith({ tiers }));
    deepEqual(await use.store.reserve(alice, policyWith({ tiers }), 'second'), { outcome: 'busy' });
    await use.expectRecord(alice, { verifying: 1 });
  });

  contract.test('returns the existing lease for an id passed twice, and takes no second slot', async ({ store }) => {
    const first = await store.reserve(alice, limitOf(2), 'a');
    deepEqual(await store.reserve(alice, limitOf(2), 'a'), first);
    equal((await store.reserve(alice, limitOf(2), 'b')).outcome, 'taken');
    // Even when no slot is left, the id still has its own.
    deepEqual(await store.reserve(alice, limitOf(2), 'a'), { ...first, freeSlots: 0 });
  });

  contract.timed('grants no extra time for an id passed twice', async (use) => {
    const lease = await use.take(alice, POLICY, 'a');
    use.wait(1_000);
    deepEqual(await use.take(alice, POLICY, 'a'), lease);
  });

  contract.timed('returns the time left of a lock', async (use) => {
    await use.fail(alice, 3);
    const lockedUntil = use.now + 15 * MINUTE;
    use.wait(MINUTE);
    deepEqual(await use.store.reserve(alice, POLICY, 'x'), {
      outcome: 'locked',
      lock: lockReport({ failures: 3, cause: 'tier', tier: 0, limit: 3, remainingMs: 14 * MINUTE, lockedUntil }),
    });
  });

  contract.test('changes nothing under a lock', async (use) => {
    const earlier = await use.take(alice);
    await use.store.block(alice, ORDER);
    const { lock, ...before } = (await use.store.read(alice.key)) ?? {};
    for (const id of ['x', 'y', earlier.id]) equal((await use.store.reserve(alice, POLICY, id)).outcome, 'locked');
    const { lock: lockAfter, ...after } = (await use.store.read(alice.key)) ?? {};
    deepEqual(after, before);
    equal(lockAfter?.lockedUntil, lock?.lockedUntil);
  });

  contract.test('takes no slot, returns no lease and changes nothing without an id', async (use) => {
    deepEqual(await use.store.reserve(alice, POLICY, null), { outcome: 'free' });
    await use.expectRecord(alice, null);
    deepEqual(await use.keys({ withExpired: true }), []);
    await use.fail(alice, 1);
    await use.take(alice);
    await use.take(alice);
    equal(await use.outcome(alice), 'busy');
    const before = await use.store.read(alice.key);
    deepEqual(await use.store.reserve(alice, POLICY, null), { outcome: 'free' });
    deepEqual(await use.store.reserve(alice, POLICY, null), { outcome: 'free' });
    deepEqual(await use.store.read(alice.key), before);
  });

  contract.timed('returns the current lock, until it ends, without an id', async (use) => {
    await use.fail(alice, 3);
    use.wait(MINUTE);
    const locked = await use.store.reserve(alice, POLICY, null);
    deepEqual(locked, await use.store.reserve(alice, POLICY, 'an id'));
    equal(locked.outcome, 'locked');
    use.wait(14 * MINUTE);
    deepEqual(await use.store.reserve(alice, POLICY, null), { outcome: 'free' });
    await use.expectRecord(alice, { failures: 3, verifying: 0 });
  });

  contract.test('keeps subjects apart, even those that look alike', async (use) => {
    await use.fail(alice, 3);
    for (const name of ['Alice', 'alice ', 'alic', 'alicee', ''])
      equal(await use.outcome(username(name)), 'taken', name);
    equal(await use.outcome(alice), 'locked');
  });

  contract.test('stores ids and names unchanged, whatever they look like', async (use) => {
    for (const text of TRICKY_TEXTS) {
      const subject = username(text);
      const first = await use.store.reserve(subject, POLICY, text);
      deepEqual(await use.store.reserve(subject, POLICY, text), first, text);
      const lease = await use.take(subject, POLICY, text);
      equal(lease.id, text);
      await use.expectRecord(subject, { key: subject.key, parts: { username: text }, verifying: 1 });
      equal((await use.store.settle(subject, POLICY, lease, 'failure')).failures, 1, text);
      await use.expectRecord(subject, { failures: 1, verifying: 0 });
    }
  });
}
