/** What holds for every history, not only for the ones we thought of. */
import { expect } from 'chai';
import fc from 'fast-check';
import { block } from '../../lib/policy/manage.js';
import { freeSlots } from '../../lib/policy/reserve.js';
import { settle } from '../../lib/policy/settle.js';
import { currentState, isLocked, type Lease, type Policy, type Verdict } from '../../lib/policy/state.js';
import { failed, policyWith, SECOND } from './examples.js';
import { Guessing, type Reached, reachedBy } from './guessing.js';
import { laddersOf } from './ladders.js';
import { Referee } from './referee.js';

/** FC_RUNS=<number> searches longer, FC_SEED=<number> repeats a search. */
const { FC_RUNS, FC_SEED } = process.env;
const RUNS = { numRuns: Number(FC_RUNS ?? 1_000), ...(FC_SEED !== undefined && { seed: Number(FC_SEED) }) };
const LEASE_TIMEOUT_MS = 1_000;

type Step =
  | { readonly do: 'reserve' }
  | { readonly do: 'settle'; readonly which: number; readonly verdict: Verdict }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'reset' }
  | { readonly do: 'block'; readonly forMs: number };

const duration = fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.constant(Number.POSITIVE_INFINITY));

const tiers = laddersOf(duration);

const policy: fc.Arbitrary<Policy> = fc.record({
  tiers,
  forgetAfterMs: duration,
  forgetFrom: fc.constantFrom('first', 'last'),
  leaseTimeoutMs: fc.constant(LEASE_TIMEOUT_MS),
  resetOnSuccess: fc.constantFrom<Policy['resetOnSuccess'][]>('all', false),
  maxTakenBack: fc.constant(5),
  hardStop: fc.constant(null),
});

const hardStop = fc.record({ failures: fc.integer({ min: 1, max: 8 }), forgetAfterMs: duration });
const stoppingPolicy = fc.tuple(policy, hardStop).map(([rules, stop]): Policy => ({ ...rules, hardStop: stop }));
const anyPolicy = fc.oneof(policy, stoppingPolicy);

/** Tiers next to each other and far apart, in any order. */
const unevenTiers = laddersOf(duration, { maxTiers: 5, maxGap: 9 });
const unevenPolicy = fc.tuple(policy, unevenTiers).map(([rules, uneven]): Policy => ({ ...rules, tiers: uneven }));
/** Of an operator's lock the referee knows nothing but its end. */
const unforgettingPolicy = unevenPolicy.map((rules): Policy => ({ ...rules, forgetAfterMs: Number.POSITIVE_INFINITY }));

const reserveStep = fc.constant({ do: 'reserve' as const });
const settleStep = fc.record({
  do: fc.constant('settle' as const),
  which: fc.nat(9),
  verdict: fc.constantFrom<Verdict>('failure', 'failure', 'failure', 'success', 'release'),
});
const waitStep = fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 3_000 }) });
const clearStep = fc.constant({ do: 'reset' as const });
const blockStep = fc.record({ do: fc.constant('block' as const), forMs: fc.integer({ min: 1, max: 5_000 }) });

const TRAFFIC = [
  { weight: 4, arbitrary: reserveStep },
  { weight: 4, arbitrary: settleStep },
  { weight: 2, arbitrary: waitStep },
];
const traffic = fc.array(fc.oneof(...TRAFFIC), { minLength: 1, maxLength: 60, size: 'max' });
const trafficAndOperator = fc.array(
  fc.oneof(...TRAFFIC, { weight: 1, arbitrary: clearStep }, { weight: 1, arbitrary: blockStep }),
  { minLength: 1, maxLength: 60, size: 'max' },
);
const trafficAndResets = fc.array(fc.oneof(...TRAFFIC, { weight: 1, arbitrary: clearStep }), {
  minLength: 1,
  maxLength: 60,
  size: 'max',
});

/** Several attempts under way on one subject: reserved, verified, settled in any order while the clock moves. */
class Crowd {
  readonly subject: Guessing;
  readonly underWay: Lease[] = [];
  #attempts = 0;

  constructor(rules: Policy) {
    this.subject = new Guessing(rules);
  }

  /** @returns the lease, when this call granted it */
  reserve(): Lease | undefined {
    const reservation = this.subject.reserve(`attempt ${++this.#attempts}`);
    if (reservation.outcome !== 'taken') return undefined;
    this.underWay.push(reservation.lease);
    return reservation.lease;
  }

  /** @returns what settling one of the attempts under way did, when there is one */
  settle(which: number, verdict: Verdict): { readonly lease: Lease; readonly reached: Reached } | undefined {
    const [lease] = this.underWay.splice(which % Math.max(1, this.underWay.length), 1);
    return lease && { lease, reached: reachedBy(this.subject.settle(lease, verdict)) };
  }

  block(forMs: number): void {
    const { state, now, policy } = this.subject;
    const { forgetAfterMs } = policy;
    this.subject.state = block(state, now, { forMs, forgetAfterMs, reason: null, by: 'admin' }).state;
  }

  /** As far as the clock may go without a lease timing out. */
  waitWithinLeases(ms: number): void {
    const ends = this.underWay.map((lease) => lease.until - this.subject.now - 1);
    this.subject.now += Math.min(ms, ...ends);
  }

  run(step: Step): void {
    if (step.do === 'reserve') this.reserve();
    else if (step.do === 'settle') this.settle(step.which, step.verdict);
    else if (step.do === 'wait') this.subject.now += step.ms;
    else if (step.do === 'reset') this.subject.clear();
    else this.block(step.forMs);
  }
}

describe('The policy, in any history,', () => {
  const UNEVEN = [
    { ladder: [1, 2, 4], climbed: 2 },
    { ladder: [3, 4, 10], climbed: 4 },
    { ladder: [5, 6, 7, 100], climbed: 7 },
  ];
  for (const { ladder, climbed } of UNEVEN) {
    it(`X48 allows ${ladder[1]} guesses up to the second lock of ${ladder.join('/')} after a reset during a burst`, () => {
      const tiers = ladder.map((failures) => ({ failures, cooloffMs: SECOND }));
      const crowd = crowdAtReset(policyWith({ tiers }), climbed);
      let verified = 0;

      while (crowd.settle(0, 'failure')) verified += 1;
      crowd.subject.now += SECOND;
      while (crowd.reserve()) {
        crowd.settle(0, 'failure');
        verified += 1;
      }

      expect(crowd.subject.state.tier).to.equal(1);
      expect(verified).to.equal(ladder[1]);
    });
  }

  it('verifies no more guesses between two resets than the next threshold', () => {
    const history = (rules: Policy, steps: readonly Step[]) => expectTheReferee(new Crowd(rules), steps);
    fc.assert(fc.property(policy, trafficAndResets, history), RUNS);
  });

  it('X48 verifies no more guesses than the next threshold of an uneven ladder after a reset during a burst', () => {
    fc.assert(
      fc.property(unevenPolicy, fc.nat(4), trafficAndResets, (rules, tier, steps) => {
        expectTheReferee(crowdAtReset(rules, rules.tiers[tier % rules.tiers.length]?.failures ?? 0), steps);
      }),
      RUNS,
    );
  });

  it('X48 verifies at most one extra guess for each lock set by an operator during a burst', () => {
    const history = (rules: Policy, steps: readonly Step[]) => expectTheReferee(new Crowd(rules), steps);
    fc.assert(fc.property(unforgettingPolicy, trafficAndOperator, history), RUNS);
  });

  it('verifies no more guesses without a success than the hard stop allows, however slowly they come', () => {
    fc.assert(
      fc.property(stoppingPolicy, trafficAndResets, (rules, steps) => {
        const limit = rules.hardStop?.failures ?? 0;
        const crowd = new Crowd({ ...rules, hardStop: { failures: limit, forgetAfterMs: Number.POSITIVE_INFINITY } });
        let spent = 0;
        for (const step of steps) {
          if (step.do === 'wait') crowd.waitWithinLeases(step.ms);
          else if (step.do === 'reset') {
            crowd.run(step);
            spent = 0;
          } else if (step.do === 'reserve') {
            if (crowd.reserve()) expect(spent + crowd.underWay.length, 'guesses spent').to.be.at.most(limit);
          } else if (step.do === 'settle' && step.verdict !== 'success' && crowd.settle(step.which, step.verdict)) {
            spent += step.verdict === 'failure' ? 1 : 0;
          }
        }
        const { state, now } = crowd.subject;
        expect(currentState(state, now).consecutiveFailures).to.equal(spent);
        if (spent === limit) expect(state.lockedUntil, 'locked until reset').to.equal(Number.POSITIVE_INFINITY);
      }),
      RUNS,
    );
  });

  it('grants a slot only while failures and live leases are below the next threshold, even when leases time out', () => {
    fc.assert(
      fc.property(policy, trafficAndOperator, (rules, steps) => {
        const crowd = new Crowd(rules);
        for (const step of steps) {
          if (step.do !== 'reserve') {
            crowd.run(step);
            continue;
          }
          const granted = crowd.reserve();
          if (!granted) continue;
          const { failures, leases } = crowd.subject.state;
          const othersLive = leases.filter(({ id, until }) => id !== granted.id && until > crowd.subject.now).length;
          const threshold = rules.tiers.find((tier) => tier.failures > failures)?.failures ?? failures + 1;
          expect(failures + othersLive).to.be.below(threshold);
        }
      }),
      RUNS,
    );
  });

  it('counts a failure that is later than its lease, up to the tier that only a lock may cross', () => {
    fc.assert(
      fc.property(policy, trafficAndOperator, fc.integer({ min: 0, max: 3_000 }), (rules, steps, lateness) => {
        const crowd = new Crowd(rules);
        for (const step of steps) crowd.run(step);
        const { subject } = crowd;
        const [lease] = crowd.underWay;
        fc.pre(lease !== undefined);
        subject.now = Math.max(subject.now, lease.until + lateness);
        // Asking for a slot is what drops old leases and forgotten failures.
        subject.reserve('to bring the record up to date');
        const before = subject.state;
        const wasLocked = isLocked(before, subject.now);
        subject.settle(lease, 'failure');
        const stop = rules.tiers.find((tier) => tier.failures > before.failures)?.failures ?? before.failures + 1;
        const expected = wasLocked ? Math.min(before.failures + 1, stop - 1) : before.failures + 1;
        expect(subject.state.failures).to.equal(expected);
      }),
      RUNS,
    );
  });

  it('never has a negative or fractional number of failures', () => {
    fc.assert(
      fc.property(anyPolicy, trafficAndOperator, (rules, steps) => {
        const crowd = new Crowd(rules);
        for (const step of steps) {
          crowd.run(step);
          expect(crowd.subject.state.failures).to.satisfy(
            (failures: number) => Number.isInteger(failures) && failures >= 0,
          );
        }
      }),
      RUNS,
    );
  });

  it('neither shortens nor prolongs a lock by any traffic', () => {
    fc.assert(
      fc.property(anyPolicy, trafficAndOperator, traffic, (rules, history, knocking) => {
        const crowd = new Crowd(rules);
        for (const step of history) crowd.run(step);
        crowd.block(100_000);
        const { lockedUntil, tier, by } = crowd.subject.state;
        for (const step of knocking) {
          crowd.run(step);
          if (crowd.subject.now >= lockedUntil) break;
          expect(crowd.subject.state).to.include({ lockedUntil, tier, by });
        }
      }),
      RUNS,
    );
  });

  it('neither shortens nor prolongs the lock of a tier by any traffic', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        fc.array(fc.oneof(...TRAFFIC), { minLength: 20, maxLength: 80, size: 'max' }),
        (rules, steps) => {
          const crowd = new Crowd(rules);
          const { subject } = crowd;
          let lockedUntil = 0;
          for (const step of steps) {
            crowd.run(step);
            const { state, now } = subject;
            if (lockedUntil > now) expect(state.lockedUntil).to.equal(lockedUntil);
            lockedUntil = state.lockedUntil;
          }
        },
      ),
      RUNS,
    );
  });

  it('reaches each tier once between two resets, and past the last tier locks once per failure', () => {
    fc.assert(
      fc.property(policy, trafficAndOperator, (rules, steps) => {
        const crowd = new Crowd(rules);
        const reached: Reached[] = [];
        for (const step of steps) {
          const { state, now } = crowd.subject;
          // The time may have come to forget.
          if (currentState(state, now).failures === 0) reached.length = 0;
          if (step.do === 'settle') {
            const settled = crowd.settle(step.which, step.verdict);
            const newLock = crowd.subject.state.lockedUntil > Math.max(state.lockedUntil, now);
            const transition = settled?.reached ?? null;
            expect(transition !== null, 'a transition is a new lock').to.equal(newLock);
            if (transition !== null) reached.push(transition);
          } else crowd.run(step);
          const { failures } = currentState(crowd.subject.state, crowd.subject.now);
          if (failures === 0) reached.length = 0;
          expect(reached).to.deep.equal(tiersUpTo(rules, failures));
        }
      }),
      RUNS,
    );
  });

  it('changes nothing and returns the same when a verdict is repeated while its lease would still run', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        trafficAndOperator,
        fc.nat(9),
        fc.constantFrom<Verdict>('failure', 'success', 'release'),
        (rules, steps, which, again) => {
          const crowd = new Crowd(rules);
          for (const step of steps) crowd.run(step);
          const { subject } = crowd;
          const lease = crowd.underWay.at(which % Math.max(1, crowd.underWay.length));
          fc.pre(lease !== undefined && lease.until > subject.now);
          const once = settle(subject.state, rules, subject.now, lease, 'failure');
          const twice = settle(once.state, rules, subject.now, lease, again);
          // Whether it is the first lock of the day alerts people, and decides nothing.
          expect({ ...twice, isFirstToday: once.isFirstToday }).to.deep.equal(once);
        },
      ),
      RUNS,
    );
  });

  it('changes nothing when a slot is requested twice with the same id', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        trafficAndOperator,
        fc.integer({ min: 0, max: LEASE_TIMEOUT_MS - 1 }),
        (rules, steps, pause) => {
          const crowd = new Crowd(rules);
          for (const step of steps) crowd.run(step);
          const { subject } = crowd;
          const first = subject.reserve('asked twice');
          fc.pre(first.outcome === 'taken');
          const slots = freeSlots(first.state, rules);
          const second = subject.reserve('asked twice');
          expect(second).to.deep.equal(first);
          expect(freeSlots(second.state, rules)).to.equal(slots);
          subject.now += pause;
          expect(subject.reserve('asked twice')).to.deep.include({ outcome: 'taken', lease: first.lease });
        },
      ),
      RUNS,
    );
  });
});

/** A subject with this number of failures and as many attempts under way as it may have, reset afterwards. */
function crowdAtReset(rules: Policy, failures: number): Crowd {
  const crowd = new Crowd(rules);
  crowd.subject.state = failed(failures, { forgetAt: Number.POSITIVE_INFINITY });
  while (crowd.reserve());
  crowd.subject.clear();
  return crowd;
}

/** Whenever a guess is granted, those since the last reset are no more than the tiers allow that have not locked yet. */
function expectTheReferee(crowd: Crowd, steps: readonly Step[]): void {
  const referee = new Referee(crowd.subject.policy);
  for (const step of steps) {
    const { now } = crowd.subject;
    referee.passTime(now);
    if (step.do === 'wait') crowd.waitWithinLeases(step.ms);
    else if (step.do === 'settle') {
      const settled = crowd.settle(step.which, step.verdict);
      if (settled) referee.judge(step.verdict, settled.reached, now);
    } else if (step.do === 'reset') {
      crowd.run(step);
      referee.reset();
    } else if (step.do === 'block') {
      crowd.run(step);
      referee.block(crowd.subject.state.lockedUntil);
    } else if (crowd.reserve()) {
      // What was under way at a reset is spent as well; only granting spends more.
      const spent = referee.wrong + crowd.underWay.length;
      expect(spent, 'guesses spent').to.be.at.most(referee.allowedAt(now));
    }
  }
}

/** The tiers that lie at or below this number of failures; the last one once more for each failure past it. */
function tiersUpTo({ tiers: ladder }: Policy, failures: number): number[] {
  const last = ladder.length - 1;
  const reached = ladder.flatMap((tier, index) => (tier.failures <= failures ? [index] : []));
  const past = failures - (ladder[last]?.failures ?? 0);
  return [...reached, ...Array.from({ length: Math.max(0, past) }, () => last)];
}
