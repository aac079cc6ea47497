/** Each rule of repeated guesses by itself. The store contract tells the whole story, on every store. */
import { expect } from 'chai';
import fc from 'fast-check';
import {
  MAX_GUESSES,
  MAX_REPEATS,
  MAX_REPEATS_ELSEWHERE,
  passRepeat,
  rememberGuess,
} from '../../lib/policy/repeats.js';
import { currentState, expiresAt, isLocked, mattersUntil, type Source } from '../../lib/policy/state.js';
import { failed, HOUR, MINUTE, NOON, policyWith, stateWith } from './examples.js';
import { Guessing } from './guessing.js';
import { laddersOf } from './ladders.js';

const { FC_RUNS, FC_SEED } = process.env;
const RUNS = { numRuns: Number(FC_RUNS ?? 1_000), ...(FC_SEED !== undefined && { seed: Number(FC_SEED) }) };
const FOREVER = Number.POSITIVE_INFINITY;

describe('policy/repeats', () => {
  const knowing = failed(2, { guesses: ['a', 'b'] });

  describe('passRepeat', () => {
    it('passes a guess that the subject remembers, and counts the repeat', () => {
      expect(passRepeat(knowing, { guess: 'b' }, NOON)).to.deep.equal({
        ...knowing,
        repeats: { count: 1, since: NOON },
      });
    });

    it('passes what another subject has found to be a repeat, whatever this one remembers', () => {
      const repeats = { count: 1, since: NOON };
      expect(passRepeat(stateWith(), { isRepeat: true }, NOON)).to.deep.equal(stateWith({ repeats }));
      expect(passRepeat(knowing, { guess: 'c', isRepeat: true }, NOON)).to.deep.include({ repeats });
    });

    for (const [title, marks] of [
      ['a guess that is new', { guess: 'c' }],
      ['no guess', {}],
      ['what another subject has found to be no repeat', { isRepeat: false }],
    ] as const) {
      it(`lets ${title} count`, () => {
        expect(passRepeat(knowing, marks, NOON)).to.equal(null);
      });
    }

    for (const [title, marks, most] of [
      ['where the guess is remembered', { guess: 'a' }, MAX_REPEATS],
      ['where the guess is remembered here and by another subject', { guess: 'a', isRepeat: true }, MAX_REPEATS],
      ['where another subject remembers it', { isRepeat: true }, MAX_REPEATS_ELSEWHERE],
    ] as const) {
      it(`passes ${most} repeats a minute ${title}`, () => {
        const repeatedTimes = (count: number) => ({ ...knowing, repeats: { count, since: NOON } });
        const last = { count: most, since: NOON };
        expect(passRepeat(repeatedTimes(most - 1), marks, NOON + MINUTE - 1)).to.deep.include({ repeats: last });
        expect(passRepeat(repeatedTimes(most), marks, NOON + MINUTE - 1)).to.equal(null);
        const first = { count: 1, since: NOON + MINUTE };
        expect(passRepeat(repeatedTimes(most), marks, NOON + MINUTE)).to.deep.include({ repeats: first });
      });
    }

    it('passes no more because the clock was put back', () => {
      const full = { ...knowing, repeats: { count: MAX_REPEATS, since: NOON } };
      expect(passRepeat(full, { guess: 'a' }, NOON - HOUR)).to.equal(null);
    });
  });

  describe('rememberGuess', () => {
    it(`remembers the last ${MAX_GUESSES} guesses`, () => {
      expect(rememberGuess(['a', 'b', 'c'], 'd')).to.deep.equal(['b', 'c', 'd']);
    });

    it('leaves the list as it is for a guess that is in it', () => {
      const guesses = ['a', 'b', 'c'];
      expect(rememberGuess(guesses, 'a')).to.equal(guesses);
    });
  });

  describe('the state', () => {
    const repeats = { count: 3, since: NOON };

    it('keeps the repeats for a minute when nothing else is known, though there is nothing to see', () => {
      expect(expiresAt(stateWith({ repeats }))).to.equal(NOON + MINUTE);
      expect(mattersUntil(stateWith({ repeats }))).to.equal(0);
    });

    it('forgets the guesses with the failures, but not the repeats', () => {
      const forgotten = currentState(failed(2, { forgetAt: NOON, guesses: ['a'], repeats }), NOON);
      expect(forgotten).to.deep.equal(stateWith({ repeats }));
    });
  });
});

interface Step {
  readonly who: 'attacker' | 'owner';
  readonly guess: string;
  readonly isRight: boolean;
  readonly source: Source;
  readonly afterMs: number;
}

const afterMs = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(0, 0, 0, 1) },
  { weight: 2, arbitrary: fc.constantFrom(MINUTE - 1, MINUTE) },
  { weight: 1, arbitrary: fc.constantFrom(HOUR, 2 * HOUR) },
);
const sourceOf = (place: string, spelling: string) => fc.constant({ place, spelling });
/** One password without end, and others between. */
const attackersGuess: fc.Arbitrary<Step> = fc.record({
  who: fc.constant('attacker' as const),
  guess: fc.constantFrom('fixed', 'fixed', 'fixed', 'fixed', 'fixed', 'b', 'c', 'd', 'e', 'f'),
  isRight: fc.constant(false),
  source: sourceOf('lair', 'alice'),
  afterMs,
});
/** The attacker's own account, whose name folds to the same subject, and the owner's. */
const rightLogin: fc.Arbitrary<Step> = fc.record({
  who: fc.constant('owner' as const),
  guess: fc.constantFrom('fixed', 'right'),
  isRight: fc.boolean(),
  source: fc.oneof(sourceOf('lair', 'Alice'), sourceOf('home', 'alice')),
  afterMs,
});
const history = fc.array(fc.oneof({ weight: 9, arbitrary: attackersGuess }, { weight: 1, arbitrary: rightLogin }), {
  minLength: 1,
  maxLength: 150,
  size: 'max',
});
const policy = fc
  .record({
    tiers: laddersOf(fc.constantFrom(MINUTE, HOUR), { maxTiers: 3, maxGap: 4 }),
    forgetAfterMs: fc.constantFrom(30_000, 2 * HOUR, FOREVER),
    forgetFrom: fc.constantFrom('first', 'last'),
    resetOnSuccess: fc.constantFrom(true, false),
    hardStop: fc.option(fc.constant({ failures: 20, forgetAfterMs: FOREVER })),
  })
  .map((changes) => policyWith(changes as Parameters<typeof policyWith>[0]));

describe('policy: the guarantee, with guesses repeated without end', () => {
  it('verifies no more than what counts and ten repeats for each minute, and for one that has just begun', () => {
    fc.assert(
      fc.property(policy, history, (rules, steps) => {
        const subject = new Guessing(rules);
        const free: number[] = [];
        for (const { guess, isRight, source, afterMs: ms } of steps) {
          subject.now += ms;
          const before = currentState(subject.state, subject.now);
          const reservation = subject.reserve();
          if (isLocked(before, subject.now)) expect(reservation.outcome, 'under a lock').to.equal('locked');
          if (reservation.outcome !== 'taken') continue;
          const settlement = subject.settle(reservation.lease, isRight ? 'success' : 'failure', { source, guess });
          if (isRight) continue;
          if (!settlement.isRepeat) {
            expect(settlement.state.failures, 'counted').to.equal(before.failures + 1);
            continue;
          }
          expect(before.guesses, 'known before').to.include(guess);
          expect(settlement.state, 'nothing but the repeats').to.deep.equal({
            ...before,
            repeats: settlement.state.repeats,
          });
          free.push(subject.now);
          // The budgets of two minutes may meet, as in every fixed window.
          const within = (minutes: number) => free.filter((at) => at > subject.now - minutes * MINUTE).length;
          expect(within(1), 'free within a minute').to.be.at.most(2 * MAX_REPEATS);
          for (const minutes of [2, 5, 60]) expect(within(minutes)).to.be.at.most((minutes + 1) * MAX_REPEATS);
        }
      }),
      RUNS,
    );
  });

  it('locks with the same guesses as if no repeat had been sent', () => {
    fc.assert(
      fc.property(policy, history, (rules, steps) => {
        const [subject, undisturbed] = [new Guessing(rules), new Guessing(rules)];
        for (const { guess, source, afterMs: ms } of steps.filter(({ who }) => who === 'attacker')) {
          subject.now += ms;
          undisturbed.now = subject.now;
          const reservation = subject.reserve();
          if (reservation.outcome !== 'taken') continue;
          if (subject.settle(reservation.lease, 'failure', { source, guess }).isRepeat) continue;
          undisturbed.guess('failure', { source });
          const { lockedUntil, failures, tier, forgetAt } = undisturbed.state;
          expect(subject.state).to.include({ lockedUntil, failures, tier, forgetAt });
        }
      }),
      RUNS,
    );
  });

  it('verifies at most twenty of a thousand equal guesses within ten seconds, if the ladder begins at ten', () => {
    const subject = new Guessing(policyWith({ tiers: [{ failures: 10, cooloffMs: HOUR }] }));
    let verified = 0;
    for (let time = 0; time < 1_000; time += 1) {
      subject.now += 10;
      if (subject.guess('failure', { guess: 'fixed' }) !== 'locked') verified += 1;
    }
    expect(verified).to.equal(10 + MAX_REPEATS);
  });

  it('never has more than one failure counted of a program that sends an old password every five minutes', () => {
    const subject = new Guessing(policyWith());
    for (let time = 0; time < 30 * 24 * 12; time += 1) {
      subject.guess('failure', { guess: 'old' });
      expect(subject.state.failures).to.equal(1);
      subject.now += 5 * MINUTE;
    }
  });
});
