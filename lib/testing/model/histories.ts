/** Random histories: several clients and an operator at work on a few subjects while the clock moves. */
import fc from 'fast-check';
import type { Policy, Verdict } from '../../policy/state.js';

/** Names of the subjects, in the order of `subjectsOf`. */
export type Who = 0 | 1 | 2 | 3;

export type Step = { readonly afterMs: number } & (
  | { readonly do: 'reserve'; readonly who: Who; readonly id: number }
  | { readonly do: 'settle'; readonly lease: number; readonly verdict: Verdict }
  | { readonly do: 'settle unknown'; readonly who: Who; readonly leftMs: number; readonly verdict: Verdict }
  | { readonly do: 'block'; readonly who: Who; readonly forMs: number; readonly by: string | null }
  | { readonly do: 'clear'; readonly who: Who }
  | { readonly do: 'clear matching'; readonly who: Who; readonly match: 'all' | 'any' }
);

export interface History {
  /** One per subject. */
  readonly policies: readonly Policy[];
  readonly steps: readonly Step[];
}

const MAX_STEPS = 40;

/** Whole seconds up to five, so that steps often fall on the very millisecond at which something ends. */
const duration = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 5 }).map((seconds) => seconds * 1_000) },
  { weight: 1, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
);

const tiers = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 3 }), duration), { minLength: 1, maxLength: 3 })
  .map((rungs) => {
    let failures = 0;
    return rungs.map(([more, cooloffMs]) => {
      failures += more;
      return { failures, cooloffMs };
    });
  });

const policy: fc.Arbitrary<Policy> = fc.record({
  tiers,
  forgetAfterMs: duration,
  forgetFrom: fc.constantFrom('first', 'last'),
  leaseTimeoutMs: fc.constantFrom(1_000, 2_000, 4_000),
  resetOnSuccess: fc.boolean(),
});

const afterMs = fc.oneof(
  { weight: 7, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(1, 999) },
  { weight: 3, arbitrary: fc.constantFrom(1_000, 2_000, 3_000, 10_000) },
);

/** Mostly the same subject, so that its ladder is climbed. */
const who = fc.constantFrom<Who[]>(0, 0, 0, 0, 1, 2, 3);
const verdict = fc.constantFrom<Verdict[]>('failure', 'failure', 'failure', 'success', 'release');

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ do: fc.constant('reserve' as const), afterMs, who, id: fc.nat(30) }) },
  // Mostly the youngest leases; now and then one that was settled long ago.
  { weight: 9, arbitrary: fc.record({ do: fc.constant('settle' as const), afterMs, lease: fc.nat(5), verdict }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('settle unknown' as const),
      afterMs,
      who,
      leftMs: fc.constantFrom(-1_000, 0, 1, 1_000),
      verdict,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('block' as const),
      afterMs,
      who,
      forMs: duration,
      by: fc.constantFrom('admin', '$by', null),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const), afterMs, who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('clear matching' as const),
      afterMs,
      who,
      match: fc.constantFrom('all', 'any'),
    }),
  },
);

export const history: fc.Arbitrary<History> = fc.record({
  policies: fc.array(policy, { minLength: 4, maxLength: 4 }),
  steps: fc.array(step, { minLength: 1, maxLength: MAX_STEPS, size: 'max' }),
});
