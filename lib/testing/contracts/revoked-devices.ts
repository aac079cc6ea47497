/** Tokens of known devices that were made worthless: nothing but `erase` and time forgets that. */
import { deepEqual, equal } from 'node:assert/strict';
import type { ReserveReply } from '../../policy/replies.js';
import { DAY, HOME, HOUR, MINUTE, ORDER, POLICY, policyWith, username } from '../examples.js';
import type { StoreUnderTest, TimedStoreUnderTest } from '../store-under-test.js';
import type { Contract } from '../suite.js';

const alice = username('alice');
const bob = username('bob');
const YEAR = 365 * DAY;
const revocation = { forMs: YEAR };

export function revokedDevicesContract(contract: Contract): void {
  instantContract(contract);
  keepingContract(contract);
  endingContract(contract);
}

function instantContract(contract: Contract): void {
  contract.timed('revokes what was issued until now, and nothing that is issued later', async (use) => {
    equal(await use.store.revokeDevices(alice, revocation), use.now + 1);
    await use.expectRecord(alice, { devicesSince: use.now + 1, failures: 0, lock: null });
  });

  contract.test('returns with a slot since when tokens are worth something', async (use) => {
    equal(devicesSinceOf(await use.store.reserve(alice, POLICY, 'a')), 0);
    const since = await use.store.revokeDevices(alice, revocation);
    equal(devicesSinceOf(await use.store.reserve(alice, POLICY, 'b')), since);
    equal(devicesSinceOf(await use.store.reserve(alice, { ...POLICY, rowOnly: true }, 'c')), since);
    deepEqual(await use.store.reserve(alice, POLICY, null), { outcome: 'free', devicesSince: since });
    await use.expectRecord(alice, { devicesSince: since });
  });

  contract.timed('revokes anew what was issued since the last time', async (use) => {
    await use.store.revokeDevices(alice, revocation);
    use.wait(HOUR);
    equal(await use.store.revokeDevices(alice, revocation), use.now + 1);
    await use.expectRecord(alice, { devicesSince: use.now + 1 });
  });

  contract.test('revokes nothing of other subjects', async (use) => {
    await use.guess(bob);
    await use.store.revokeDevices(alice, revocation);
    await use.expectRecord(bob, { devicesSince: 0 });
  });

  contract.test('changes no failure, no lock and no slot', async (use) => {
    await use.take(alice);
    await use.guess(alice);
    await use.store.block(alice, ORDER);
    await use.store.revokeDevices(alice, revocation);
    await use.expectRecord(alice, { failures: 1, verifying: 1, by: ORDER.by });
    equal(await use.outcome(alice), 'locked');
  });

  contract.test('counts failures of the subject as of any other', async (use) => {
    const devicesSince = await use.store.revokeDevices(alice, revocation);
    equal((await use.fail(alice, 3))?.didLock, true);
    await use.expectRecord(alice, { failures: 3, devicesSince });
  });

  contract.test('is read, but not listed: there is nothing for an operator to do', async (use) => {
    const devicesSince = await use.store.revokeDevices(alice, revocation);
    deepEqual([await use.keys(), await use.keys({ withExpired: true })], [[], [alice.key]]);
    await use.expectRecord(alice, { devicesSince });
    equal(await use.store.reset(alice.key), null);
  });
}

function keepingContract(contract: Contract): void {
  const successWith = (use: StoreUnderTest, resetOnSuccess: boolean | 'all') =>
    use.guess(alice, 'success', policyWith({ resetOnSuccess }), HOME);
  for (const [what, act] of [
    ['a reset', ({ store }) => store.reset(alice.key)],
    ['a success that takes all failures back', (use) => successWith(use, true)],
    ['a success that forgives everything', (use) => successWith(use, 'all')],
    ['a block', ({ store }) => store.block(alice, ORDER)],
    ['an attempt to clean up', ({ store }) => store.cleanup(alice.key)],
    ['a failure and a release', async (use) => [await use.guess(alice), await use.guess(alice, 'release')]],
    ['failures that were forgotten', (use) => use.wait(DAY)],
    ['failures that were forgotten, and a reset', (use) => [use.wait(DAY), use.store.reset(alice.key)]],
    ['failures that were forgotten, and an attempt', (use) => [use.wait(DAY), use.guess(alice)]],
    [
      'failures that were forgotten, and an attempt to clean up',
      (use) => [use.wait(DAY), use.store.cleanup(alice.key)],
    ],
  ] as readonly (readonly [string, (use: TimedStoreUnderTest) => unknown])[]) {
    contract.timed(`is kept through ${what}`, async (use) => {
      await use.guess(alice);
      const devicesSince = await use.store.revokeDevices(alice, revocation);
      await Promise.all([await act(use)].flat());
      await use.expectRecord(alice, { devicesSince });
    });
  }

  contract.test('is kept when a lock is lifted', async (use) => {
    await use.fail(alice, 2);
    const lease = await use.take(alice);
    await use.store.settle(alice, POLICY, lease, 'failure');
    const devicesSince = await use.store.revokeDevices(alice, revocation);
    await use.store.resetLockedBy(alice.key, lease.id);
    await use.expectRecord(alice, { failures: 0, lock: null, devicesSince });
  });
}

function endingContract(contract: Contract): void {
  contract.timed('ends when the last token would have expired', async (use) => {
    const devicesSince = await use.store.revokeDevices(alice, revocation);
    use.wait(YEAR - 1);
    equal(await use.store.cleanup(alice.key), false);
    await use.expectRecord(alice, { devicesSince });
    use.wait(1);
    await use.expectRecord(alice, null);
    await use.guess(alice);
    await use.expectRecord(alice, { failures: 1, devicesSince: 0 });
  });

  contract.timed('ends then under a lock as well', async (use) => {
    await use.store.revokeDevices(alice, { forMs: MINUTE });
    await use.store.block(alice, ORDER);
    use.wait(MINUTE);
    await use.expectRecord(alice, { devicesSince: 0, by: ORDER.by });
  });

  contract.timed('ends no sooner because of a later revocation that is shorter', async (use) => {
    await use.store.revokeDevices(alice, revocation);
    use.wait(MINUTE);
    const devicesSince = await use.store.revokeDevices(alice, { forMs: HOUR });
    use.wait(YEAR - MINUTE - 1);
    await use.expectRecord(alice, { devicesSince });
    use.wait(1);
    await use.expectRecord(alice, null);
  });

  contract.test('ends when the subject is erased, and a slot of it is kept', async (use) => {
    const lease = await use.take(alice);
    const devicesSince = await use.store.revokeDevices(alice, revocation);
    equal((await use.store.erase(alice.key))?.devicesSince, devicesSince);
    await use.expectRecord(alice, { devicesSince: 0, verifying: 1 });
    await use.store.settle(alice, POLICY, lease, 'release');
    await use.store.revokeDevices(alice, revocation);
    await use.store.erase(alice.key);
    deepEqual(await use.keys({ withExpired: true }), []);
  });
}

function devicesSinceOf(reply: ReserveReply): number | undefined {
  return reply.outcome === 'taken' ? reply.devicesSince : undefined;
}
