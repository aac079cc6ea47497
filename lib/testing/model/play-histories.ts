/** Plays random histories on a store and on the policy, and compares every answer and every record. */
import { deepEqual } from 'node:assert/strict';
import fc from 'fast-check';
import type { Restoration } from '../../policy/manage.js';
import type { Lease, Marks, Policy, Verdict } from '../../policy/state.js';
import type { LockoutStore, SlotVerdict } from '../../stores/store.js';
import { KeyMaker, type Subject } from '../../subject/key.js';
import { withFreeSlots } from '../free-slots.js';
import { StoreUnderTest } from '../store-under-test.js';
import type { TestClock } from '../test-clock.js';
import { history } from './histories.js';
import type { History, Step, Who } from './history.js';
import { reserveOneByOne, settleOneByOne } from './one-by-one.js';
import { PolicyModel } from './policy-model.js';

/** @throws the shortest history found in which the store's reply differs from the policy's, with its seed */
export async function playHistories(
  store: LockoutStore,
  clock: TestClock,
  histories: number,
  seed: number,
): Promise<void> {
  let games = 0;
  const isAsThePolicySays = fc.asyncProperty(history, (played) => new Game(store, clock, played, ++games).play());
  await fc.assert(isAsThePolicySays, { numRuns: histories, seed, includeErrorInReport: true });
}

const keys = new KeyMaker();

/** Two names, their address and a pair; in dimensions of this game alone, because the store is shared. */
function subjectsOf(game: number): readonly Subject[] {
  const [alice, bob, address] = [`alice-${game}`, `bob-${game}`, `10.0.0.${game}`];
  return [
    keys.toSubject(`username-${game}`, { username: alice }),
    keys.toSubject(`username-${game}`, { username: bob }),
    keys.toSubject(`ip-${game}`, { ip: address }),
    keys.toSubject(`ip+username-${game}`, { ip: address, username: alice }),
  ];
}

/** Which records, and in which order. */
const LISTS = [
  [false, 'key'],
  [true, 'key'],
  [true, 'lockedUntil'],
] as const;

class Game {
  readonly #store: LockoutStore;
  readonly #clock: TestClock;
  readonly #history: History;
  readonly #subjects: readonly Subject[];
  readonly #model: PolicyModel;
  /** Every lease ever granted, settled or not. */
  readonly #granted: { readonly lease: Lease; readonly who: Who }[] = [];
  /** Those of them that were settled together. */
  readonly #settled = new Set<Lease>();
  /** The key of a subject and the id of a lease that a failure has ended: what else is said of a lease after its end may leave it. */
  readonly #ended = new Set<string>();

  constructor(store: LockoutStore, clock: TestClock, played: History, game: number) {
    this.#store = store;
    this.#clock = clock;
    this.#history = played;
    this.#subjects = subjectsOf(game);
    this.#model = new PolicyModel(this.#subjects, clock);
  }

  async play(): Promise<void> {
    for (const [index, step] of this.#history.steps.entries()) {
      this.#clock.advance({ milliseconds: step.afterMs });
      const touched = await this.#take(step, `step ${index + 1}, ${step.do}`);
      await this.#compareRecords(touched, `the record after step ${index + 1}, ${step.do}`);
    }
    await this.#compareRecords(this.#subjects, 'the record at the end');
    await this.#compareLists();
  }

  /** Takes one step, and returns the subjects that it touched. */
  async #take(step: Step, what: string): Promise<readonly Subject[]> {
    const model = this.#model;
    if (step.do === 'resetLockedBy') {
      const granted = this.#granted.at(-1 - (step.lease % Math.max(1, this.#granted.length)));
      if (!granted) return [];
      const subject = this.#subjects[granted.who] as Subject;
      deepEqual(
        await this.#store.resetLockedBy(subject.key, granted.lease.id),
        model.resetLockedBy(subject, granted.lease.id),
        what,
      );
      return [subject];
    }
    if (step.do === 'settle') {
      const granted = this.#granted.at(-1 - (step.lease % Math.max(1, this.#granted.length)));
      if (!granted) return [];
      return this.#settle(granted.who, granted.lease, step, what);
    }
    if (step.do === 'settle unknown') {
      const lease = { id: 'nobody granted this', until: this.#clock() + step.leftMs };
      return this.#settle(step.who, lease, step, what);
    }
    if (step.do === 'reserve all') return this.#reserveAll(step, what);
    if (step.do === 'settle all') return this.#settleAll(step, what);
    const subject = this.#subjects[step.who] as Subject;
    if (step.do === 'reserve') {
      const id = step.id === null ? null : `$lease-${step.id}`;
      const policy = this.#policyOf(step);
      const reply = await this.#store.reserve(subject, policy, id);
      deepEqual(reply, model.reserve(subject, policy, id), what);
      if (reply.outcome === 'taken') this.#grant(reply.lease, step.who);
      return [subject];
    }
    if (step.do === 'block') {
      const { forMs, forgetAfterMs, by } = step;
      const details = { forMs, forgetAfterMs, reason: by && `$reason of ${by}`, by };
      deepEqual(await this.#store.block(subject, details), model.block(subject, details), what);
      return [subject];
    }
    if (step.do === 'restore') {
      const lifted = liftedBy(step, this.#clock());
      // Left out on a store that cannot.
      const restored = this.#store.restore && (await this.#store.restore(subject, lifted));
      if (restored !== undefined) deepEqual(restored, model.restore(subject, lifted), what);
      return [subject];
    }
    if (step.do === 'reset') {
      deepEqual(await this.#store.reset(subject.key), model.reset(subject), what);
      return [subject];
    }
    if (step.do === 'revokeDevices') {
      deepEqual(await this.#store.revokeDevices(subject, step), model.revokeDevices(subject, step), what);
      return [subject];
    }
    const erased = await this.#store.erase(subject.key);
    // A store may still hold an expired record; erase then returns it.
    const stored = model.stored(subject);
    if (model.erase(subject) || erased) deepEqual(erased, stored, what);
    return [subject];
  }

  async #settle(
    who: Who,
    lease: Lease,
    { verdict, marks, rowOnly }: Extract<Step, { verdict: unknown }>,
    what: string,
  ): Promise<readonly Subject[]> {
    const subject = this.#subjects[who] as Subject;
    const policy = this.#policyOf({ who, rowOnly });
    const own = this.#marksOf(subject, lease, verdict, marks);
    const reply = await this.#store.settle(subject, policy, lease, verdict, own);
    deepEqual(reply, this.#model.settle(subject, policy, lease, verdict, own), what);
    if (verdict === 'failure') this.#ended.add(nameOf(subject, lease));
    return [subject];
  }

  /** One by one on a store that has nothing for several. */
  async #reserveAll(
    { whose, ids, rowOnly }: Extract<Step, { do: 'reserve all' }>,
    what: string,
  ): Promise<readonly Subject[]> {
    const requests = whose.map((who, index) => {
      const id = ids[index] ?? null;
      const leaseId = id === null ? null : `$lease-${id}`;
      return { subject: this.#subjects[who] as Subject, policy: this.#policyOf({ who, rowOnly }), leaseId };
    });
    const store = this.#store;
    const replies = store.reserveAll ? await store.reserveAll(requests) : await reserveOneByOne(store, requests);
    const oneByOne = () =>
      requests.map(({ subject, policy, leaseId }) => this.#model.reserve(subject, policy, leaseId));
    const expected = store.reserveAll ? this.#model.reserveAll(requests) : oneByOne();
    deepEqual(store.reserveAll ? withFreeSlots(replies, expected) : [...replies], expected, what);
    for (const [index, reply] of replies.entries()) {
      if (reply.outcome === 'taken') this.#grant(reply.lease, whose[index] as Who);
    }
    return requests.map(({ subject }) => subject);
  }

  /** Of one lease of each subject. */
  async #settleAll(
    { count, age, again, verdict, marks, follows, rowOnly }: Extract<Step, { do: 'settle all' }>,
    what: string,
  ): Promise<readonly Subject[]> {
    const granted = new Map<Who, readonly Lease[]>();
    for (const { who, lease } of this.#granted) {
      if (again || !this.#settled.has(lease)) granted.set(who, [lease, ...(granted.get(who) ?? [])]);
    }
    const verdicts = [...granted].slice(0, count).map(([who, leases], index): SlotVerdict => {
      const subject = this.#subjects[who] as Subject;
      const lease = leases[Math.min(age, leases.length - 1)] as Lease;
      const own = follows && index > 0 ? following(marks) : marks;
      const policy = this.#policyOf({ who, rowOnly });
      return { subject, policy, lease, verdict, marks: this.#marksOf(subject, lease, verdict, own) };
    });
    for (const { subject, lease } of verdicts) {
      this.#settled.add(lease);
      if (verdict === 'failure') this.#ended.add(nameOf(subject, lease));
    }
    const store = this.#store;
    const replies = store.settleAll ? await store.settleAll(verdicts) : await settleOneByOne(store, verdicts);
    const expected = this.#model.settleAll(verdicts);
    deepEqual(store.settleAll ? withFreeSlots(replies, expected) : [...replies], expected, what);
    return verdicts.map(({ subject }) => subject);
  }

  #grant(lease: Lease, who: Who): void {
    this.#granted.push({ lease, who });
    this.#ended.delete(nameOf(this.#subjects[who] as Subject, lease));
  }

  /**
   * Only failures may have been settled before. Of one that comes late for the first time, stores may know that it does: by its lease,
   * if no step has dropped it.
   */
  #marksOf(subject: Subject, lease: Lease, verdict: Verdict, { mayBeSettled, ...others }: Marks): Marks {
    const isClear = lease.until > this.#clock() || this.#ended.has(nameOf(subject, lease));
    return verdict === 'failure' && isClear ? { ...others, mayBeSettled } : others;
  }

  async #compareRecords(subjects: readonly Subject[], what: string): Promise<void> {
    const records = await Promise.all(subjects.map(({ key }) => this.#store.read(key)));
    deepEqual(
      records,
      subjects.map((subject) => this.#model.read(subject)),
      what,
    );
  }

  async #compareLists(): Promise<void> {
    const { dimension } = this.#subjects[0] as Subject;
    const use = new StoreUnderTest(this.#store);
    for (const [lockedOnly, order] of LISTS) {
      const listed = await use.records({ dimension, lockedOnly, order, limit: 1 });
      const what = `the list by ${order}, lockedOnly ${lockedOnly}`;
      deepEqual([...listed], this.#model.list(dimension, lockedOnly, order), what);
    }
  }

  #policyOf({ who, rowOnly }: { readonly who: Who; readonly rowOnly: boolean }): Policy {
    return { ...(this.#history.policies[who] as Policy), rowOnly };
  }
}

const nameOf = ({ key }: Subject, { id }: Lease) => `${key} ${id}`;

/** Of what decides by its guess, and of what follows, one may be certain not to have been settled before. */
function following({ source, mayBeSettled }: Marks): Marks {
  return { source, followsGuess: true, mayBeSettled: !mayBeSettled };
}

function liftedBy(step: Extract<Step, { do: 'restore' }>, now: number): Restoration {
  const { failures, leftMs, forgetAfterMs, by } = step;
  const lockedUntil = now + leftMs;
  const date = failures > 0 ? now - 1_000 : null;
  return {
    failures,
    lockedUntil,
    forgetAt: lockedUntil + forgetAfterMs,
    firstFailureAt: date,
    lastFailureAt: date,
    cause: by === null ? 'tier' : 'operator',
    tier: by === null ? 1 : null,
    limit: by === null ? 3 : null,
    reason: by && `$reason of ${by}`,
    by,
    lockedBy: by === null ? '$lease' : null,
  };
}
