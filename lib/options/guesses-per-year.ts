/** What the options grant to a patient attacker, in guesses. */
import { mostGuesses } from '../policy/guesses.js';
import { type Attempt, UNKNOWN_ATTEMPT } from '../subject/attempt.js';
import { validateOptions } from '../validation/validate.js';
import type { ResolvedOptions } from './resolve.js';
import { resolveDimensions } from './resolve-dimensions.js';
import { createPolicyLookup } from './resolve-policies.js';
import { optionsSchema } from './schema.js';
import type { LockoutOptions } from './types.js';

export interface GuessBudget {
  /** The dimension, e.g. `username`: the guesses at one account, from however many addresses. */
  readonly dimension: string;
  /** At most so many are verified in 365 days; `Infinity` where nothing is refused. */
  readonly guesses: number;
}

type Rules = Pick<ResolvedOptions, 'dimensions' | 'policyFor' | 'enforces' | 'enabled'>;

const YEAR_MS = 365 * 24 * 3_600_000;

/**
 * How many guesses an attacker who knows the options, and waits as long as it pays, can have verified at one subject of each
 * dimension in a year. An upper bound, nearly exact. Right logins of the user himself forgive failures in between
 * (`resetOnSuccess`) and grant him as many again; so does each `reset`.
 *
 * @param attempt - given to options that are functions of the attempt; by default one of which nothing is known
 * @example
 * ```ts
 * guessesPerYear(); // [{ dimension: 'username', guesses: 3012 }, { dimension: 'ip', guesses: 36225 }]
 * ```
 * @throws {LockoutConfigError} for wrong options
 */
export function guessesPerYear(options: LockoutOptions = {}, attempt: Partial<Attempt> = {}): readonly GuessBudget[] {
  validateOptions(optionsSchema, options, 'options');
  const dimensions = resolveDimensions(options.dimensions);
  const rules = {
    dimensions,
    policyFor: createPolicyLookup(options, dimensions),
    enforces: options.mode !== 'monitor',
    enabled: options.enabled !== false,
  };
  return guessesGrantedBy(rules, attempt);
}

/** The same by options that are resolved already, such as those of a running lockout. */
export function guessesGrantedBy(
  { dimensions, policyFor, enforces, enabled }: Rules,
  attempt: Partial<Attempt> = {},
): readonly GuessBudget[] {
  const refuses = enforces && enabled;
  const whole = { ...UNKNOWN_ATTEMPT, ...attempt };
  return dimensions.of(whole).map((dimension) => ({
    dimension: dimension.name,
    guesses: refuses ? mostGuesses(policyFor(dimension, whole), YEAR_MS) : Number.POSITIVE_INFINITY,
  }));
}
