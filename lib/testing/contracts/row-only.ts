/** The username of an attempt on a known device: only its row of failures counts, and the ladder does not refuse it. */

import { deepEqual, equal } from 'node:assert/strict';
import type { Policy } from '../../policy/state.js';
import { DAY, FOREVER, from, HOME, HOUR, MINUTE, ORDER, policyWith, username } from '../examples.js';
import { lockReport, settleReply } from '../replies.js';
import type { Contract } from '../suite.js';

const alice = username('alice');
const tiers = [{ failures: 2, cooloffMs: HOUR }];
/** Of a stranger. */
const full = policyWith({ tiers, hardStop: { failures: 5, forgetAfterMs: 30 * DAY } });
const row: Policy = { ...full, rowOnly: true };
const withoutHardStop: Policy = { ...row, hardStop: null };

export function rowOnlyContract(contract: Contract): void {
  countingContract(contract);
  refusingContract(contract);
  slotsContract(contract);
  succeedingContract(contract);
}

function countingContract(contract: Contract): void {
  contract.test('counts a failure in the row and nowhere else', async (use) => {
    deepEqual(
      await use.guess(alice, 'failure', row),
      settleReply({ failures: 0, consecutiveFailures: 1, freeSlots: 4 }),
    );
    const nothing = { failures: 0, places: 0, firstFailureAt: null, lastFailureAt: null };
    await use.expectRecord(alice, { ...nothing, consecutiveFailures: 1, verifying: 0 });
  });

  contract.test('counts nothing if the policy has no hard stop', async (use) => {
    await use.guess(alice, 'failure', withoutHardStop);
    await use.expectRecord(alice, null);
  });

  contract.test('continues the row of strangers, and they continue this one', async (use) => {
    await use.guess(alice, 'failure', full);
    equal((await use.guess(alice, 'failure', row)).consecutiveFailures, 2);
    const { failures, consecutiveFailures } = await use.guess(alice, 'failure', full);
    deepEqual([failures, consecutiveFailures], [2, 3]);
  });

  contract.timed('forgets the row at its own time', async (use) => {
    await use.guess(alice, 'failure', row);
    use.wait(30 * DAY - 1);
    await use.expectRecord(alice, { consecutiveFailures: 1 });
    use.wait(1);
    await use.expectRecord(alice, null);
  });

  contract.test('remembers no guess, and reports no spray', async (use) => {
    const spraying = { ...row, sprayNames: 1 };
    const { isSpray } = await use.guess(alice, 'failure', spraying, { ...HOME, guess: 'a' });
    equal(isSpray, false);
    equal((await use.guess(alice, 'failure', full, { ...HOME, guess: 'a' })).isRepeat, false);
  });

  contract.test('does not count a repeat', async (use) => {
    const { consecutiveFailures, isRepeat } = await use.guess(alice, 'failure', row, { ...HOME, isRepeat: true });
    deepEqual([consecutiveFailures, isRepeat], [0, true]);
  });

  contract.test("does not count a repeat under a tier's lock, which does not refuse it either", async (use) => {
    await use.fail(alice, 2, full);
    const { consecutiveFailures, isRepeat } = await use.guess(alice, 'failure', row, { ...HOME, isRepeat: true });
    deepEqual([consecutiveFailures, isRepeat], [2, true]);
  });

  contract.test("counts a repeat under an operator's lock", async (use) => {
    const lease = await use.take(alice, row);
    await use.store.block(alice, ORDER);
    const reply = await use.store.settle(alice, row, lease, 'failure', { ...HOME, isRepeat: true });
    deepEqual([reply.consecutiveFailures, reply.isRepeat], [1, false]);
  });
}

function refusingContract(contract: Contract): void {
  contract.test("ignores a tier's lock, which still holds for strangers", async (use) => {
    await use.fail(alice, 2, full);
    deepEqual(await use.store.reserve(alice, row, null), { outcome: 'free' });
    const { failures, consecutiveFailures, lock } = await use.guess(alice, 'failure', row);
    deepEqual([failures, consecutiveFailures, lock], [2, 3, null]);
    equal(await use.outcome(alice, full), 'locked');
    equal((await use.lockOf(alice))?.cause, 'tier');
  });

  contract.test("is refused by an operator's lock, even one that took the place of a tier's", async (use) => {
    await use.fail(alice, 2, full);
    await use.store.block(alice, ORDER);
    for (const id of [null, 'a']) equal((await use.store.reserve(alice, row, id)).outcome, 'locked');
  });

  contract.timed('locks until reset at the hard stop, for everybody', async (use) => {
    await use.fail(alice, 4, row);
    const { didLock, lock } = await use.guess(alice, 'failure', row);
    equal(didLock, true);
    deepEqual(lock, lockReport({ failures: 0, places: 0, consecutiveFailures: 5, cause: 'hardStop', limit: 5 }));
    use.wait(3_650 * DAY);
    for (const policy of [row, full]) equal(await use.outcome(alice, policy), 'locked');
  });

  contract.timed("puts the hard stop in the place of a tier's lock", async (use) => {
    await use.fail(alice, 2, full);
    await use.fail(alice, 3, row);
    use.wait(HOUR);
    const { cause, tier, limit, remainingMs } = (await use.lockOf(alice)) ?? {};
    deepEqual([cause, tier, limit, remainingMs], ['hardStop', null, 5, FOREVER]);
  });

  contract.test('reports to the failure that locked that it did, however often it is settled', async (use) => {
    await use.fail(alice, 4, row);
    const lease = await use.take(alice, row);
    equal((await use.store.settle(alice, row, lease, 'failure')).didLock, true);
    const again = await use.store.settle(alice, row, lease, 'failure');
    deepEqual([again.didLock, again.consecutiveFailures], [true, 5]);
  });

  contract.test("counts under an operator's lock up to one short of the hard stop", async (use) => {
    const leases = [];
    for (let slot = 0; slot < 5; slot += 1) leases.push(await use.take(alice, row));
    await use.store.block(alice, ORDER);
    const counts = [];
    for (const lease of leases) {
      counts.push((await use.store.settle(alice, row, lease, 'failure')).consecutiveFailures);
    }
    deepEqual(counts, [1, 2, 3, 4, 4]);
    equal((await use.lockOf(alice))?.cause, 'operator');
  });

  contract.timed('counts a failure that comes later than its lease', async (use) => {
    const lease = await use.take(alice, row);
    use.wait(row.leaseTimeoutMs);
    const { consecutiveFailures, isLate } = await use.store.settle(alice, row, lease, 'failure', HOME);
    deepEqual([consecutiveFailures, isLate], [1, true]);
  });
}

function slotsContract(contract: Contract): void {
  contract.test('has as many slots as there are failures left until the hard stop', async (use) => {
    await use.guess(alice, 'failure', row);
    for (let slot = 0; slot < 4; slot += 1) await use.take(alice, row);
    equal(await use.outcome(alice, row), 'busy');
  });

  contract.test(
    'shares its slots with strangers, so that no more are verified than fit below the hard stop',
    async (use) => {
      await use.take(alice, full);
      await use.take(alice, full);
      for (let slot = 0; slot < 3; slot += 1) await use.take(alice, row);
      equal(await use.outcome(alice, row), 'busy');
      equal(await use.outcome(alice, full), 'busy');
    },
  );

  contract.test('is never busy if the policy has no hard stop', async (use) => {
    for (let slot = 0; slot < 10; slot += 1) await use.take(alice, withoutHardStop);
    await use.expectRecord(alice, { verifying: 10 });
  });

  contract.test('gives a slot back with a release and changes nothing else', async (use) => {
    await use.fail(alice, 2, full);
    const before = await use.store.read(alice.key);
    await use.guess(alice, 'release', row);
    const { remainingMs: _, ...lock } = (await use.lockOf(alice)) ?? {};
    const { remainingMs: __, ...lockBefore } = before?.lock ?? {};
    deepEqual(lock, lockBefore);
    await use.expectRecord(alice, { failures: 2, consecutiveFailures: 2, verifying: 0 });
  });
}

function succeedingContract(contract: Contract): void {
  for (const resetOnSuccess of [true, 'all', false] as const) {
    contract.test(`ends only the row with a success, if resetOnSuccess is ${resetOnSuccess}`, async (use) => {
      await use.fail(alice, 2, full);
      const reply = await use.guess(alice, 'success', { ...row, resetOnSuccess }, from('elsewhere'));
      deepEqual([reply.failures, reply.consecutiveFailures], [2, 0]);
      await use.expectRecord(alice, { failures: 2, places: 1, takenBack: 0, consecutiveFailures: 0 });
      equal((await use.lockOf(alice))?.cause, 'tier');
    });
  }

  contract.test('takes back no failure of its place', async (use) => {
    await use.guess(alice, 'failure', full, HOME);
    equal((await use.guess(alice, 'success', row, HOME)).failures, 1);
  });

  contract.test('continues the row after a success under another spelling, or under an unknown one', async (use) => {
    await use.guess(alice, 'failure', row, HOME);
    for (const marks of [from('home', 'Alice'), {}]) {
      equal((await use.guess(alice, 'success', row, marks)).consecutiveFailures, 1);
    }
  });

  contract.test("ends no row with a success under an operator's lock", async (use) => {
    await use.guess(alice, 'failure', row);
    const lease = await use.take(alice, row);
    await use.store.block(alice, ORDER);
    equal((await use.store.settle(alice, row, lease, 'success', HOME)).consecutiveFailures, 1);
  });

  contract.timed('ends no row with a success that comes later than its lease', async (use) => {
    await use.guess(alice, 'failure', row);
    const lease = await use.take(alice, row);
    use.wait(MINUTE);
    equal((await use.store.settle(alice, row, lease, 'success', HOME)).consecutiveFailures, 1);
  });
}
