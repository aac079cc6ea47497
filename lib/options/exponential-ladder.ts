/** Makes a ladder from a formula instead of a list. */

import { Duration } from 'luxon';
import * as z from 'zod/mini';
import { type DurationInput, parseDuration } from '../util/durations.js';
import { duration } from '../validation/fields.js';
import { invalidOption } from '../validation/invalid-option.js';
import { validateOptions } from '../validation/validate.js';
import { failures } from './dimension-schemas.js';
import type { Tier } from './types.js';

/** Where a ladder of `exponentialLadder` begins, how fast it grows, and where it ends. */
export interface ExponentialLadderOptions {
  /** The failures of the first tier, from 1. */
  readonly after: number;
  /** The first cool-off; more than 0. */
  readonly base: DurationInput;
  /**
   * How many times longer each further cool-off is, from 1.1 to 1,000.
   * @default 2
   */
  readonly factor?: number | undefined;
  /** The longest cool-off, at least `base`; also used for all failures after it. */
  readonly cap: DurationInput;
  /**
   * The failures from one tier to the next, from 1.
   * @default 1
   */
  readonly every?: number | undefined;
}

const factorRange = 'a number from 1.1 to 1,000';

const schema = z.strictObject(
  {
    after: failures,
    base: duration(1),
    factor: z.optional(z.number(factorRange).check(z.minimum(1.1, factorRange), z.maximum(1_000, factorRange))),
    cap: duration(1),
    every: z.optional(failures),
  } satisfies Record<keyof ExponentialLadderOptions, z.ZodMiniType>,
  'an object { after, base, factor, cap, every }',
);

/**
 * Returns a ladder whose cool-offs grow by a factor up to a cap: `base`, `base * factor`, `base * factor ** 2`, ..., `cap`.
 *
 * @example
 * ```ts
 * // 3 failures lock for 1 minute, the 4th for 2, the 5th for 4, ..., from the 14th on for 1 day.
 * const tiers = exponentialLadder({ after: 3, base: { minutes: 1 }, cap: { days: 1 } });
 * ```
 * @throws {LockoutConfigError} naming each wrong value, what was expected and what was given
 */
export function exponentialLadder(options: ExponentialLadderOptions): readonly Tier[] {
  const { after, base, factor = 2, cap, every = 1 } = validateOptions(schema, options, 'exponentialLadder options');
  const baseMs = parseDuration(base) as number;
  const capMs = parseDuration(cap) as number;
  if (capMs < baseMs) {
    throw invalidOption('exponentialLadder options.cap', `at least base (${baseMs} ms)`, `${capMs} ms`);
  }
  const tiers: Tier[] = [];
  for (let step = 0, cooloffMs = 0; cooloffMs < capMs; step += 1) {
    cooloffMs = Math.min(capMs, Math.round(baseMs * factor ** step));
    tiers.push({ failures: after + step * every, cooloff: Duration.fromMillis(cooloffMs) });
  }
  return tiers;
}
