/** All subjects of an attempt in one step, on a store that has `reserveAll` and `settleAll`. */
import { deepEqual, equal } from 'node:assert/strict';
import type { ReserveReply, SettleReply } from '../../policy/replies.js';
import type { SlotRequest, SlotVerdict } from '../../stores/store.js';
import type { Subject } from '../../subject/key.js';
import { HOME, ip, limitOf, ORDER, POLICY, pair, policyWith, SECOND, username } from '../examples.js';
import { withFreeSlots } from '../free-slots.js';
import type { StoreUnderTest } from '../store-under-test.js';
import type { Contract } from '../suite.js';

const alice = username('alice');
const office = ip('203.0.113.9');
const both = pair('203.0.113.9', 'alice');
/** More at once than there are slots. */
const ATTEMPTS = 20;

export function severalContract(contract: Contract): void {
  contract.test('takes a slot of each subject by its own rules, and answers in the order asked', async (use) => {
    await use.fail(office, 2);
    const replies = await reserveAll(use, [of(office, 'i'), of(alice, 'n', limitOf(9)), of(both, 'b')]);
    deepEqual(replies.map(told), ['i, the last', 'n', 'b']);
    for (const subject of [office, alice, both]) await use.expectRecord(subject, { verifying: 1 });
  });

  contract.timed('grants each lease for the time of its policy', async (use) => {
    const short = policyWith({ leaseTimeoutMs: SECOND });
    const replies = await reserveAll(use, [of(alice, 'n', short), of(office, 'i')]);
    const expected: ReserveReply[] = [
      { outcome: 'taken', lease: { id: 'n', until: use.now + SECOND }, freeSlots: 2, devicesSince: 0 },
      { outcome: 'taken', lease: { id: 'i', until: use.now + POLICY.leaseTimeoutMs }, freeSlots: 2, devicesSince: 0 },
    ];
    deepEqual(withFreeSlots(replies, expected), expected);
  });

  contract.test('takes none where one is busy, wherever it stands', async (use) => {
    for (let slot = 0; slot < 3; slot += 1) await use.take(office);
    for (const order of [
      [alice, office, both],
      [office, alice, both],
      [alice, both, office],
    ]) {
      const replies = await reserveAll(use, order.map(asked));
      deepEqual(
        replies,
        order.map((subject) => ({ outcome: subject === office ? 'busy' : 'free' })),
      );
    }
    for (const subject of [alice, both]) await use.expectRecord(subject, null);
    await use.expectRecord(office, { verifying: 3 });
  });

  contract.test('takes none where one is locked, and tells the lock', async (use) => {
    await use.store.block(office, ORDER);
    const [first, second] = await reserveAll(use, [asked(alice), asked(office)]);
    deepEqual(first, { outcome: 'free' });
    equal(second?.outcome === 'locked' && second.lock.cause, 'operator');
    await use.expectRecord(alice, null);
    await use.expectRecord(office, { verifying: 0 });
  });

  contract.test('takes as many at once as there are slots, in whatever order the subjects stand', async (use) => {
    const attempts = await Promise.all(
      Array.from({ length: ATTEMPTS }, (_, attempt) => {
        const requests = [of(alice, `n${attempt}`), of(office, `i${attempt}`), of(both, `b${attempt}`)];
        return reserveAll(use, attempt % 2 === 0 ? requests : requests.toReversed());
      }),
    );
    const taken = attempts.map((replies) => replies.filter(({ outcome }) => outcome === 'taken').length);
    equal(taken.filter((count) => count === 3).length, 3);
    equal(taken.filter((count) => count === 0).length, ATTEMPTS - 3);
    for (const subject of [alice, office, both]) await use.expectRecord(subject, { verifying: 3 });
  });

  contract.test('answers the same leases to the same ids, and takes no further slot', async (use) => {
    const first = await reserveAll(use, [asked(alice), asked(office)]);
    const again = await reserveAll(use, [asked(alice), asked(office)]);
    deepEqual(withFreeSlots(first, again), again);
    for (const subject of [alice, office]) await use.expectRecord(subject, { verifying: 1 });
  });

  contract.test('still knows a lease that it granted before, where another subject is refused', async (use) => {
    const { lease } = (await use.store.reserve(alice, POLICY, 'n')) as { lease: unknown };
    await use.store.block(office, ORDER);
    const [first] = await reserveAll(use, [of(alice, 'n'), asked(office)]);
    deepEqual(first, { outcome: 'taken', lease, freeSlots: 2, devicesSince: 0 });
    await use.expectRecord(alice, { verifying: 1 });
  });

  contract.test('only looks at a subject without an id, and takes the others whatever it sees', async (use) => {
    await use.store.block(office, ORDER);
    const replies = await reserveAll(use, [of(office, null), asked(alice), of(both, null)]);
    deepEqual(replies.map(told), ['locked by operator', 'username=alice', 'free']);
    await use.expectRecord(alice, { verifying: 1 });
    await use.expectRecord(office, { verifying: 0 });
    await use.expectRecord(both, null);
  });

  contract.test('gives each slot back with its verdict, and answers in the order told', async (use) => {
    await use.fail(office, 2);
    const verdicts = await held(use, { [office.key]: 'failure', [alice.key]: 'failure', [both.key]: 'release' });
    const replies = await settleAll(use, verdicts);
    deepEqual(replies.map(counted), ['3 locked', '1', '0']);
    equal(replies[0]?.lock?.tier, 0);
    await use.expectRecord(alice, { failures: 1, verifying: 0 });
    await use.expectRecord(both, null);
  });

  contract.test('takes back by a success what came from its place, at each subject', async (use) => {
    await use.fail(alice, 2);
    await use.fail(office, 1);
    const replies = await settleAll(use, await held(use, { [alice.key]: 'success', [office.key]: 'success' }));
    deepEqual(replies.map(counted), ['0', '0']);
  });

  contract.test('counts once what it is told twice, and answers the same', async (use) => {
    await use.fail(office, 2);
    const verdicts = await held(use, { [alice.key]: 'failure', [office.key]: 'failure' });
    const first = await settleAll(use, verdicts);
    const second = await settleAll(use, verdicts);
    deepEqual(second.map(counted), first.map(counted));
    deepEqual(
      second.map(({ didLock }) => didLock),
      [false, true],
    );
    await use.expectRecord(alice, { failures: 1, verifying: 0 });
  });

  contract.test('counts no failure that follows a repeated guess, and each that follows a new one', async (use) => {
    const tell = async (guess: string) => {
      const [name, address] = await held(use, { [alice.key]: 'failure', [office.key]: 'failure' });
      // The address first: which is settled first does not hang on where it stands.
      const replies = await settleAll(use, [
        { ...(address as SlotVerdict), marks: { ...HOME, followsGuess: true } },
        { ...(name as SlotVerdict), marks: { ...HOME, guess } },
      ]);
      return replies.map(({ failures, isRepeat }) => (isRepeat ? `${failures} repeat` : `${failures}`));
    };
    deepEqual(await tell('a'), ['1', '1']);
    deepEqual(await tell('a'), ['1 repeat', '1 repeat']);
    deepEqual(await tell('b'), ['2', '2']);
    deepEqual(await tell('a'), ['2 repeat', '2 repeat']);
  });

  contract.timed('counts after its lease what cannot have been settled before, and nothing else twice', async (use) => {
    const verdicts = await held(use, { [alice.key]: 'failure', [office.key]: 'failure' });
    await settleAll(use, verdicts);
    use.wait(POLICY.leaseTimeoutMs);
    const [name, address] = verdicts as readonly [SlotVerdict, SlotVerdict];
    const replies = await settleAll(use, [{ ...name, marks: { ...HOME, mayBeSettled: true } }, address]);
    deepEqual(replies.map(counted), ['1', '2']);
    await use.expectRecord(alice, { failures: 1 });
  });

  contract.test('has nothing to answer where it is asked for nothing', async (use) => {
    deepEqual(await reserveAll(use, []), []);
    deepEqual(await settleAll(use, []), []);
  });
}

function of(subject: Subject, leaseId: string | null, policy = POLICY): SlotRequest {
  return { subject, policy, leaseId };
}

function asked(subject: Subject): SlotRequest {
  return of(subject, subject.key);
}

/** Slots taken one by one, with the verdict on each. */
async function held(
  use: StoreUnderTest,
  verdicts: Readonly<Record<string, SlotVerdict['verdict']>>,
): Promise<readonly SlotVerdict[]> {
  const subjects = [alice, office, both].filter(({ key }) => key in verdicts);
  const taken = await Promise.all(subjects.map((subject) => use.take(subject)));
  return Object.entries(verdicts).map(([key, verdict]) => {
    const at = subjects.findIndex((subject) => subject.key === key);
    return { subject: subjects[at], policy: POLICY, lease: taken[at], verdict, marks: HOME } as SlotVerdict;
  });
}

function told(reply: ReserveReply): string {
  if (reply.outcome === 'taken') return reply.freeSlots > 0 ? reply.lease.id : `${reply.lease.id}, the last`;
  return reply.outcome === 'locked' ? `locked by ${reply.lock.cause}` : reply.outcome;
}

function counted({ failures, lock }: SettleReply): string {
  return lock ? `${failures} locked` : `${failures}`;
}

async function reserveAll(
  { store }: StoreUnderTest,
  requests: readonly SlotRequest[],
): Promise<readonly ReserveReply[]> {
  if (store.reserveAll) return store.reserveAll(requests);
  throw missing('reserveAll');
}

async function settleAll({ store }: StoreUnderTest, verdicts: readonly SlotVerdict[]): Promise<readonly SettleReply[]> {
  if (store.settleAll) return store.settleAll(verdicts);
  throw missing('settleAll');
}

function missing(name: string): Error {
  return new Error(`the store has no \`${name}\`; tell storeContract so with \`several: false\``);
}
