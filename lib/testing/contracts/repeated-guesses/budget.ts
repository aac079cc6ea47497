/** How many repeats within a minute are not counted. */
import { deepEqual, equal } from 'node:assert/strict';
import { HOME, HOUR, MINUTE, SECOND, username } from '../../examples.js';
import type { Contract } from '../../suite.js';
import { LENIENT } from '../same-place/sources.js';
import { fail, failEach, REPEATED, repeat, repeatsOf, succeed } from './guesses.js';

const alice = username('alice');
const FREE = 10;
const FREE_ELSEWHERE = 30;

export function repeatBudgetContract(contract: Contract): void {
  contract.timed('counts the eleventh repeat within a minute, and none of a new minute', async (use) => {
    await fail(use, 'a');
    use.wait(HOUR);
    deepEqual(await repeat(use, FREE), Array(FREE).fill(true));
    const { failures, isRepeat } = await fail(use, 'a');
    deepEqual([failures, isRepeat], [2, false]);
    use.wait(MINUTE - 1);
    equal((await fail(use, 'a')).failures, 3);
    use.wait(1);
    deepEqual(await repeat(use, FREE), Array(FREE).fill(true));
    equal((await fail(use, 'a')).failures, 4);
  });

  contract.timed('begins the minute with its first repeat, not with its last', async (use) => {
    await fail(use, 'a');
    await repeat(use, 1);
    use.wait(MINUTE - 1);
    await repeat(use, FREE - 1);
    equal((await fail(use, 'a')).isRepeat, false);
    use.wait(1);
    equal((await fail(use, 'a')).isRepeat, true);
  });

  contract.timed('remembers a guess once, however often it is counted', async (use) => {
    await failEach(use, 'b', 'a');
    await repeat(use, FREE);
    await failEach(use, 'a', 'a');
    use.wait(MINUTE);
    deepEqual(await repeatsOf(use, 'b'), [true]);
  });

  contract.timed('counts the repeats of all guesses together', async (use) => {
    await failEach(use, 'a', 'b', 'c');
    for (let round = 0; round < 3; round += 1) await failEach(use, 'a', 'b', 'c');
    deepEqual(await repeatsOf(use, 'a', 'b'), [true, false]);
  });

  contract.timed('does not count what is a repeat for another subject, thirty times a minute', async (use) => {
    for (let time = 0; time < FREE_ELSEWHERE; time += 1) {
      const { failures, isRepeat } = await use.guess(alice, 'failure', LENIENT, REPEATED);
      deepEqual([failures, isRepeat], [0, true]);
    }
    const { failures, isRepeat } = await use.guess(alice, 'failure', LENIENT, REPEATED);
    deepEqual([failures, isRepeat], [1, false]);
    use.wait(MINUTE);
    equal((await use.guess(alice, 'failure', LENIENT, REPEATED)).failures, 1);
  });

  contract.timed('lets no known guess pass when ten repeats were those of other subjects', async (use) => {
    await fail(use, 'a');
    for (let time = 0; time < FREE; time += 1) await use.guess(alice, 'failure', LENIENT, REPEATED);
    equal((await fail(use, 'a')).failures, 2);
    equal((await use.guess(alice, 'failure', LENIENT, REPEATED)).isRepeat, true);
  });

  contract.timed('grants no new repeats with a success that takes back all failures', async (use) => {
    await fail(use, 'a');
    await repeat(use, FREE);
    equal((await succeed(use, HOME)).failures, 0);
    equal(await use.store.cleanup(alice.key), false);
    deepEqual(await repeatsOf(use, 'a', 'a'), [false, false]);
    use.wait(MINUTE);
    equal((await fail(use, 'a')).isRepeat, true);
  });

  contract.timed('grants no new repeats when the failures are forgotten', async (use) => {
    const short = { ...LENIENT, forgetAfterMs: 30 * SECOND };
    await fail(use, 'a', HOME, short);
    await repeat(use, FREE);
    use.wait(30 * SECOND);
    await use.expectRecord(alice, { failures: 0 });
    deepEqual(await use.keys(), []);
    equal((await fail(use, 'a', HOME, short)).failures, 1);
    equal((await fail(use, 'a', HOME, short)).failures, 2);
  });

  contract.timed('knows nothing of a subject a minute after its only repeat', async (use) => {
    await use.guess(alice, 'failure', LENIENT, REPEATED);
    use.wait(MINUTE - 1);
    equal(await use.store.cleanup(alice.key), false);
    await use.expectRecord(alice, { failures: 0, places: 0 });
    use.wait(1);
    await use.expectRecord(alice, null);
  });

  contract.timed('grants new repeats with a reset', async (use) => {
    await fail(use, 'a');
    await repeat(use, FREE);
    await use.store.reset(alice.key);
    await use.expectRecord(alice, null);
    deepEqual(await repeatsOf(use, 'a', 'a'), [false, true]);
  });

  contract.timed('uses up one repeat for a failure that is settled twice', async (use) => {
    await fail(use, 'a');
    const lease = await use.take(alice, LENIENT);
    for (let time = 0; time < 2; time += 1) {
      await use.store.settle(alice, LENIENT, lease, 'failure', { ...HOME, guess: 'a' });
    }
    deepEqual(await repeat(use, FREE), [...Array(FREE - 1).fill(true), false]);
  });
}
