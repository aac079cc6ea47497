/** Plays random histories on a store and on the policy, and compares every answer and every record. */
import { deepEqual } from 'node:assert/strict';
import fc from 'fast-check';
import type { Lease, Policy } from '../../policy/state.js';
import type { LockoutStore } from '../../stores/store.js';
import { KeyMaker, type Subject } from '../../subject/key.js';
import { EVERYTHING } from '../examples.js';
import type { TestClock } from '../test-clock.js';
import { type History, history, type Step, type Who } from './histories.js';
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

class Game {
  readonly #store: LockoutStore;
  readonly #clock: TestClock;
  readonly #history: History;
  readonly #subjects: readonly Subject[];
  readonly #model: PolicyModel;
  /** Every lease ever granted, settled or not. */
  readonly #granted: { readonly lease: Lease; readonly who: Who }[] = [];

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
    const subject = this.#subjects[step.who] as Subject;
    if (step.do === 'reserve') {
      const id = step.id === null ? null : `$lease-${step.id}`;
      const reply = await this.#store.reserve(subject, this.#policyOf(step.who), id);
      deepEqual(reply, model.reserve(subject, this.#policyOf(step.who), id), what);
      if (reply.outcome === 'taken') this.#granted.push({ lease: reply.lease, who: step.who });
      return [subject];
    }
    if (step.do === 'block') {
      const { forMs, forgetAfterMs, by } = step;
      const details = { forMs, forgetAfterMs, reason: by && `$reason of ${by}`, by };
      deepEqual(await this.#store.block(subject, details), model.block(subject, details), what);
      return [subject];
    }
    if (step.do === 'reset') {
      deepEqual(await this.#store.reset(subject.key), model.reset(subject), what);
      return [subject];
    }
    const erased = await this.#store.erase(subject.key);
    // A store may still hold an expired record; erase then returns it.
    const stored = model.stored(subject);
    if (model.reset(subject) || erased) deepEqual(erased, stored, what);
    return [subject];
  }

  async #settle(
    who: Who,
    lease: Lease,
    { verdict, marks }: Extract<Step, { verdict: unknown }>,
    what: string,
  ): Promise<readonly Subject[]> {
    const subject = this.#subjects[who] as Subject;
    const reply = await this.#store.settle(subject, this.#policyOf(who), lease, verdict, marks);
    deepEqual(reply, this.#model.settle(subject, this.#policyOf(who), lease, verdict, marks), what);
    return [subject];
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
    for (const lockedOnly of [false, true]) {
      const listed = await this.#store.list({ ...EVERYTHING, dimension, lockedOnly });
      deepEqual([...listed], this.#model.list(dimension, lockedOnly), `the list, lockedOnly ${lockedOnly}`);
    }
  }

  #policyOf(who: Who): Policy {
    return this.#history.policies[who] as Policy;
  }
}
