import { deepEqual, equal } from 'node:assert/strict';
import { DAY, FOREVER, from, HOME, HOUR, limitOf, MINUTE, ORDER, policyWith, username } from '../examples.js';
import { lockReport, settleReply } from '../replies.js';
import type { Contract } from '../suite.js';

const alice = username('alice');
const tiers = [{ failures: 2, cooloffMs: MINUTE }];
const policy = policyWith({ tiers, forgetAfterMs: HOUR, hardStop: { failures: 5, forgetAfterMs: 30 * DAY } });
/** Without a lock in between. */
const patient = { ...limitOf(99), hardStop: { failures: 99, forgetAfterMs: 30 * DAY } };

export function hardStopContract(contract: Contract): void {
  contract.test('counts no consecutive failures if the policy has no hard stop', async (use) => {
    await use.fail(alice, 2);
    await use.expectRecord(alice, { failures: 2, consecutiveFailures: 0 });
  });

  contract.timed('locks until reset at the hard stop, although all earlier failures were forgotten', async (use) => {
    for (let day = 1; day <= 4; day += 1) {
      equal((await use.guess(alice, 'failure', policy)).didLock, false);
      use.wait(DAY);
      await use.expectRecord(alice, { failures: 0, consecutiveFailures: day, firstFailureAt: null, lock: null });
    }
    const lock = lockReport({ failures: 1, consecutiveFailures: 5, cause: 'hardStop', limit: 5 });
    const reply = await use.guess(alice, 'failure', policy);
    deepEqual(
      reply,
      settleReply({ failures: 1, consecutiveFailures: 5, freeSlots: 0, didLock: true, lock, isFirstToday: true }),
    );
    use.wait(3_650 * DAY);
    equal(await use.outcome(alice, policy), 'locked');
    deepEqual(await use.lockOf(alice), lock);
  });

  contract.timed('has no more slots than failures left until the hard stop', async (use) => {
    for (let failure = 0; failure < 4; failure += 1) {
      await use.guess(alice, 'failure', policy);
      use.wait(HOUR);
    }
    await use.take(alice, policy);
    equal(await use.outcome(alice, policy), 'busy');
  });

  contract.test('prefers the hard stop to a tier reached by the same failure', async (use) => {
    const strict = policyWith({ tiers, hardStop: { failures: 2, forgetAfterMs: DAY } });
    const reply = await use.fail(alice, 2, strict);
    deepEqual([reply?.didLock, reply?.lock?.cause, reply?.lock?.remainingMs], [true, 'hardStop', FOREVER]);
  });

  for (const [what, forgive] of [
    ['a success', 'success'],
    ['a reset', 'reset'],
  ] as const) {
    contract.timed(`starts the count again after ${what}`, async (use) => {
      await use.guess(alice, 'failure', policy);
      use.wait(HOUR);
      if (forgive === 'success') await use.guess(alice, 'success', policy);
      else await use.store.reset(alice.key);
      await use.expectRecord(alice, null);
      const { consecutiveFailures } = await use.guess(alice, 'failure', policy);
      equal(consecutiveFailures, 1);
    });
  }

  contract.test('starts the count again after a success that forgives no other failures', async (use) => {
    const notForgiving = { ...policy, resetOnSuccess: false };
    await use.guess(alice, 'failure', notForgiving);
    const { failures, consecutiveFailures } = await use.guess(alice, 'success', notForgiving);
    deepEqual([failures, consecutiveFailures], [1, 0]);
  });

  contract.test('ends the row of a spelling with a success under it, from whatever place', async (use) => {
    await use.guess(alice, 'failure', patient, from('home'));
    await use.guess(alice, 'failure', patient, from('cafe'));
    const { failures, consecutiveFailures } = await use.guess(alice, 'success', patient, from('work'));
    deepEqual([failures, consecutiveFailures], [2, 0]);
  });

  contract.test('continues the row after a success under another spelling, or under an unknown one', async (use) => {
    await use.guess(alice, 'failure', patient, from('home'));
    await use.guess(alice, 'failure', patient, from('home', 'Alice'));
    await use.guess(alice, 'failure', patient, {});
    equal((await use.guess(alice, 'success', patient, {})).consecutiveFailures, 3);
    equal((await use.guess(alice, 'success', patient, from('home', 'ALICE'))).consecutiveFailures, 3);
    equal((await use.guess(alice, 'success', patient, from('cafe', 'Alice'))).consecutiveFailures, 2);
    await use.expectRecord(alice, { failures: 3 });
  });

  contract.test('does not end the row with a success under a lock', async (use) => {
    await use.guess(alice, 'failure', policy);
    const lease = await use.take(alice, policy);
    await use.store.block(alice, ORDER);
    equal((await use.store.settle(alice, policy, lease, 'success', HOME)).consecutiveFailures, 1);
    await use.expectRecord(alice, { consecutiveFailures: 1 });
  });

  contract.test('counts on for each of 16 spellings when there are more', async (use) => {
    for (let name = 1; name <= 17; name += 1) await use.guess(alice, 'failure', patient, from('home', `name-${name}`));
    await use.guess(alice, 'failure', patient, from('home', 'name-1'));
    equal((await use.guess(alice, 'success', patient, from('cafe', 'name-1'))).consecutiveFailures, 16);
  });

  contract.test('distinguishes 16 spellings; no success ends the row of a further one', async (use) => {
    for (let name = 1; name <= 17; name += 1) await use.guess(alice, 'failure', patient, from('home', `name-${name}`));
    equal((await use.guess(alice, 'success', patient, from('cafe', 'name-17'))).consecutiveFailures, 17);
    equal((await use.guess(alice, 'success', patient, from('cafe', 'name-16'))).consecutiveFailures, 16);
    await use.guess(alice, 'failure', patient, from('home', 'name-17'));
    equal((await use.guess(alice, 'success', patient, from('cafe', 'name-17'))).consecutiveFailures, 16);
  });

  contract.timed('forgets the spellings of a row together with it', async (use) => {
    await use.guess(alice, 'failure', patient);
    use.wait(30 * DAY);
    await use.guess(alice, 'failure', patient, from('home', 'Alice'));
    equal((await use.guess(alice, 'success', patient)).consecutiveFailures, 1);
  });

  contract.timed('forgets its failures at its own time after the last one, and then the record', async (use) => {
    await use.guess(alice, 'failure', policy);
    use.wait(29 * DAY);
    await use.guess(alice, 'failure', policy);
    use.wait(30 * DAY - 1);
    await use.expectRecord(alice, { consecutiveFailures: 2 });
    deepEqual(await use.keys(), [alice.key]);
    use.wait(1);
    await use.expectRecord(alice, null);
    deepEqual(await use.keys(), []);
    equal((await use.guess(alice, 'failure', policy)).consecutiveFailures, 1);
  });

  contract.timed('admits one more attempt if an operator replaced it with a shorter block', async (use) => {
    const strict = policyWith({ tiers, hardStop: { failures: 1, forgetAfterMs: DAY } });
    await use.guess(alice, 'failure', strict);
    await use.store.block(alice, { ...ORDER, forMs: MINUTE });
    use.wait(MINUTE);
    const reply = await use.guess(alice, 'failure', strict);
    deepEqual([reply.consecutiveFailures, reply.lock?.cause], [2, 'hardStop']);
  });
}
