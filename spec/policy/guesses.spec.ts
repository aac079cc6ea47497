/** The bound of an attacker's guesses, against an attacker who tries every possible timing. */
import { expect } from 'chai';
import fc from 'fast-check';
import { mostGuesses } from '../../lib/policy/guesses.js';
import { reserve } from '../../lib/policy/reserve.js';
import { settle } from '../../lib/policy/settle.js';
import { type Policy, type SubjectState, UNKNOWN_SUBJECT } from '../../lib/policy/state.js';
import { DAY, MINUTE, policyWith, SECOND } from './examples.js';
import { laddersOf } from './ladders.js';

const YEAR = 365 * DAY;
const FOREVER = Number.POSITIVE_INFINITY;

/** The most guesses by a search over all timings in whole seconds: at each, guess or wait. */
function searchMost(policy: Policy, seconds: number): number {
  const known = new Map<string, number>();
  const best = (at: number, state: SubjectState): number => {
    if (at >= seconds) return 0;
    const { failures, lockedUntil, forgetAt, consecutiveFailures, consecutiveUntil } = state;
    const now = at * SECOND;
    const left = [lockedUntil, forgetAt, consecutiveUntil].map((until) => Math.max(0, until - now));
    const key = [at, failures, consecutiveFailures, ...left].join();
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    let most = best(at + 1, state);
    const reservation = reserve(state, policy, now, 'guess');
    if (reservation.outcome === 'taken') {
      const settled = settle(reservation.state, policy, now, reservation.lease, 'failure').state;
      most = Math.max(most, 1 + best(at, settled));
    }
    known.set(key, most);
    return most;
  };
  return best(0, UNKNOWN_SUBJECT);
}

const seconds = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 12 }).map((count) => count * SECOND) },
  { weight: 1, arbitrary: fc.constant(FOREVER) },
);
const tiers = laddersOf(seconds);
const policy: fc.Arbitrary<Policy> = fc.record({
  tiers,
  forgetAfterMs: seconds,
  forgetFrom: fc.constantFrom('first', 'last'),
  leaseTimeoutMs: fc.constant(30 * SECOND),
  resetOnSuccess: fc.constant(true),
  maxTakenBack: fc.constant(5),
  hardStop: fc.option(fc.record({ failures: fc.integer({ min: 1, max: 12 }), forgetAfterMs: seconds }), { freq: 1 }),
});

describe('mostGuesses', () => {
  it('is never exceeded, whatever the timing', () => {
    fc.assert(
      fc.property(policy, fc.integer({ min: 1, max: 40 }), (rules, time) => {
        expect(searchMost(rules, time)).to.be.at.most(mostGuesses(rules, time * SECOND));
      }),
      { numRuns: 400 },
    );
  });

  it('is reached, except for the guesses of one climb and those of the last tier in the same time', () => {
    fc.assert(
      fc.property(policy, fc.integer({ min: 1, max: 40 }), (rules, time) => {
        const withoutStop = { ...rules, hardStop: null };
        const { failures, cooloffMs } = rules.tiers.at(-1) ?? { failures: 0, cooloffMs: 1 };
        const climbMs = rules.tiers.slice(0, -1).reduce((sum, tier) => sum + tier.cooloffMs, 0);
        const slack = failures + 1 + (Number.isFinite(climbMs) ? climbMs / cooloffMs : 0);
        expect(mostGuesses(withoutStop, time * SECOND) - searchMost(withoutStop, time)).to.be.at.most(slack);
      }),
      { numRuns: 400 },
    );
  });

  const KNOWN = [
    {
      title: 'one lock until reset',
      policy: policyWith({ tiers: [{ failures: 3, cooloffMs: FOREVER }] }),
      guesses: 3 + 2 * 365,
    },
    {
      title: 'one lock until reset, and nothing forgotten',
      policy: policyWith({ tiers: [{ failures: 3, cooloffMs: FOREVER }], forgetAfterMs: FOREVER }),
      guesses: 3,
    },
    {
      title: 'the default ladder, nine guesses each 26.25 hours',
      policy: policyWith(),
      guesses: 3012,
    },
    {
      title: 'a short lock for ever',
      policy: policyWith({ tiers: [{ failures: 10, cooloffMs: 30 * MINUTE }] }),
      guesses: 10 + 2 * 24 * 365,
    },
    { title: 'a hard stop', policy: policyWith({ hardStop: { failures: 100, forgetAfterMs: YEAR } }), guesses: 100 },
    {
      title: 'a hard stop that is forgotten twice a year',
      policy: policyWith({ hardStop: { failures: 100, forgetAfterMs: 150 * DAY } }),
      guesses: 99 + 99 + 100,
    },
  ];
  for (const { title, policy: rules, guesses } of KNOWN) {
    it(`returns ${guesses} for a year of ${title}`, () => {
      expect(mostGuesses(rules, YEAR)).to.equal(guesses);
    });
  }
});
