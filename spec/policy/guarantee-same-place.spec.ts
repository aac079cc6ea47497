/**
 * The guarantee against an attacker who also has accounts of his own, under any spelling that folds to the victim's name,
 * while the victim logs in at any time, from elsewhere and from the attacker's own address.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import { tierReachedAt } from '../../lib/policy/ladder.js';
import { takenBackNow } from '../../lib/policy/sources.js';
import {
  currentState,
  isLocked,
  type Policy,
  type Source,
  type SubjectState,
  type Verdict,
} from '../../lib/policy/state.js';
import { HOUR, MINUTE, policyWith } from './examples.js';
import { Guessing } from './guessing.js';
import { laddersOf } from './ladders.js';

const { FC_RUNS, FC_SEED } = process.env;
const RUNS = { numRuns: Number(FC_RUNS ?? 1_000), ...(FC_SEED !== undefined && { seed: Number(FC_SEED) }) };
const DAY = 24 * HOUR;
const VICTIM = 'alice';
/** Where the victim logs in, too. */
const SHARED = 'shared';
const FOREVER = Number.POSITIVE_INFINITY;

interface Step {
  readonly who: 'attacker' | 'victim' | 'operator';
  readonly source: Source;
  readonly verdict: Verdict;
  readonly afterMs: number;
}

const policy: fc.Arbitrary<Policy> = fc
  .record({
    tiers: laddersOf(fc.constantFrom(MINUTE, HOUR, DAY), { maxTiers: 3, maxGap: 4 }),
    forgetAfterMs: fc.constantFrom(2 * HOUR, 7 * DAY, FOREVER),
    forgetFrom: fc.constantFrom('first', 'last'),
    maxTakenBack: fc.constantFrom(0, 1, 5),
  })
  .map((changes) => policyWith(changes));

const afterMs = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(0, 1, MINUTE) },
  { weight: 2, arbitrary: fc.constantFrom(HOUR, 2 * HOUR, 12 * HOUR) },
  { weight: 1, arbitrary: fc.constantFrom(DAY, 7 * DAY) },
);
const sourceOf = (places: readonly string[], spellings: readonly string[]) =>
  fc.record({ place: fc.constantFrom(...places), spelling: fc.constantFrom(...spellings) });

/** Guesses at the victim from two addresses. */
const guess = fc.record({
  who: fc.constant('attacker' as const),
  source: sourceOf(['lair', SHARED], [VICTIM]),
  verdict: fc.constant<Verdict>('failure'),
  afterMs,
});
/** Logs in to the attacker's own accounts from there, or fails to. */
const ownLogin = fc.record({
  who: fc.constant('attacker' as const),
  source: sourceOf(['lair', SHARED], ['Alice', 'ALICE']),
  verdict: fc.constantFrom<Verdict>('success', 'success', 'failure', 'release'),
  afterMs,
});
const victimsLogin = fc.record({
  who: fc.constant('victim' as const),
  source: sourceOf(['work', SHARED], [VICTIM]),
  verdict: fc.constantFrom<Verdict>('success', 'success', 'success', 'failure'),
  afterMs,
});
const reset = fc.record({
  who: fc.constant('operator' as const),
  source: sourceOf(['work'], [VICTIM]),
  verdict: fc.constant<Verdict>('release'),
  afterMs,
});

const history: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: guess },
    { weight: 3, arbitrary: ownLogin },
    { weight: 3, arbitrary: victimsLogin },
    { weight: 1, arbitrary: reset },
  ),
  { minLength: 1, maxLength: 80, size: 'max' },
);

/** The guesses at the victim's spelling since the last reset by an operator or by time. */
class Tally {
  readonly #policy: Policy;
  readonly #guesses: { readonly place: string; readonly at: number }[] = [];
  /** The highest tier that locked since then. */
  #highest = -1;
  /** When as many were taken back as a day allows, at most. */
  #days: number[] = [];

  constructor(policy: Policy) {
    this.#policy = policy;
  }

  judge({ who, source, verdict }: Step, reached: unknown, now: number): void {
    if (who === 'attacker' && source.spelling === VICTIM) this.#guesses.push({ place: source.place, at: now });
    if (typeof reached === 'number') this.#highest = Math.max(this.#highest, reached);
    const lastDay = this.#days.at(-1);
    const isFromShared = source.place === SHARED && source.spelling === VICTIM;
    if (verdict === 'success' && isFromShared && (lastDay === undefined || lastDay + DAY <= now)) this.#days.push(now);
  }

  reset(): void {
    this.#guesses.length = 0;
    this.#highest = -1;
    this.#days = [];
  }

  get fromElsewhere(): number {
    return this.#guesses.filter(({ place }) => place !== SHARED).length;
  }

  /** All of them, less what the victim's logins at that place may have taken back. */
  get atLeastCounted(): number {
    return Math.max(this.fromElsewhere, this.#guesses.length - this.#policy.maxTakenBack * this.#days.length);
  }

  /** Whether the guesses may have been forgotten by now: not before their time has passed, whatever others do. */
  mayBeForgotten({ firstFailureAt }: SubjectState, now: number): boolean {
    // Those at the shared place may be taken back: what keeps the others is their own last.
    const elsewhere = this.#guesses.filter(({ place }) => place !== SHARED);
    const last = (elsewhere.at(-1) ?? this.#guesses.at(-1))?.at ?? FOREVER;
    const from = this.#policy.forgetFrom === 'first' ? (firstFailureAt ?? FOREVER) : last;
    return from + this.#policy.forgetAfterMs <= now;
  }

  /** The tier that this number of guesses must have reached before there is one more. */
  get tierToHaveReached(): number {
    return this.#policy.tiers.findLastIndex(({ failures }) => failures <= this.atLeastCounted);
  }

  get highest(): number {
    return this.#highest;
  }
}

describe('The policy, with accounts of the attacker and logins of the victim in between,', () => {
  it("counts every guess until a reset, except those that the victim's logins may take back each day", () => {
    fc.assert(
      fc.property(policy, history, (rules, steps) => {
        const subject = new Guessing(rules);
        const tally = new Tally(rules);
        for (const step of steps) {
          subject.now += step.afterMs;
          const { failures } = currentState(subject.state, subject.now);
          if (failures === 0 && tally.mayBeForgotten(subject.state, subject.now)) tally.reset();
          expect(failures, 'failures counted').to.be.at.least(tally.atLeastCounted);
          if (step.who === 'operator') {
            subject.clear();
            tally.reset();
            continue;
          }

          const wasLocked = isLocked(subject.state, subject.now);
          const outcome = subject.guess(step.verdict, { source: step.source });

          expect(outcome === 'locked', 'refused').to.equal(wasLocked);
          if (outcome === 'locked') continue;
          expect(tally.highest, 'a lock for each threshold').to.be.at.least(tally.tierToHaveReached);
          tally.judge(step, outcome, subject.now);
        }
      }),
      RUNS,
    );
  });

  it('locks at each guess past the last tier, whoever logs in between', () => {
    fc.assert(
      fc.property(policy, history, (rules, steps) => {
        const subject = new Guessing({ ...rules, forgetAfterMs: FOREVER });
        const last = rules.tiers.length - 1;
        let fromElsewhere = 0;
        for (const { source, verdict, who } of steps) {
          if (who === 'operator') continue;
          subject.now = Math.max(subject.now, subject.state.lockedUntil);
          const outcome = subject.guess(verdict, { source });
          if (source.place === 'lair' && source.spelling === VICTIM) {
            fromElsewhere += 1;
            if (fromElsewhere >= (rules.tiers[last]?.failures ?? 0)) expect(outcome).to.equal(last);
            expect(tierReachedAt(rules.tiers, subject.state.failures), 'the tier of the count').to.equal(outcome ?? -1);
          }
        }
      }),
      RUNS,
    );
  });

  it('never has a negative number of failures, a source without failures, or more sources than failures', () => {
    fc.assert(
      fc.property(policy, history, (rules, steps) => {
        const subject = new Guessing(rules);
        for (const { afterMs: ms, source, verdict, who } of steps) {
          subject.now += ms;
          if (who === 'operator') subject.clear();
          else subject.guess(verdict, { source });
          const { failures, sources } = subject.state;
          const counted = sources.map((each) => each.failures);
          expect(counted.every((each) => Number.isInteger(each) && each > 0)).to.equal(true);
          expect(counted.reduce((sum, each) => sum + each, 0)).to.equal(failures);
        }
      }),
      RUNS,
    );
  });

  it('takes back no more than maxTakenBack within any 24 hours, whenever they begin', () => {
    fc.assert(
      fc.property(policy, history, (rules, steps) => {
        const subject = new Guessing(rules);
        let takings: number[] = [];
        for (const { afterMs: ms, source, verdict, who } of steps) {
          subject.now += ms;
          if (who === 'operator') {
            subject.clear();
            takings = [];
            continue;
          }
          const { failures } = currentState(subject.state, subject.now);
          subject.guess(verdict, { source });
          const taken = verdict === 'success' ? failures - subject.state.failures : 0;
          takings.push(...Array<number>(taken).fill(subject.now));
          const withinADay = takings.filter((at) => at > subject.now - DAY);
          expect(withinADay.length, 'taken back within 24 hours').to.be.at.most(rules.maxTakenBack);
          expect(takenBackNow(subject.state, subject.now)).to.equal(withinADay.length);
        }
      }),
      RUNS,
    );
  });
});
