import { equal } from 'node:assert/strict';
import { ENTRY, EVERYTHING, HOUR, ORDER, POLICY, REMOVAL, username } from '../examples.js';
import type { Contract } from '../suite.js';

const alice = username('alice');

export function portContract(contract: Contract): void {
  contract.test('may be closed twice', async ({ store }) => {
    await store.reserve(alice, POLICY, 'a');
    await store.close();
    await store.close();
  });

  contract.test('may be closed before it was used', async ({ store }) => {
    await store.close();
  });

  contract.test('answers in the same turn if isLocal is true', async ({ store }) => {
    if (!store.isLocal) return;
    const lease = { id: 'a', until: 0 };
    const answers = {
      reserve: store.reserve(alice, POLICY, 'a'),
      settle: store.settle(alice, POLICY, lease, 'failure'),
      reserveAll: store.reserveAll?.([{ subject: alice, policy: POLICY, leaseId: 'b' }]),
      settleAll: store.settleAll?.([{ subject: alice, policy: POLICY, lease, verdict: 'release' }]),
      read: store.read(alice.key),
      list: store.list(EVERYTHING),
      block: store.block(alice, ORDER),
      reset: store.reset(alice.key),
      erase: store.erase(alice.key),
      cleanup: store.cleanup(alice.key),
      revokeDevices: store.revokeDevices(alice, { forMs: HOUR }),
      resetLockedBy: store.resetLockedBy(alice.key, 'a'),
      remove: store.attemptLog?.remove({ ...REMOVAL, limit: 1 }),
      append: store.attemptLog?.append([{ entry: ENTRY, ageMs: 0 }], HOUR),
    };
    for (const [method, answer] of Object.entries(answers)) {
      equal(typeof (answer as { then?: unknown } | null | undefined)?.then, 'undefined', method);
    }
  });

  contract.timed('exposes the clock it was given, for the lock cache', async (use) => {
    equal(use.store.clock?.(), use.now);
    use.wait(HOUR);
    equal(use.store.clock?.(), use.now);
  });
}
