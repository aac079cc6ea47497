/** What each dimension grants a guesser: its ladder, what forgives, and the guesses of a year. */
import { type GuessBudget, guessesGrantedBy } from '../../../options/guesses-per-year.js';
import type { ResolvedOptions } from '../../../options/resolve.js';
import type { Policy } from '../../../policy/state.js';
import { UNKNOWN_ATTEMPT } from '../../../subject/attempt.js';
import type { Dimension } from '../../../subject/dimension.js';
import { DEVICE, DEVICES, SECOND_FACTOR } from '../../../subject/own-dimensions.js';
import { asked } from '../../../util/asked.js';

export interface LadderFacts {
  readonly dimension: string;
  /** Undefined if the application's function `tiers` fails for an attempt of which nothing is known. */
  readonly policy: Pick<Policy, 'tiers' | 'hardStop' | 'forgetAfterMs' | 'forgetFrom' | 'resetOnSuccess'> | undefined;
  /** Undefined if it is not known, as for the second factor and for devices. */
  readonly budget: GuessBudget | undefined;
}

/** Of the listed dimensions, or those that a function has returned so far; then those of known devices and second factors. */
export function readLadders(options: ResolvedOptions): readonly LadderFacts[] {
  const { dimensions, policyFor } = options;
  const own = [DEVICE, DEVICES, SECOND_FACTOR].filter(({ name }) => dimensions.named(name) !== undefined);
  // A function that is asked here would seem to have counted what it returns.
  const budgets = dimensions.areDynamic ? undefined : asked(() => guessesGrantedBy(options));
  const toFacts = (dimension: Dimension): LadderFacts => ({
    dimension: dimension.name,
    policy: asked(() => policyFor(dimension, UNKNOWN_ATTEMPT)),
    budget: budgets?.find((budget) => budget.dimension === dimension.name),
  });
  return [...dimensions.known(), ...own].map(toFacts);
}
