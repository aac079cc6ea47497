import { deepEqual, equal } from 'node:assert/strict';
import { DAY, FOREVER, HOUR, ORDER, POLICY, pair, SECOND, TRICKY_TEXTS, username } from '../examples.js';
import { lockReport } from '../replies.js';
import type { Contract } from '../suite.js';

const alice = username('alice');
const bob = username('bob');

export function operatorContract(contract: Contract): void {
  contract.test('reads null for an unknown subject', async ({ store }) => {
    equal(await store.read(alice.key), null);
    equal(await store.reset(alice.key), null);
  });

  contract.timed('reads everything about a known subject', async (use) => {
    const firstFailureAt = use.now;
    const subject = pair('2001:db8::/64', 'alice');
    await use.guess(subject);
    use.wait(SECOND);
    await use.guess(subject);
    await use.take(subject);
    deepEqual(await use.store.read(subject.key), {
      key: subject.key,
      dimension: 'ip+username',
      parts: { ip: '2001:db8::/64', username: 'alice' },
      failures: 2,
      places: 1,
      takenBack: 0,
      consecutiveFailures: 0,
      verifying: 1,
      lock: null,
      by: null,
      lockedBy: null,
      devicesSince: 0,
      firstFailureAt,
      lastFailureAt: firstFailureAt + SECOND,
    });
  });

  contract.test('keeps the stored parts of a subject, never the clear ones', async (use) => {
    const hidden = { ...alice, storedParts: { username: '%hmac:abc' }, key: 'username=%hmac:abc' };
    await use.guess(hidden);
    await use.expectRecord(hidden, { key: hidden.key, parts: { username: '%hmac:abc' } });
    deepEqual((await use.store.block(hidden, ORDER)).record.parts, { username: '%hmac:abc' });
  });

  contract.timed('blocks an unknown subject, with reason and actor', async ({ store, now }) => {
    const { record, wasLocked } = await store.block(alice, ORDER);
    equal(wasLocked, false);
    deepEqual(record, {
      key: alice.key,
      dimension: 'username',
      parts: { username: 'alice' },
      failures: 0,
      places: 0,
      takenBack: 0,
      consecutiveFailures: 0,
      verifying: 0,
      lock: lockReport({
        failures: 0,
        places: 0,
        cause: 'operator',
        limit: null,
        remainingMs: HOUR,
        lockedUntil: now + HOUR,
        reason: ORDER.reason,
      }),
      by: ORDER.by,
      lockedBy: null,
      devicesSince: 0,
      firstFailureAt: null,
      lastFailureAt: null,
    });
    deepEqual(await store.read(alice.key), record);
  });

  contract.test('blocks until reset, without a reason or an actor', async (use) => {
    await use.guess(alice);
    const { record } = await use.store.block(alice, { ...ORDER, forMs: FOREVER, reason: null, by: null });
    const lock = lockReport({ failures: 1, cause: 'operator', limit: null });
    deepEqual({ lock: record.lock, by: record.by, failures: record.failures }, { lock, by: null, failures: 1 });
    deepEqual(await use.lockOf(alice), lock);
  });

  contract.timed('shortens or prolongs a lock, and reports that there was one', async (use) => {
    await use.store.block(alice, { ...ORDER, forMs: FOREVER });
    equal((await use.store.block(alice, { ...ORDER, reason: 'second' })).wasLocked, true);
    deepEqual([(await use.lockOf(alice))?.remainingMs, (await use.lockOf(alice))?.reason], [HOUR, 'second']);
    await use.store.block(alice, { ...ORDER, forMs: DAY });
    equal((await use.lockOf(alice))?.remainingMs, DAY);
  });

  contract.test('replaces the lock of a tier, which then no longer belongs to its lease', async (use) => {
    const lease = await use.take(alice);
    await use.fail(alice, 2);
    equal((await use.store.settle(alice, POLICY, lease, 'failure')).didLock, true);
    equal((await use.store.block(alice, ORDER)).wasLocked, true);
    await use.expectRecord(alice, { failures: 3, by: ORDER.by });
    equal((await use.lockOf(alice))?.cause, 'operator');
    equal((await use.store.settle(alice, POLICY, lease, 'failure')).didLock, false);
  });

  contract.test('stores reasons and names of operators unchanged', async (use) => {
    for (const text of TRICKY_TEXTS) {
      await use.guess(alice);
      await use.store.block(alice, { ...ORDER, reason: text, by: text });
      const record = await use.store.read(alice.key);
      deepEqual([record?.by, record?.lock?.reason], [text, text]);
      await use.store.reset(alice.key);
    }
  });

  contract.test('resets a subject: lifts the lock, forgets the failures, and returns what there was', async (use) => {
    await use.guess(alice);
    await use.store.block(alice, ORDER);
    const before = await use.store.reset(alice.key);
    deepEqual(
      [before?.key, before?.failures, before?.by, before?.lock?.reason],
      [alice.key, 1, ORDER.by, ORDER.reason],
    );
    await use.expectRecord(alice, null);
    equal(await use.store.reset(alice.key), null);
    equal(await use.outcome(alice), 'taken');
  });

  contract.test('resets one subject and no other', async (use) => {
    await use.guess(alice);
    await use.guess(bob);
    await use.store.reset(alice.key);
    deepEqual(await use.keys(), [bob.key]);
  });

  contract.test('keeps the slots of attempts being verified when it resets', async (use) => {
    const lease = await use.take(alice);
    await use.guess(alice);
    await use.store.reset(alice.key);
    await use.expectRecord(alice, { failures: 0, verifying: 1, firstFailureAt: null, lastFailureAt: null });
    equal((await use.store.settle(alice, POLICY, lease, 'failure')).failures, 1);
  });

  contract.test('starts the ladder again after a reset', async (use) => {
    await use.fail(alice, 3);
    await use.store.reset(alice.key);
    await use.fail(alice, 2);
    equal((await use.guess(alice)).didLock, true);
  });
}
