/** Which failures a success takes back. */
import { deepEqual, equal } from 'node:assert/strict';
import { DAY, from, HOME, HOUR, ORDER, POLICY, policyWith, TRICKY_TAGS, username } from '../../examples.js';
import type { Contract } from '../../suite.js';
import { CAFE, fail, LENIENT, NOWHERE, succeed, UNBOUNDED } from './sources.js';

const alice = username('alice');

export function samePlaceContract(contract: Contract): void {
  takingBackContract(contract);
  boundContract(contract);
  manySourcesContract(contract);
}

function takingBackContract(contract: Contract): void {
  contract.test('takes back on success the failures of its place under its spelling, and no others', async (use) => {
    await fail(use, 2, HOME);
    await fail(use, 1, CAFE);
    await fail(use, 1, from('home', 'Alice'));
    await fail(use, 1, NOWHERE);
    await use.expectRecord(alice, { failures: 5, places: 2, takenBack: 0 });
    equal((await succeed(use, HOME)).failures, 3);
    await use.expectRecord(alice, { failures: 3, places: 2, takenBack: 2 });
    equal((await succeed(use, HOME)).failures, 3);
  });

  for (const [what, marks] of [
    ['another place', CAFE],
    ['the same place under another spelling', from('home', 'Alice')],
    ['a place that is the spelling, under the spelling that is the place', from('alice', 'home')],
    ['a place and a spelling that are the same when written together', from('homea', 'lice')],
    ['the empty place', from('')],
    ['an unknown source', NOWHERE],
  ] as const) {
    contract.test(`takes nothing back on a success from ${what}`, async (use) => {
      await fail(use, 2, HOME);
      equal((await succeed(use, marks)).failures, 2);
      await use.expectRecord(alice, { failures: 2, places: 1, takenBack: 0 });
    });
  }

  contract.test('takes nothing back of an unknown source, whatever succeeds', async (use) => {
    await fail(use, 2, NOWHERE);
    for (const marks of [NOWHERE, HOME, from('')]) equal((await succeed(use, marks)).failures, 2);
    await use.expectRecord(alice, { failures: 2, places: 0, takenBack: 0 });
  });

  contract.test('distinguishes places and spellings exactly, whatever they look like', async (use) => {
    for (const place of TRICKY_TAGS) {
      for (const spelling of TRICKY_TAGS) await fail(use, 1, from(place, spelling), UNBOUNDED);
    }
    let left = TRICKY_TAGS.length ** 2;
    await use.expectRecord(alice, { failures: left, places: TRICKY_TAGS.length });
    for (const place of TRICKY_TAGS) {
      for (const spelling of TRICKY_TAGS) {
        left -= 1;
        equal((await succeed(use, from(place, spelling), UNBOUNDED)).failures, left, `${place} ${spelling}`);
      }
    }
    await use.expectRecord(alice, null);
  });

  contract.test('takes back once if a success is passed twice', async (use) => {
    await fail(use, 2, HOME);
    const lease = await use.take(alice, LENIENT);
    const once = await use.store.settle(alice, LENIENT, lease, 'success', HOME);
    const late = await use.take(alice, LENIENT);
    await use.store.settle(alice, LENIENT, late, 'failure', HOME);
    const again = await use.store.settle(alice, LENIENT, lease, 'success', HOME);
    deepEqual([once.failures, again.failures], [0, 1]);
    await use.expectRecord(alice, { failures: 1, takenBack: 2 });
  });

  contract.test('takes nothing back on a release', async (use) => {
    await fail(use, 1, HOME);
    await use.guess(alice, 'release', LENIENT, HOME);
    await use.expectRecord(alice, { failures: 1, places: 1, takenBack: 0 });
  });

  contract.test('takes nothing back under a lock', async (use) => {
    await use.fail(alice, 2);
    const lease = await use.take(alice);
    await use.store.block(alice, ORDER);
    equal((await use.store.settle(alice, POLICY, lease, 'success', HOME)).failures, 2);
    await use.expectRecord(alice, { failures: 2, places: 1, takenBack: 0 });
  });

  contract.test(
    'takes nothing back while more attempts are being verified than would fit below the next lock',
    async (use) => {
      const tiers = [
        { failures: 3, cooloffMs: 0 },
        { failures: 9, cooloffMs: HOUR },
      ];
      const policy = policyWith({ tiers, forgetAfterMs: 7 * DAY });
      await fail(use, 2, CAFE, policy);
      await fail(use, 1, HOME, policy);
      const [first, second, third] = [
        await use.take(alice, policy),
        await use.take(alice, policy),
        await use.take(alice, policy),
      ];
      // With two failures one more fits below the first lock, and two are under way.
      equal((await use.store.settle(alice, policy, first, 'success', HOME)).failures, 3);
      await use.expectRecord(alice, { failures: 3, places: 2, takenBack: 0 });
      equal((await use.store.settle(alice, policy, second, 'success', HOME)).failures, 2);
      equal((await use.store.settle(alice, policy, third, 'failure', CAFE)).didLock, true);
    },
  );

  contract.test('remembers the source of a verdict under a lock if it counts', async (use) => {
    const leases = [await use.take(alice), await use.take(alice), await use.take(alice)];
    await use.store.block(alice, ORDER);
    for (const lease of leases) await use.store.settle(alice, POLICY, lease, 'failure', CAFE);
    await use.expectRecord(alice, { failures: 2, places: 1 });
    // The third one stopped short of the tier, so no count includes it.
    await use.store.block(alice, { ...ORDER, forMs: 0 });
    equal((await use.guess(alice, 'success', POLICY, CAFE)).failures, 0);
    await use.expectRecord(alice, { failures: 0, takenBack: 2 });
  });

  contract.timed('returns with a lock from how many places its failures came', async (use) => {
    await use.guess(alice, 'failure', POLICY, HOME);
    await use.guess(alice, 'failure', POLICY, from('home', 'Alice'));
    const { lock } = await use.guess(alice, 'failure', POLICY, CAFE);
    equal(lock?.places, 2);
    equal((await use.lockOf(alice))?.places, 2);
  });
}

function boundContract(contract: Contract): void {
  contract.timed('takes back no more than maxTakenBack within a day', async (use) => {
    await fail(use, 3, HOME);
    equal((await succeed(use, HOME)).failures, 0);
    use.wait(DAY / 2);
    await fail(use, 3, CAFE);
    equal((await succeed(use, CAFE)).failures, 1);
    await use.expectRecord(alice, { failures: 1, places: 1, takenBack: 5 });
    use.wait(DAY / 2 - 1);
    equal((await succeed(use, CAFE)).failures, 1);
  });

  contract.timed('takes back as many again as were taken back a day ago, whenever the day begins', async (use) => {
    const policy = { ...LENIENT, forgetAfterMs: 7 * DAY };
    await fail(use, 4, HOME, policy);
    await succeed(use, HOME, policy);
    use.wait(DAY - 1);
    await fail(use, 8, HOME, policy);
    equal((await succeed(use, HOME, policy)).failures, 7);
    await use.expectRecord(alice, { failures: 7, takenBack: 5 });
    use.wait(1);
    await use.expectRecord(alice, { failures: 7, takenBack: 1 });
    equal((await succeed(use, HOME, policy)).failures, 3);
    await use.expectRecord(alice, { failures: 3, takenBack: 5 });
    use.wait(DAY - 2);
    equal((await succeed(use, HOME, policy)).failures, 3);
    use.wait(1);
    equal((await succeed(use, HOME, policy)).failures, 2);
    await use.expectRecord(alice, { failures: 2, takenBack: 5 });
  });

  contract.timed('remembers how many it took back if nothing else is known', async (use) => {
    await fail(use, 5, HOME);
    await succeed(use, HOME);
    await use.expectRecord(alice, { failures: 0, places: 0, takenBack: 5 });
    deepEqual(await use.keys(), []);
    equal(await use.store.reset(alice.key), null);
    await fail(use, 5, HOME);
    await succeed(use, HOME);
    equal(await use.store.cleanup(alice.key), false);
    await fail(use, 1, HOME);
    equal((await succeed(use, HOME)).failures, 1);
    use.wait(DAY);
    equal((await fail(use, 1, HOME)).failures, 1);
    equal((await succeed(use, HOME)).failures, 0);
  });

  contract.timed('remembers how many it took back when the failures are forgotten', async (use) => {
    const short = { ...LENIENT, forgetAfterMs: HOUR };
    await fail(use, 6, HOME, short);
    equal((await succeed(use, HOME, short)).failures, 1);
    use.wait(HOUR);
    await fail(use, 2, HOME, short);
    equal((await succeed(use, HOME, short)).failures, 2);
  });

  contract.test('takes back all failures of the same place if maxTakenBack has no bound', async (use) => {
    await fail(use, 20, HOME, UNBOUNDED);
    await fail(use, 1, CAFE, UNBOUNDED);
    equal((await succeed(use, HOME, UNBOUNDED)).failures, 1);
    await use.expectRecord(alice, { failures: 1, places: 1, takenBack: 0 });
  });
}

function manySourcesContract(contract: Contract): void {
  contract.test('distinguishes 64 sources; failures of a further one count and are never taken back', async (use) => {
    for (let place = 1; place <= 65; place += 1) await fail(use, 1, from(`place-${place}`), UNBOUNDED);
    await use.expectRecord(alice, { failures: 65, places: 64 });
    equal((await succeed(use, from('place-65'), UNBOUNDED)).failures, 65);
    await fail(use, 1, from('place-64'), UNBOUNDED);
    equal((await succeed(use, from('place-64'), UNBOUNDED)).failures, 64);
    await use.expectRecord(alice, { failures: 64, places: 63 });
  });

  contract.test('distinguishes a further source when there is room again', async (use) => {
    for (let place = 1; place <= 64; place += 1) await fail(use, 1, from(`place-${place}`), UNBOUNDED);
    // Failures of an unknown source take no room of a known one.
    await fail(use, 1, NOWHERE, UNBOUNDED);
    await succeed(use, from('place-1'), UNBOUNDED);
    await fail(use, 1, from('place-65'), UNBOUNDED);
    equal((await succeed(use, from('place-65'), UNBOUNDED)).failures, 64);
  });
}
