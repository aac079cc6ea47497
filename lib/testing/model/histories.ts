/** Random histories: several clients and an operator at work on a few subjects while the clock moves. */
import fc from 'fast-check';
import type { Marks, Policy, Verdict } from '../../policy/state.js';
import type { History, Step, Who } from './history.js';

const MAX_STEPS = 40;

/** Whole seconds, so that steps often fall on the exact millisecond at which something ends. */
const secondsOf = (...seconds: number[]) => fc.constantFrom(...seconds.map((count) => count * 1_000));
const forever = fc.constant(Number.POSITIVE_INFINITY);
const cooloffMs = fc.oneof({ weight: 8, arbitrary: secondsOf(1, 2, 3, 5) }, { weight: 1, arbitrary: forever });
const orForever = (ms: fc.Arbitrary<number>) =>
  fc.oneof({ weight: 5, arbitrary: ms }, { weight: 1, arbitrary: forever });
/** Long enough, mostly, for a ladder to be climbed. */
const FORGET_AFTER_MS = orForever(secondsOf(1, 3, 10, 20));

const tiersOf = (...steps: number[]) =>
  fc.array(fc.tuple(fc.constantFrom(...steps), cooloffMs), { minLength: 1, maxLength: 3 }).map((rungs) => {
    let failures = 0;
    return rungs.map(([more, cooloffMs]) => {
      failures += more;
      return { failures, cooloffMs };
    });
  });

/** What differs between kinds of histories. */
interface Kind {
  readonly leaseTimeoutMs: fc.Arbitrary<number>;
  readonly forgetAfterMs: fc.Arbitrary<number>;
  readonly afterMs: fc.Arbitrary<number>;
  readonly tiers: fc.Arbitrary<Policy['tiers']>;
  readonly hardStop: { readonly min: number; readonly max: number };
  /** The weights of steps on one record and on several. */
  readonly weights: { readonly one: number; readonly several: number };
  /** Whether all subjects have the same policy: a store may have a shorter way only where it is open to each of them. */
  readonly isAlike: boolean;
  /** How many subjects a step on several names at least. */
  readonly minSubjects: number;
  /** The highest lease id; the lower, the more often one is asked for again. */
  readonly maxId: number;
}

const policyWith = ({ leaseTimeoutMs, forgetAfterMs, tiers, hardStop }: Kind): fc.Arbitrary<Policy> =>
  fc.record({
    tiers,
    forgetAfterMs,
    forgetFrom: fc.constantFrom('first', 'last'),
    leaseTimeoutMs,
    resetOnSuccess: fc.constantFrom(true, true, true, 'all' as const, false),
    maxTakenBack: fc.constantFrom(1, 2, 5, Number.POSITIVE_INFINITY),
    hardStop: fc.option(fc.record({ failures: fc.integer(hardStop), forgetAfterMs }), { freq: 2 }),
    sprayNames: fc.option(fc.constantFrom(2, 3), { nil: undefined }),
  });

/** @param atOnce - the weight of no time at all */
const afterMsOf = (atOnce: number) =>
  fc.oneof(
    { weight: atOnce, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.constantFrom(1, 999) },
    { weight: 6, arbitrary: secondsOf(1, 2, 3, 5) },
    // Two of them make the day after which successes may take back as many again.
    { weight: 1, arbitrary: secondsOf(12 * 3_600) },
  );

/** Mostly the same subject, so that its ladder is climbed. */
const who = fc.constantFrom<Who[]>(0, 0, 0, 0, 0, 0, 1, 2, 3);
const verdict = fc.constantFrom<Verdict[]>('failure', 'failure', 'failure', 'failure', 'success', 'success', 'release');

/** Few sources, so that they recur; to a database, `$` would begin a field. */
const source = fc.record({
  place: fc.constantFrom('home', 'home', '$cafe', ''),
  spelling: fc.constantFrom('alice', 'alice', '$Alice'),
});
const marks: fc.Arbitrary<Marks> = fc.record({
  source: fc.option(source, { nil: undefined, freq: 8 }),
  guess: fc.option(fc.constantFrom('$a', 'b', 'c', 'd'), { nil: undefined, freq: 1 }),
  isRepeat: fc.constantFrom(undefined, undefined, undefined, true),
  // Played only where it is certain what is meant.
  mayBeSettled: fc.constantFrom(undefined, true),
});

/** As the username of an attempt on a known device, now and then. */
const rowOnly = fc.constantFrom(false, false, false, true);

const stepWith = ({ forgetAfterMs, afterMs, weights, minSubjects, maxId }: Kind): fc.Arbitrary<Step> =>
  fc.oneof(
    {
      weight: weights.one,
      arbitrary: fc.record({
        do: fc.constant('reserve' as const),
        afterMs,
        who,
        id: fc.option(fc.nat(maxId), { freq: 10 }),
        rowOnly,
      }),
    },
    // Mostly the youngest leases; now and then one that was settled long ago.
    {
      weight: weights.one,
      arbitrary: fc.record({ do: fc.constant('settle' as const), afterMs, lease: fc.nat(3), verdict, marks, rowOnly }),
    },
    {
      weight: weights.several,
      arbitrary: fc.record({
        do: fc.constant('reserve all' as const),
        afterMs,
        whose: fc.shuffledSubarray<Who>([0, 1, 2, 3], { minLength: minSubjects }),
        ids: fc.array(fc.option(fc.nat(maxId), { freq: 8 }), { minLength: 4, maxLength: 4 }),
        rowOnly,
      }),
    },
    {
      weight: weights.several,
      arbitrary: fc.record({
        do: fc.constant('settle all' as const),
        afterMs,
        age: fc.constantFrom(0, 0, 0, 1, 2),
        again: fc.constantFrom(false, false, true),
        count: fc.integer({ min: minSubjects, max: 4 }),
        verdict,
        marks,
        follows: fc.boolean(),
        rowOnly,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('settle unknown' as const),
        afterMs,
        who,
        leftMs: fc.constantFrom(-1_000, 0, 1, 1_000),
        verdict,
        marks,
        rowOnly,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('block' as const),
        afterMs,
        who,
        forMs: cooloffMs,
        forgetAfterMs,
        by: fc.constantFrom('admin', '$by', null),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('restore' as const),
        afterMs,
        who,
        failures: fc.nat(4),
        leftMs: fc.oneof(cooloffMs, fc.constantFrom(-1_000, 0, 1)),
        forgetAfterMs,
        by: fc.constantFrom('admin', '$by', null),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('reset' as const), afterMs, who }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('erase' as const), afterMs, who }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('revokeDevices' as const),
        afterMs,
        who,
        forMs: secondsOf(1, 2, 3, 5, 20),
      }),
    },
    // Mostly the lease that was settled last, which may have locked.
    { weight: 1, arbitrary: fc.record({ do: fc.constant('resetLockedBy' as const), afterMs, lease: fc.nat(3) }) },
  );

const historyWith = (kind: Kind): fc.Arbitrary<History> =>
  fc.record({
    policies: kind.isAlike
      ? policyWith(kind).map((policy) => [policy, policy, policy, policy])
      : fc.array(policyWith(kind), { minLength: 4, maxLength: 4 }),
    steps: fc.array(stepWith(kind), { minLength: 1, maxLength: MAX_STEPS, size: 'max' }),
  });

const NARROW: Kind = {
  leaseTimeoutMs: secondsOf(1, 2, 4),
  forgetAfterMs: FORGET_AFTER_MS,
  afterMs: afterMsOf(14),
  tiers: tiersOf(1, 1, 2, 3),
  hardStop: { min: 1, max: 6 },
  weights: { one: 12, several: 6 },
  isAlike: false,
  minSubjects: 1,
  maxId: 10,
};
const LONG_LEASES = secondsOf(10, 12, 20);
/** Far from any lock, most attempts are alike: stores have shorter ways for these. */
const ROOMY: Kind = {
  leaseTimeoutMs: LONG_LEASES,
  forgetAfterMs: orForever(secondsOf(10, 20, 60)),
  afterMs: afterMsOf(90),
  tiers: tiersOf(4, 6, 8),
  hardStop: { min: 4, max: 9 },
  weights: { one: 2, several: 12 },
  isAlike: true,
  minSubjects: 2,
  maxId: 1_000,
};

/** A store may have other ways where all leases of a step are long: only then does `MongoStore` take several slots in one command. */
export const history: fc.Arbitrary<History> = fc.oneof(
  { weight: 1, arbitrary: historyWith(NARROW) },
  { weight: 1, arbitrary: historyWith({ ...NARROW, leaseTimeoutMs: LONG_LEASES }) },
  { weight: 2, arbitrary: historyWith(ROOMY) },
);
