import { deepEqual, equal } from 'node:assert/strict';
import type { Restoration } from '../../policy/manage.js';
import type { SubjectRecord } from '../../policy/replies.js';
import type { Subject } from '../../subject/key.js';
import { DAY, FOREVER, HOUR, MINUTE, ORDER, SECOND, TRICKY_TEXTS, username } from '../examples.js';
import type { StoreUnderTest } from '../store-under-test.js';
import type { Contract } from '../suite.js';

const alice = username('alice');

export function restoreContract(contract: Contract): void {
  contract.timed('sets a lock again that was lifted, with failures, cause and end', async (use) => {
    await use.fail(alice, 3);
    const before = (await use.store.reset(alice.key)) as SubjectRecord;
    use.wait(MINUTE);
    const restored = await restore(use, alice, toRestoration(before));
    // Where the failures came from is forgotten.
    const remainingMs = (before.lock?.remainingMs ?? 0) - MINUTE;
    deepEqual(restored, { ...before, places: 0, lock: { ...before.lock, places: 0, remainingMs } });
    deepEqual(await use.store.read(alice.key), restored);
    equal(await use.outcome(alice), 'locked');
    deepEqual(await use.keys({ lockedOnly: true }), [alice.key]);
  });

  contract.timed('sets a lock until reset again, and that of an operator', async (use) => {
    for (const text of TRICKY_TEXTS) {
      await use.store.block(alice, { ...ORDER, forMs: FOREVER, reason: text, by: text });
      const before = (await use.store.reset(alice.key)) as SubjectRecord;
      deepEqual(await restore(use, alice, toRestoration(before)), before);
      await use.store.reset(alice.key);
    }
  });

  contract.timed('changes nothing if the subject is locked anew', async (use) => {
    await use.fail(alice, 3);
    const before = (await use.store.reset(alice.key)) as SubjectRecord;
    await use.store.block(alice, ORDER);
    equal(await restore(use, alice, toRestoration(before)), null);
    equal((await use.lockOf(alice))?.cause, 'operator');
  });

  contract.timed('changes nothing once the lock would have ended', async (use) => {
    await use.fail(alice, 3);
    const before = (await use.store.reset(alice.key)) as SubjectRecord;
    use.wait(before.lock?.remainingMs ?? 0);
    equal(await restore(use, alice, toRestoration(before)), null);
    equal(await use.store.read(alice.key), null);
  });

  contract.timed('keeps failures since then if these are more, and slots in use', async (use) => {
    await use.fail(alice, 1);
    await use.store.block(alice, ORDER);
    const before = (await use.store.reset(alice.key)) as SubjectRecord;
    await use.fail(alice, 2);
    await use.take(alice);
    const restored = await restore(use, alice, toRestoration(before));
    deepEqual([restored?.failures, restored?.verifying, restored?.lastFailureAt], [2, 1, use.now]);
  });

  contract.timed('forgets the failures as the lock would have', async (use) => {
    await use.fail(alice, 3);
    const before = (await use.store.reset(alice.key)) as SubjectRecord;
    await restore(use, alice, toRestoration(before));
    use.wait((before.lock?.remainingMs ?? 0) + DAY - SECOND);
    await use.expectRecord(alice, { failures: 3, lock: null });
    use.wait(SECOND);
    equal(await use.store.read(alice.key), null);
  });

  contract.timed('sets it once, however many ask at the same time', async (use) => {
    await use.fail(alice, 3);
    const before = (await use.store.reset(alice.key)) as SubjectRecord;
    const answers = await Promise.all(Array.from({ length: 5 }, () => restore(use, alice, toRestoration(before))));
    equal(answers.filter((answer) => answer !== null).length, 1);
  });

  contract.timed('keeps the stored parts of a subject that is gone, never the clear ones', async (use) => {
    const hidden = { ...alice, storedParts: { username: '%hmac:abc' }, key: 'username=%hmac:abc' };
    const restoration = { ...NOTHING, lockedUntil: use.now + HOUR, forgetAt: use.now + DAY };
    deepEqual((await restore(use, hidden, restoration))?.parts, { username: '%hmac:abc' });
  });
}

const NOTHING = {
  failures: 0,
  cause: 'operator',
  tier: null,
  limit: null,
  reason: null,
  by: null,
  lockedBy: null,
  firstFailureAt: null,
  lastFailureAt: null,
} as const;

function toRestoration(before: SubjectRecord): Restoration {
  const { failures, lock, by, lockedBy, firstFailureAt, lastFailureAt } = before;
  const { lockedUntil = 0, cause = null, tier = null, limit = null, reason = null } = lock ?? {};
  const dates = { firstFailureAt, lastFailureAt, lockedUntil, forgetAt: lockedUntil + DAY };
  return { failures, ...dates, cause, tier, limit, reason, by, lockedBy };
}

async function restore(
  { store }: StoreUnderTest,
  subject: Subject,
  restoration: Restoration,
): Promise<SubjectRecord | null> {
  if (!store.restore) throw new Error('the store has no `restore`; pass `restore: false` to storeContract');
  return store.restore(subject, restoration);
}
