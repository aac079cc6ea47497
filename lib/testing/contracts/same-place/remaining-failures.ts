/** What remains of a subject after a success has taken back some of its failures, or a reset all of them. */
import { equal } from 'node:assert/strict';
import { DAY, HOME, HOUR, limitOf, MINUTE, ORDER, POLICY, policyWith, username } from '../../examples.js';
import type { StoreUnderTest } from '../../store-under-test.js';
import type { Contract } from '../../suite.js';
import { CAFE, fail, LENIENT, NOWHERE, succeed } from './sources.js';

const alice = username('alice');

export function remainingFailuresContract(contract: Contract): void {
  datesContract(contract);
  resettingContract(contract);
}

function datesContract(contract: Contract): void {
  contract.timed('reports the dates of the failures that remain', async (use) => {
    const began = use.now;
    for (const marks of [HOME, CAFE, CAFE, HOME]) {
      await fail(use, 1, marks);
      use.wait(MINUTE);
    }
    await use.expectRecord(alice, { firstFailureAt: began, lastFailureAt: began + 3 * MINUTE });
    await succeed(use, HOME);
    await use.expectRecord(alice, {
      failures: 2,
      firstFailureAt: began + MINUTE,
      lastFailureAt: began + 2 * MINUTE,
    });
  });

  contract.timed('keeps the dates if it took back only some of the failures of a place', async (use) => {
    const firstFailureAt = use.now;
    await fail(use, 6, HOME);
    use.wait(MINUTE);
    await fail(use, 1, HOME);
    await succeed(use, HOME);
    await use.expectRecord(alice, { failures: 2, firstFailureAt, lastFailureAt: use.now });
  });

  contract.timed('forgets the failures that remain forgetAfter after the last of them', async (use) => {
    await fail(use, 1, CAFE);
    use.wait(HOUR);
    await fail(use, 1, HOME);
    await succeed(use, HOME);
    use.wait(DAY - HOUR - 1);
    await use.expectRecord(alice, { failures: 1 });
    use.wait(1);
    await use.expectRecord(alice, { failures: 0, takenBack: 1 });
  });

  contract.timed(
    'forgets the failures that remain forgetAfter after the first of them, if forgetFrom is first',
    async (use) => {
      const policy = { ...LENIENT, forgetFrom: 'first' } as const;
      await fail(use, 1, HOME, policy);
      use.wait(HOUR);
      const firstFailureAt = use.now;
      await fail(use, 1, CAFE, policy);
      use.wait(HOUR);
      await fail(use, 1, CAFE, policy);
      await succeed(use, HOME, policy);
      await use.expectRecord(alice, { firstFailureAt });
      use.wait(DAY - HOUR - 1);
      await use.expectRecord(alice, { failures: 2 });
      use.wait(1);
      await use.expectRecord(alice, { failures: 0, takenBack: 1 });
    },
  );

  contract.timed("forgets the failures that remain no later than an operator's block said", async (use) => {
    await fail(use, 1, CAFE);
    await fail(use, 1, HOME);
    await use.store.block(alice, { ...ORDER, forMs: HOUR, forgetAfterMs: HOUR });
    use.wait(HOUR);
    await succeed(use, HOME);
    use.wait(HOUR - 1);
    await use.expectRecord(alice, { failures: 1 });
    use.wait(1);
    await use.expectRecord(alice, { failures: 0, takenBack: 1 });
  });

  contract.timed(
    'forgets the failures that remain forgetAfter after the end of the lock that they reached by themselves',
    async (use) => {
      const policy = policyWith({ tiers: [{ failures: 2, cooloffMs: HOUR }, ...POLICY.tiers.slice(1)] });
      await fail(use, 2, CAFE, policy);
      use.wait(HOUR);
      await fail(use, 1, HOME, policy);
      await succeed(use, HOME, policy);
      use.wait(DAY - 1);
      await use.expectRecord(alice, { failures: 2 });
      use.wait(1);
      await use.expectRecord(alice, null);
    },
  );
}

function resettingContract(contract: Contract): void {
  contract.test('forgives everything if resetOnSuccess is all', async (use) => {
    const all = { ...LENIENT, resetOnSuccess: 'all' } as const;
    for (const marks of [HOME, NOWHERE]) {
      for (const failing of [HOME, CAFE, NOWHERE]) await fail(use, 3, failing, all);
      equal((await succeed(use, marks, all)).failures, 0);
      await use.expectRecord(alice, null);
    }
  });

  contract.test('forgives nothing if resetOnSuccess is false', async (use) => {
    const never = { ...LENIENT, resetOnSuccess: false };
    await fail(use, 2, HOME, never);
    equal((await succeed(use, HOME, never)).failures, 2);
    await use.expectRecord(alice, { failures: 2, places: 1, takenBack: 0 });
  });

  for (const [what, reset] of [
    ['reset', ({ store }) => store.reset(alice.key)],
    ['erased', ({ store }) => store.erase(alice.key)],
    ['freed by a lease', ({ store }) => store.resetLockedBy(alice.key, 'the last')],
  ] as readonly (readonly [string, (use: StoreUnderTest) => unknown])[]) {
    contract.test(`forgets the sources and what was taken back of a subject that is ${what}`, async (use) => {
      const policy = limitOf(6);
      await fail(use, 5, HOME, policy);
      await succeed(use, HOME, policy);
      await fail(use, 5, CAFE, policy);
      await use.store.settle(alice, policy, await use.take(alice, policy, 'the last'), 'failure', HOME);
      await reset(use);
      await fail(use, 5, HOME, policy);
      await use.expectRecord(alice, { failures: 5, places: 1, takenBack: 0 });
      equal((await succeed(use, CAFE, policy)).failures, 5);
      equal((await succeed(use, HOME, policy)).failures, 0);
    });
  }

  contract.timed('lose their sources when they are forgotten, and never count below zero', async (use) => {
    await fail(use, 2, HOME);
    use.wait(DAY);
    await fail(use, 1, CAFE);
    await use.expectRecord(alice, { failures: 1, places: 1 });
    equal((await succeed(use, HOME)).failures, 1);
    const lease = await use.take(alice, LENIENT);
    use.wait(DAY);
    equal((await use.store.settle(alice, LENIENT, lease, 'success', CAFE)).failures, 0);
    await use.expectRecord(alice, null);
  });
}
