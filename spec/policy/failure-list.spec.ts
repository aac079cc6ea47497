/** Counts and dates against the simplest thing that could work: a list of all failures with where each came from. */
import { expect } from 'chai';
import fc from 'fast-check';
import { currentState, type Marks, type Policy, type Source, type Verdict } from '../../lib/policy/state.js';
import { HOUR, policyWith } from './examples.js';
import { Guessing } from './guessing.js';

const { FC_RUNS, FC_SEED } = process.env;
const RUNS = { numRuns: Number(FC_RUNS ?? 1_000), ...(FC_SEED !== undefined && { seed: Number(FC_SEED) }) };
const DAY = 24 * HOUR;

interface Failure {
  readonly source: Source | undefined;
  readonly at: number;
}

/** No lock comes between, so that the time to forget is plain. */
class FailureList {
  readonly #policy: Policy;
  #failures: readonly Failure[] = [];
  /** How many of a source's failures were taken back where the rest of them stays. */
  #taken = new Map<string, number>();
  #takings: { readonly at: number; readonly failures: number }[] = [];

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  pass(now: number): void {
    if (this.#failures.length > 0 && this.forgetAt <= now) this.#drop(() => true);
  }

  judge(verdict: Verdict, source: Source | undefined, now: number): void {
    if (verdict === 'failure') this.#failures = [...this.#failures, { source, at: now }];
    if (verdict === 'success' && source && this.#policy.resetOnSuccess) this.#takeBack(source, now);
  }

  get count(): number {
    return this.#failures.length - [...this.#taken.values()].reduce((sum, taken) => sum + taken, 0);
  }

  get firstAt(): number | null {
    return this.#failures[0]?.at ?? null;
  }

  get lastAt(): number | null {
    return this.#failures.at(-1)?.at ?? null;
  }

  get forgetAt(): number {
    const from = this.#policy.forgetFrom === 'first' ? this.firstAt : this.lastAt;
    return (from ?? 0) + this.#policy.forgetAfterMs;
  }

  #takeBack(source: Source, now: number): void {
    const name = nameOf(source);
    const own =
      this.#failures.filter((failure) => nameOf(failure.source) === name).length - (this.#taken.get(name) ?? 0);
    const withinADay = this.#takings
      .filter(({ at }) => at > now - DAY)
      .reduce((sum, { failures }) => sum + failures, 0);
    const failures = Math.min(own, this.#policy.maxTakenBack - withinADay);
    if (failures === 0) return;
    this.#takings.push({ at: now, failures });
    if (failures < own) this.#taken.set(name, (this.#taken.get(name) ?? 0) + failures);
    else this.#drop((failure) => nameOf(failure.source) === name);
  }

  #drop(isGone: (failure: Failure) => boolean): void {
    for (const failure of this.#failures) if (isGone(failure)) this.#taken.delete(nameOf(failure.source));
    this.#failures = this.#failures.filter((failure) => !isGone(failure));
  }
}

const nameOf = (source: Source | undefined) => (source ? `${source.place} ${source.spelling}` : 'unknown');

const policy = fc
  .record({
    forgetAfterMs: fc.constantFrom(HOUR, 12 * HOUR, 3 * DAY),
    forgetFrom: fc.constantFrom('first', 'last'),
    resetOnSuccess: fc.constantFrom(true, true, true, false),
    maxTakenBack: fc.constantFrom(1, 2, 5, Number.POSITIVE_INFINITY),
  })
  .map((changes): Policy => policyWith({ ...changes, tiers: [{ failures: 10_000, cooloffMs: HOUR }] }));

const source = fc.record({
  place: fc.constantFrom('home', 'home', 'cafe', ''),
  spelling: fc.constantFrom('alice', 'alice', 'Alice'),
});
const step = fc.record({
  afterMs: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(0, 1) },
    { weight: 2, arbitrary: fc.constantFrom(HOUR - 1, HOUR, 12 * HOUR) },
    { weight: 1, arbitrary: fc.constantFrom(DAY - 1, DAY) },
  ),
  verdict: fc.constantFrom<Verdict[]>('failure', 'failure', 'failure', 'success', 'success', 'release'),
  marks: fc.record({ source: fc.option(source, { nil: undefined, freq: 8 }) }),
});
const history = fc.array(step, { minLength: 1, maxLength: 60, size: 'max' });

describe('The failures of a subject', () => {
  it('are as many and as old, and forgotten at the same time, as in a list of all of them', () => {
    fc.assert(
      fc.property(policy, history, (rules, steps) => {
        const list = new FailureList(rules);
        const subject = new Guessing(rules);
        for (const { afterMs, verdict, marks } of steps as readonly {
          afterMs: number;
          verdict: Verdict;
          marks: Marks;
        }[]) {
          subject.now += afterMs;
          list.pass(subject.now);

          subject.guess(verdict, marks);
          list.judge(verdict, marks.source, subject.now);
          // What remains after a success may be old enough to be forgotten at once.
          list.pass(subject.now);

          const { failures, firstFailureAt, lastFailureAt, forgetAt, sources } = currentState(
            subject.state,
            subject.now,
          );
          expect({ failures, firstFailureAt, lastFailureAt }).to.deep.equal({
            failures: list.count,
            firstFailureAt: list.firstAt,
            lastFailureAt: list.lastAt,
          });
          if (failures > 0) expect(forgetAt).to.equal(list.forgetAt);
          expect(sources.reduce((sum, each) => sum + each.failures, 0)).to.equal(failures);
        }
      }),
      RUNS,
    );
  });
});
