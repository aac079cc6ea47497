/** Which wrong guesses are remembered, and what a repeat of one is. */

import { deepEqual, equal } from 'node:assert/strict';
import { DAY, HOME, HOUR, MINUTE, ORDER, POLICY, TRICKY_TEXTS, username } from '../../examples.js';
import { settleReply } from '../../replies.js';
import type { StoreUnderTest } from '../../store-under-test.js';
import type { Contract } from '../../suite.js';
import { CAFE, LENIENT } from '../same-place/sources.js';
import { fail, failEach, REPEATED, repeatsOf, succeed } from './guesses.js';

const alice = username('alice');

export function repeatedGuessesContract(contract: Contract): void {
  rememberingContract(contract);
  forgettingContract(contract);
  countingContract(contract);
}

function rememberingContract(contract: Contract): void {
  contract.test('does not count the same wrong guess again, and says so', async (use) => {
    const { isRepeat } = await fail(use, 'a');
    equal(isRepeat, false);
    deepEqual(await fail(use, 'a'), settleReply({ failures: 1, freeSlots: 199, isRepeat: true }));
    await use.expectRecord(alice, { failures: 1, places: 1, verifying: 0 });
  });

  contract.test('remembers three guesses, and a fourth takes the place of the oldest', async (use) => {
    await failEach(use, 'a', 'b', 'c');
    deepEqual(await repeatsOf(use, 'c', 'b', 'a'), [true, true, true]);
    await fail(use, 'd');
    deepEqual(await repeatsOf(use, 'b', 'c', 'd'), [true, true, true]);
    equal((await fail(use, 'a')).failures, 5);
  });

  contract.test('remembers a repeated guess no longer than without the repeat', async (use) => {
    await failEach(use, 'a', 'b', 'c', 'a', 'd');
    deepEqual(await repeatsOf(use, 'b', 'a'), [true, false]);
  });

  contract.test('remembers no guess that it is not given', async (use) => {
    await fail(use, undefined);
    await fail(use, undefined);
    const { failures, isRepeat } = await fail(use, 'a');
    deepEqual([failures, isRepeat], [3, false]);
  });

  contract.test('remembers guesses as they are, whatever they look like', async (use) => {
    for (const text of TRICKY_TEXTS) {
      deepEqual(await repeatsOf(use, text, text), [false, true], text);
    }
    await use.expectRecord(alice, { failures: TRICKY_TEXTS.length });
  });

  contract.timed('remembers the guess that locked', async (use) => {
    for (const guess of ['a', 'b', 'c']) await fail(use, guess, HOME, POLICY);
    use.wait(15 * MINUTE);
    const { failures, isRepeat, lock } = await fail(use, 'c', HOME, POLICY);
    deepEqual([failures, isRepeat, lock], [3, true, null]);
  });

  contract.test('remembers a guess of one subject for this one alone', async (use) => {
    const bob = username('bob');
    await fail(use, 'a');
    equal((await use.guess(bob, 'failure', LENIENT, { ...HOME, guess: 'a' })).isRepeat, false);
  });
}

function forgettingContract(contract: Contract): void {
  for (const [what, free] of [
    ['reset', ({ store }) => store.reset(alice.key)],
    ['erased', ({ store }) => store.erase(alice.key)],
    ['forgiven everything', (use) => succeed(use, HOME, { ...LENIENT, resetOnSuccess: 'all' })],
    ['taken back all failures', (use) => succeed(use, HOME)],
  ] as readonly (readonly [string, (use: StoreUnderTest) => unknown])[]) {
    contract.test(`knows no guess of a subject that was ${what}`, async (use) => {
      await failEach(use, 'a', 'b');
      await free(use);
      deepEqual(await repeatsOf(use, 'a', 'b'), [false, false]);
      await use.expectRecord(alice, { failures: 2 });
    });
  }

  contract.test('knows no guess of a lock that was lifted', async (use) => {
    await fail(use, 'a', HOME, POLICY);
    await fail(use, 'b', HOME, POLICY);
    const lease = await use.take(alice, POLICY);
    await use.store.settle(alice, POLICY, lease, 'failure', { ...HOME, guess: 'c' });
    await use.store.resetLockedBy(alice.key, lease.id);
    equal((await fail(use, 'c')).isRepeat, false);
  });

  contract.timed('forgets the guesses with the failures, and a repeat does not put that off', async (use) => {
    await fail(use, 'a');
    const firstFailureAt = use.now;
    use.wait(DAY - HOUR);
    equal((await fail(use, 'a')).isRepeat, true);
    await use.expectRecord(alice, { firstFailureAt, lastFailureAt: firstFailureAt });
    use.wait(HOUR);
    const { failures, isRepeat } = await fail(use, 'a');
    deepEqual([failures, isRepeat], [1, false]);
  });

  contract.test('keeps the guesses with a success that leaves failures, wherever they came from', async (use) => {
    await fail(use, 'a', HOME);
    await fail(use, 'b', CAFE);
    equal((await succeed(use, HOME)).failures, 1);
    deepEqual(await repeatsOf(use, 'a', 'b'), [true, true]);
  });

  contract.test('keeps the guesses with a block', async (use) => {
    await fail(use, 'a');
    await use.store.block(alice, ORDER);
    await use.store.block(alice, { ...ORDER, forMs: 0 });
    equal((await fail(use, 'a')).isRepeat, true);
  });
}

function countingContract(contract: Contract): void {
  contract.test('takes a success or a release with a known guess for what it is', async (use) => {
    await failEach(use, 'a', 'b');
    const released = await use.guess(alice, 'release', LENIENT, { ...HOME, guess: 'a' });
    deepEqual([released.failures, released.isRepeat], [2, false]);
    const succeeded = await use.guess(alice, 'success', LENIENT, { ...HOME, guess: 'a' });
    deepEqual([succeeded.failures, succeeded.isRepeat], [0, false]);
  });

  contract.timed('counts a repeat that comes later than its lease', async (use) => {
    for (const marks of [{ ...HOME, guess: 'a' }, REPEATED]) {
      await use.store.reset(alice.key);
      await fail(use, 'a');
      const lease = await use.take(alice, LENIENT);
      use.wait(LENIENT.leaseTimeoutMs);
      const { failures, isRepeat, isLate } = await use.store.settle(alice, LENIENT, lease, 'failure', marks);
      deepEqual([failures, isRepeat, isLate], [2, false, true]);
    }
  });

  contract.test('counts a repeat under a lock', async (use) => {
    for (const marks of [{ ...HOME, guess: 'a' }, REPEATED]) {
      await use.store.reset(alice.key);
      await fail(use, 'a');
      const lease = await use.take(alice, LENIENT);
      await use.store.block(alice, ORDER);
      const { failures, isRepeat } = await use.store.settle(alice, LENIENT, lease, 'failure', marks);
      deepEqual([failures, isRepeat], [2, false]);
    }
  });

  contract.test('remembers no guess that comes in under a lock', async (use) => {
    const lease = await use.take(alice, LENIENT);
    await use.store.block(alice, ORDER);
    await use.store.settle(alice, LENIENT, lease, 'failure', { ...HOME, guess: 'a' });
    await use.store.block(alice, { ...ORDER, forMs: 0 });
    equal((await fail(use, 'a')).failures, 2);
  });

  contract.test('does not count a repeat for the hard stop', async (use) => {
    const stopping = { ...LENIENT, hardStop: { failures: 3, forgetAfterMs: DAY } };
    await fail(use, 'a', HOME, stopping);
    equal((await fail(use, 'a', HOME, stopping)).consecutiveFailures, 1);
    equal((await fail(use, 'b', HOME, stopping)).consecutiveFailures, 2);
  });

  contract.test('counts the first of several equal guesses that are verified at once', async (use) => {
    const leases = [await use.take(alice), await use.take(alice), await use.take(alice)];
    const replies = await Promise.all(
      leases.map((lease) => use.store.settle(alice, POLICY, lease, 'failure', { ...HOME, guess: 'a' })),
    );
    equal(replies.filter(({ isRepeat }) => !isRepeat).length, 1);
    await use.expectRecord(alice, { failures: 1, verifying: 0, lock: null });
  });
}
