import { deepEqual, equal } from 'node:assert/strict';
import type { Verdict } from '../../policy/state.js';
import { FOREVER, HOUR, limitOf, MINUTE, ORDER, POLICY, policyWith, username } from '../examples.js';
import { lockReport, settleReply } from '../replies.js';
import type { Contract } from '../suite.js';

const alice = username('alice');
const notForgiving = policyWith({ resetOnSuccess: false });

export function settleContract(contract: Contract): void {
  contract.test('counts a failure and returns how many may follow', async (use) => {
    deepEqual(await use.guess(alice), settleReply({ failures: 1, freeSlots: 2 }));
    await use.take(alice);
    deepEqual(await use.guess(alice), settleReply({ failures: 2, freeSlots: 0 }));
    await use.expectRecord(alice, { failures: 2, verifying: 1, lock: null });
  });

  contract.timed('locks with the failure that reaches a tier, and reports it', async (use) => {
    await use.fail(alice, 2);
    const lock = lockReport({
      failures: 3,
      cause: 'tier',
      tier: 0,
      limit: 3,
      remainingMs: 15 * MINUTE,
      lockedUntil: use.now + 15 * MINUTE,
    });
    deepEqual(
      await use.guess(alice),
      settleReply({ failures: 3, freeSlots: 0, didLock: true, lock, isFirstToday: true }),
    );
    deepEqual(await use.lockOf(alice), lock);
  });

  contract.test('locks until reset with the failure that reaches a tier without an end', async (use) => {
    const policy = policyWith({ tiers: [{ failures: 2, cooloffMs: FOREVER }] });
    await use.fail(alice, 1, policy);
    const lock = lockReport({ failures: 2, cause: 'tier', tier: 0, limit: 2 });
    deepEqual(
      await use.guess(alice, 'failure', policy),
      settleReply({ failures: 2, freeSlots: 0, didLock: true, lock, isFirstToday: true }),
    );
    deepEqual(await use.store.reserve(alice, policy, 'x'), { outcome: 'locked', lock });
    deepEqual(await use.lockOf(alice), lock);
  });

  contract.test('forgives the failures on a success if the policy says so', async (use) => {
    const other = await use.take(alice);
    await use.guess(alice);
    deepEqual(await use.guess(alice, 'success'), settleReply({ failures: 0, freeSlots: 2 }));
    // An attempt that is still being verified keeps its slot.
    await use.expectRecord(alice, { failures: 0, verifying: 1, firstFailureAt: null, lastFailureAt: null });
    equal((await use.store.settle(alice, POLICY, other, 'failure')).failures, 1);
  });

  contract.test('keeps the failures after a success if the policy says so', async (use) => {
    await use.fail(alice, 2, notForgiving);
    const reply = await use.guess(alice, 'success', notForgiving);
    deepEqual(reply, settleReply({ failures: 2, freeSlots: 1 }));
  });

  contract.test('lifts no lock on a success', async (use) => {
    await use.guess(alice);
    const lease = await use.take(alice);
    await use.store.block(alice, ORDER);
    const { failures, freeSlots, lock } = await use.store.settle(alice, POLICY, lease, 'success');
    deepEqual({ failures, freeSlots, reason: lock?.reason }, { failures: 1, freeSlots: 0, reason: ORDER.reason });
    await use.expectRecord(alice, { failures: 1, verifying: 0, by: ORDER.by });
    equal(await use.outcome(alice), 'locked');
  });

  contract.test('gives a slot back on a release and changes nothing else', async (use) => {
    await use.guess(alice);
    const before = await use.store.read(alice.key);
    deepEqual(await use.guess(alice, 'release'), settleReply({ failures: 1, freeSlots: 2 }));
    deepEqual(await use.store.read(alice.key), before);
  });

  contract.test('counts a failure that is passed twice once, and returns the same', async (use) => {
    const lease = await use.take(alice);
    const once = await use.store.settle(alice, POLICY, lease, 'failure');
    deepEqual(await use.store.settle(alice, POLICY, lease, 'failure'), once);
    await use.expectRecord(alice, { failures: 1, verifying: 0 });
  });

  contract.timed('reports to the failure that locked that it did, however often it is passed', async (use) => {
    await use.fail(alice, 2);
    const lease = await use.take(alice);
    const once = await use.store.settle(alice, POLICY, lease, 'failure');
    equal(once.didLock, true);
    deepEqual(await use.store.settle(alice, POLICY, lease, 'failure'), once);
  });

  contract.test('reports to no other failure that it locked', async (use) => {
    await use.fail(alice, 2);
    const released = await use.take(alice);
    await use.store.settle(alice, POLICY, released, 'release');
    equal((await use.guess(alice)).didLock, true);
    const { didLock, lock } = await use.store.settle(alice, POLICY, released, 'failure');
    deepEqual({ didLock, tier: lock?.tier }, { didLock: false, tier: 0 });
  });

  contract.test('counts no verdict of a slot that was given back or reset', async (use) => {
    const lease = await use.take(alice);
    await use.store.settle(alice, POLICY, lease, 'release');
    await use.guess(alice);
    for (const verdict of ['failure', 'success', 'release'] satisfies Verdict[]) {
      deepEqual(await use.store.settle(alice, POLICY, lease, verdict), settleReply({ failures: 1, freeSlots: 2 }));
    }
    await use.expectRecord(alice, { failures: 1, verifying: 0 });
  });

  contract.test("counts a verdict under an operator's lock, up to one short of the next tier", async (use) => {
    const leases = [await use.take(alice), await use.take(alice), await use.take(alice)];
    await use.store.block(alice, ORDER);
    const replies = [];
    for (const lease of leases) replies.push(await use.store.settle(alice, POLICY, lease, 'failure'));
    deepEqual(
      replies.map(({ failures, didLock, lock }) => [
        failures,
        didLock,
        lock?.failures,
        lock?.cause,
        lock?.tier,
        lock?.reason,
      ]),
      [1, 2, 2].map((failures) => [failures, false, failures, 'operator', null, ORDER.reason]),
    );
    await use.expectRecord(alice, { failures: 2, verifying: 0, by: ORDER.by });
  });

  contract.test('leaves no record if nothing is to be remembered', async (use) => {
    for (const verdict of ['success', 'release'] satisfies Verdict[]) {
      const lease = await use.take(alice);
      await use.store.settle(alice, POLICY, lease, verdict);
      await use.store.settle(alice, POLICY, lease, verdict);
      await use.expectRecord(alice, null);
    }
    const stranger = { id: 'never granted', until: Date.now() + HOUR };
    for (const verdict of ['failure', 'success', 'release'] satisfies Verdict[]) {
      const reply = await use.store.settle(alice, POLICY, stranger, verdict);
      deepEqual(reply, settleReply({ failures: 0, freeSlots: 3 }));
      await use.expectRecord(alice, null);
    }
    deepEqual(await use.keys(), []);
  });

  contract.test('counts each failure of a policy that locks with the first', async (use) => {
    const { failures, freeSlots, didLock, lock } = await use.guess(alice, 'failure', limitOf(1));
    deepEqual([failures, freeSlots, didLock, lock?.tier], [1, 0, true, 0]);
    equal(await use.outcome(alice), 'locked');
  });
}
