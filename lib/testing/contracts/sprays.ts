/** An address from which many names fail: reported once, and again only after it faded. */
import { deepEqual, equal } from 'node:assert/strict';
import type { SettleReply } from '../../policy/replies.js';
import type { Policy, Verdict } from '../../policy/state.js';
import { DAY, from, HOUR, ip, ORDER } from '../examples.js';
import type { StoreUnderTest } from '../store-under-test.js';
import type { Contract } from '../suite.js';
import { NOWHERE, UNBOUNDED } from './same-place/sources.js';

const address = ip('203.0.113.9');
const rules: Policy = { ...UNBOUNDED, sprayNames: 4 };

export function spraysContract(contract: Contract): void {
  contract.test('reports a spray with the failure of the name that makes it one, and not again', async (use) => {
    deepEqual(await sprayedBy(use, 'a', 'b', 'c', 'd', 'e', 'a', 'f'), [
      false,
      false,
      false,
      true,
      false,
      false,
      false,
    ]);
  });

  contract.test('counts names, not failures, spellings, or names that are unknown', async (use) => {
    for (let time = 0; time < 5; time += 1) {
      for (const marks of [from('a', 'a'), from('a', `A${time}`), from('b', 'b'), from('c', 'c'), NOWHERE]) {
        equal((await use.guess(address, 'failure', rules, marks)).isSpray, false);
      }
    }
    equal((await attempt(use, 'd')).isSpray, true);
  });

  contract.test('reports no spray with a success or a release', async (use) => {
    await sprayedBy(use, 'a', 'b', 'c');
    for (const verdict of ['success', 'release'] as const) equal((await attempt(use, 'd', verdict)).isSpray, false);
    equal((await attempt(use, 'd')).isSpray, true);
  });

  contract.test('reports a spray only to a policy that looks for it', async (use) => {
    for (let name = 1; name <= 10; name += 1) {
      equal((await use.guess(address, 'failure', UNBOUNDED, from(`name-${name}`))).isSpray, false);
    }
    equal((await attempt(use, 'a')).isSpray, true);
  });

  for (const [sprayNames, half] of [
    [4, 2],
    [5, 3],
  ] as const) {
    contract.test(`is silent about ${sprayNames} names until fewer than ${half} were left`, async (use) => {
      const names = ['a', 'b', 'c', 'd', 'e'].slice(0, sprayNames);
      const policy = { ...rules, sprayNames };
      for (const name of names) await attempt(use, name, 'failure', policy);
      for (const name of names.slice(half)) await attempt(use, name, 'success', policy);
      for (const name of names.slice(half)) equal((await attempt(use, name, 'failure', policy)).isSpray, false);
      for (const name of names.slice(half - 1)) await attempt(use, name, 'success', policy);
      const told = [];
      for (const name of names.slice(half - 1)) told.push((await attempt(use, name, 'failure', policy)).isSpray);
      deepEqual(told, [...Array(sprayNames - half).fill(false), true]);
    });
  }

  for (const [what, free] of [
    ['reset', ({ store }) => store.reset(address.key)],
    ['erased', ({ store }) => store.erase(address.key)],
    ['forgiven everything', (use) => attempt(use, 'a', 'success', { ...rules, resetOnSuccess: 'all' })],
  ] as readonly (readonly [string, (use: StoreUnderTest) => unknown])[]) {
    contract.test(`reports a spray again after an address was ${what}`, async (use) => {
      await sprayedBy(use, 'a', 'b', 'c', 'd');
      await free(use);
      deepEqual(await sprayedBy(use, 'a', 'b', 'c', 'd'), [false, false, false, true]);
    });
  }

  contract.timed('reports a spray again after the failures were forgotten', async (use) => {
    await sprayedBy(use, 'a', 'b', 'c', 'd');
    use.wait(DAY - 1);
    equal((await attempt(use, 'e')).isSpray, false);
    use.wait(DAY);
    deepEqual(await sprayedBy(use, 'a', 'b', 'c', 'd'), [false, false, false, true]);
  });

  contract.timed('is silent about a spray that goes on after a lock', async (use) => {
    const policy = { ...rules, tiers: [{ failures: 5, cooloffMs: HOUR }] };
    for (const name of ['a', 'b', 'c', 'd', 'e']) await attempt(use, name, 'failure', policy);
    use.wait(HOUR);
    equal((await attempt(use, 'f', 'failure', policy)).isSpray, false);
  });

  contract.test('reports a spray and a lock with the same failure', async (use) => {
    const policy = { ...rules, tiers: [{ failures: 4, cooloffMs: HOUR }] };
    for (const name of ['a', 'b', 'c']) await attempt(use, name, 'failure', policy);
    const { didLock, isSpray } = await attempt(use, 'd', 'failure', policy);
    deepEqual([didLock, isSpray], [true, true]);
  });

  contract.test('reports a spray of which names failed under a lock with the first failure after it', async (use) => {
    const names = ['a', 'b', 'c', 'd'];
    const leases = [];
    for (const name of names) leases.push({ name, lease: await use.take(address, rules) });
    await use.store.block(address, ORDER);
    for (const { name, lease } of leases) {
      equal((await use.store.settle(address, rules, lease, 'failure', from(name, name))).isSpray, false);
    }
    await use.store.block(address, { ...ORDER, forMs: 0 });
    equal((await attempt(use, 'a')).isSpray, true);
  });

  contract.test('reports no spray with a repeat', async (use) => {
    await sprayedBy(use, 'a', 'b', 'c');
    const repeat = await use.guess(address, 'failure', rules, { ...from('d', 'd'), isRepeat: true });
    deepEqual([repeat.isRepeat, repeat.isSpray], [true, false]);
    equal((await attempt(use, 'd')).isSpray, true);
  });

  contract.test('reports a spray once, however many names fail at the same time', async (use) => {
    const names = Array.from({ length: 8 }, (_, index) => `name-${index}`);
    const replies = await Promise.all(names.map((name) => attempt(use, name)));
    equal(replies.filter(({ isSpray }) => isSpray).length, 1);
  });
}

function attempt(
  use: StoreUnderTest,
  name: string,
  verdict: Verdict = 'failure',
  policy: Policy = rules,
): Promise<SettleReply> {
  return use.guess(address, verdict, policy, from(name, name));
}

/** Fails with each name, and returns which failures were reported as a spray. */
async function sprayedBy(use: StoreUnderTest, ...names: readonly string[]): Promise<boolean[]> {
  const told: boolean[] = [];
  for (const name of names) told.push((await attempt(use, name)).isSpray);
  return told;
}
