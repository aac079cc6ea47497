/** Parallel calls, as one process makes them; a store that reads and then writes fails here. */
import { deepEqual, equal } from 'node:assert/strict';
import type { Lease } from '../../policy/state.js';
import type { LockoutStore } from '../../stores/store.js';
import type { Subject } from '../../subject/key.js';
import { limitOf, ORDER, POLICY, username } from '../examples.js';
import type { Contract } from '../suite.js';

const GUESSES = 40;
/** More rounds than an attacker needs to reach the lock. */
const MAX_ROUNDS = 200;
const alice = username('alice');
const subjects = ['alice', 'bob', 'carol', 'dave'].map(username);

export function parallelContract(contract: Contract): void {
  contract.test('grants exactly as many slots of a new subject as there are', async ({ store }) => {
    const granted = await Promise.all(subjects.map((subject) => reserveAll(store, subject)));
    deepEqual(
      granted.map(({ length }) => length),
      [3, 3, 3, 3],
    );
  });

  contract.test('grants exactly the remaining slots of a known subject', async (use) => {
    await use.guess(alice);
    equal((await reserveAll(use.store, alice)).length, 2);
    await use.expectRecord(alice, { failures: 1, verifying: 2 });
  });

  contract.test('takes one slot for an id, however often it is passed at once', async (use) => {
    const replies = await Promise.all(times(GUESSES, () => use.store.reserve(alice, POLICY, 'same')));
    deepEqual(new Set(replies.map(({ outcome }) => outcome)), new Set(['taken']));
    await use.expectRecord(alice, { verifying: 1 });
  });

  contract.test('counts every failure, and reports the tier for exactly one of them', async (use) => {
    const policy = limitOf(GUESSES);
    const leases = await Promise.all(times(GUESSES, (index) => use.take(alice, policy, `lease-${index}`)));
    const replies = await Promise.all(leases.map((lease) => use.store.settle(alice, policy, lease, 'failure')));
    await use.expectRecord(alice, { failures: GUESSES, verifying: 0 });
    deepEqual(
      replies.map(({ failures }) => failures).toSorted((a, b) => a - b),
      times(GUESSES, (index) => index + 1),
    );
    deepEqual(
      replies.filter(({ didLock }) => didLock).map(({ lock }) => lock?.tier),
      [0],
    );
  });

  contract.test('counts a verdict once, however often it is passed at once', async (use) => {
    const lease = await use.take(alice);
    await Promise.all(times(GUESSES, () => use.store.settle(alice, POLICY, lease, 'failure')));
    await use.expectRecord(alice, { failures: 1, verifying: 0 });
  });

  contract.test('gets every slot back', async (use) => {
    const policy = limitOf(GUESSES);
    const leases = await Promise.all(times(GUESSES, (index) => use.take(alice, policy, `lease-${index}`)));
    await Promise.all(leases.map((lease) => use.store.settle(alice, policy, lease, 'release')));
    await use.expectRecord(alice, null);
  });

  contract.test('lets no more guesses than the limit be verified while all are retried', async (use) => {
    let verified = 0;
    const attacker = async (index: number) => {
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        const reply = await use.store.reserve(alice, POLICY, `attacker-${index}-${round}`);
        if (reply.outcome === 'locked') return;
        if (reply.outcome === 'taken') {
          verified += 1;
          await use.store.settle(alice, POLICY, reply.lease, 'failure');
        }
        // Lets the others continue if the store answers in the same turn.
        await new Promise(setImmediate);
      }
    };
    await Promise.all(times(10, attacker));
    equal(verified, 3);
    await use.expectRecord(alice, { failures: 3, verifying: 0 });
  });

  contract.test('reports to exactly one of several blocks or resets that it was the first', async (use) => {
    const blocks = await Promise.all(times(10, () => use.store.block(alice, ORDER)));
    equal(blocks.filter(({ wasLocked }) => !wasLocked).length, 1);
    const before = await Promise.all(times(10, () => use.store.reset(alice.key)));
    equal(before.filter((record) => record !== null).length, 1);
  });
}

async function reserveAll(store: LockoutStore, subject: Subject): Promise<Lease[]> {
  const replies = await Promise.all(times(GUESSES, (index) => store.reserve(subject, POLICY, `parallel-${index}`)));
  return replies.flatMap((reply) => (reply.outcome === 'taken' ? [reply.lease] : []));
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
