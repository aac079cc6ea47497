/** Estimates how many guesses the options grant a patient attacker. */

import { mostGuesses } from '../policy/guesses.js';
import type { Policy } from '../policy/state.js';
import { type Attempt, UNKNOWN_ATTEMPT } from '../subject/attempt.js';
import type { Dimension } from '../subject/dimension.js';
import { describeKind } from '../validation/describe-value.js';
import { invalidOption } from '../validation/invalid-option.js';
import { validateOptions } from '../validation/validate.js';
import { withGuardedFunctions } from './guard-functions.js';
import type { ResolvedOptions } from './resolve.js';
import { resolveDimensions } from './resolve-dimensions.js';
import { createPolicyLookup } from './resolve-policies.js';
import { optionsSchema } from './schema.js';
import type { LockoutOptions } from './types.js';

/** How many guesses the options allow in one dimension, as `guessesPerYear` computes it. */
export interface GuessBudget {
  /** The dimension, e.g. `username`: the guesses at one account, from however many addresses. */
  readonly dimension: string;
  /**
   * The most guesses verified in 365 days from anywhere but where the owner logs in, however often the owner does. With
   * `resetOnSuccess: 'all'` this holds only while the owner does not log in. `Infinity` if nothing is refused.
   */
  readonly guesses: number;
  /**
   * The same for an attacker who shares the owner's address, with logins of the owner at the worst times: 5 more per day.
   * `Infinity` with `resetOnSuccess: 'all'`: each login of the owner grants the whole ladder again. Null for a dimension
   * without the username, which has no owner.
   */
  readonly atOwnersPlace: number | null;
}

type Rules = Pick<ResolvedOptions, 'dimensions' | 'policyFor' | 'enforces' | 'enabled'>;

const DAYS = 365;
const YEAR_MS = DAYS * 24 * 3_600_000;

/**
 * Returns how many guesses an attacker who knows the options, and waits as long as it pays, can have verified at one subject of
 * each dimension in a year. An upper bound, nearly exact. Each `reset` grants as many again.
 *
 * @param attempt - passed to options that are functions of the attempt; by default an attempt with nothing known
 * @example
 * ```ts
 * guessesPerYear();
 * // [
 * //   { dimension: 'username', guesses: 472, atOwnersPlace: 2297 },
 * //   { dimension: 'ip', guesses: 36225, atOwnersPlace: null },
 * // ]
 * ```
 * @throws {LockoutConfigError} for wrong options
 */
export function guessesPerYear(options: LockoutOptions = {}, attempt: Partial<Attempt> = {}): readonly GuessBudget[] {
  validateOptions(optionsSchema, options, 'options');
  if (typeof attempt !== 'object' || attempt === null) {
    throw invalidOption('guessesPerYear attempt', 'an object', describeKind(attempt));
  }
  const guarded = withGuardedFunctions(options, 'options');
  const dimensions = resolveDimensions(guarded.dimensions);
  const rules = {
    dimensions,
    policyFor: createPolicyLookup(guarded, dimensions),
    enforces: options.mode !== 'monitor',
    enabled: options.enabled !== false,
  };
  return guessesGrantedBy(rules, attempt);
}

/** Like `guessesPerYear`, for options that are already resolved, such as those of a running lockout. */
export function guessesGrantedBy(
  { dimensions, policyFor, enforces, enabled }: Rules,
  attempt: Partial<Attempt> = {},
): readonly GuessBudget[] {
  const refuses = enforces && enabled;
  const whole = { ...UNKNOWN_ATTEMPT, ...attempt };
  return dimensions.of(whole).map((dimension) => ({
    dimension: dimension.name,
    ...budgetOf(refuses ? policyFor(dimension, whole) : undefined, dimension),
  }));
}

/** @param policy - undefined if nothing is refused */
function budgetOf(policy: Policy | undefined, { hasUsername }: Dimension): Omit<GuessBudget, 'dimension'> {
  const guesses = policy ? mostGuesses(policy, YEAR_MS) : Number.POSITIVE_INFINITY;
  if (!hasUsername) return { guesses, atOwnersPlace: null };
  if (policy?.resetOnSuccess === 'all') return { guesses, atOwnersPlace: Number.POSITIVE_INFINITY };
  return { guesses, atOwnersPlace: guesses + (policy?.resetOnSuccess ? DAYS * policy.maxTakenBack : 0) };
}
