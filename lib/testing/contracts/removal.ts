import { deepEqual, equal } from 'node:assert/strict';
import type { Lease } from '../../policy/state.js';
import type { Subject } from '../../subject/key.js';
import { DAY, FOREVER, HOUR, ip, limitOf, ORDER, POLICY, policyWith, username } from '../examples.js';
import type { StoreUnderTest } from '../store-under-test.js';
import type { Contract } from '../suite.js';

const alice = username('alice');
const bob = username('bob');

export function removalContract(contract: Contract): void {
  eraseContract(contract);
  cleanupContract(contract);
  resetLockedByContract(contract);
}

function eraseContract(contract: Contract): void {
  contract.test('erases a record, and returns what there was', async (use) => {
    await use.guess(alice);
    await use.store.block(alice, ORDER);
    const before = await use.store.erase(alice.key);
    deepEqual(
      [before?.key, before?.failures, before?.by, before?.lock?.reason],
      [alice.key, 1, ORDER.by, ORDER.reason],
    );
    deepEqual(await use.keys({ withExpired: true }), []);
    equal(await use.store.erase(alice.key), null);
    equal(await use.outcome(alice), 'taken');
  });

  contract.test('erases a record that was reset before, if it is still stored', async (use) => {
    await use.guess(alice);
    await use.guess(bob);
    await use.store.reset(alice.key);
    await use.store.erase(alice.key);
    deepEqual(await use.keys({ withExpired: true }), [bob.key]);
  });

  contract.test('erases no slot of an attempt being verified', async (use) => {
    const lease = await use.take(alice);
    await use.guess(alice);
    await use.store.erase(alice.key);
    await use.expectRecord(alice, { failures: 0, verifying: 1, firstFailureAt: null, lastFailureAt: null });
    equal((await use.store.settle(alice, POLICY, lease, 'failure')).failures, 1);
  });
}

function cleanupContract(contract: Contract): void {
  contract.timed('cleans up a record that no longer matters, and reports it', async (use) => {
    await use.guess(alice);
    await use.guess(bob);
    use.wait(DAY - 1);
    equal(await use.store.cleanup(alice.key), false);
    await use.expectRecord(alice, { failures: 1 });
    use.wait(1);
    const stored = await use.keys({ withExpired: true });
    equal(await use.store.cleanup(alice.key), stored.includes(alice.key));
    deepEqual(
      await use.keys({ withExpired: true }),
      stored.filter((key) => key !== alice.key),
    );
    equal(await use.store.cleanup(alice.key), false);
  });

  contract.timed('cleans up no slot, no lock and no consecutive failure', async (use) => {
    const stopping = policyWith({ forgetAfterMs: HOUR, hardStop: { failures: 9, forgetAfterMs: DAY } });
    await use.take(alice);
    await use.store.block(bob, { ...ORDER, forMs: FOREVER });
    await use.guess(ip('203.0.113.9'), 'failure', stopping);
    equal(await use.store.cleanup(alice.key), false);
    use.wait(2 * HOUR);
    for (const { key } of [bob, ip('203.0.113.9')]) equal(await use.store.cleanup(key), false);
    await use.expectRecord(ip('203.0.113.9'), { failures: 0, consecutiveFailures: 1 });
  });
}

function resetLockedByContract(contract: Contract): void {
  contract.test('lifts the lock set by a lease, once', async (use) => {
    const lease = await lock(use, alice);
    const before = await use.store.resetLockedBy(alice.key, lease.id);
    deepEqual([before?.key, before?.failures, before?.lock?.tier, before?.lockedBy], [alice.key, 3, 0, lease.id]);
    await use.expectRecord(alice, null);
    equal(await use.store.resetLockedBy(alice.key, lease.id), null);
  });

  contract.test("lifts no lock set by another lease or by an operator, and no other subject's", async (use) => {
    const first = await lock(use, alice);
    await use.store.reset(alice.key);
    const second = await lock(use, alice);
    equal(await use.store.resetLockedBy(alice.key, first.id), null);
    equal(await use.store.resetLockedBy(bob.key, second.id), null);
    await use.expectRecord(alice, { failures: 3, lockedBy: second.id });
    await use.store.block(alice, ORDER);
    equal(await use.store.resetLockedBy(alice.key, second.id), null);
    await use.expectRecord(alice, { failures: 3, by: ORDER.by });
  });

  contract.test('keeps the slots when it lifts a lock', async (use) => {
    const slow = await use.take(alice);
    await use.fail(alice, 2);
    await use.take(alice, limitOf(9), 'late');
    await use.store.settle(alice, POLICY, slow, 'failure');
    await use.store.resetLockedBy(alice.key, slow.id);
    await use.expectRecord(alice, { failures: 0, verifying: 1, lockedBy: null });
  });

  contract.timed('lifts no lock that is over', async (use) => {
    const lease = await lock(use, alice);
    use.wait(HOUR);
    equal(await use.store.resetLockedBy(alice.key, lease.id), null);
    await use.expectRecord(alice, { failures: 3, lock: null });
  });
}

/** Locks a subject, and returns the lease whose failure locked it. */
async function lock(use: StoreUnderTest, subject: Subject): Promise<Lease> {
  await use.fail(subject, 2);
  const lease = await use.take(subject);
  await use.store.settle(subject, POLICY, lease, 'failure');
  return lease;
}
