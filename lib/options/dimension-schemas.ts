/** Schemas of the options about dimensions: which ones are counted, and the values for each. */
import * as z from 'zod/mini';
import { BUILT_IN_PARTS, type DimensionInput } from '../subject/dimension.js';
import { isDurationObject } from '../util/durations.js';
import { addIssuesOf, cooloff, custom, wholeNumber } from '../validation/fields.js';
import type { Tier } from './types.js';

const PART_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

/** A number of failures, as in thresholds. */
export const failures = wholeNumber(1, 1_000_000, 'a whole number from 1 to 1,000,000');

/** One ladder; also for the return value of a `tiers` function. */
export const ladderSchema = z
  .array(z.strictObject({ failures, cooloff }, 'a tier { failures, cooloff }'), 'a list of tiers { failures, cooloff }')
  .check(
    z.minLength(1, 'at least one tier'),
    z.superRefine((tiers, context) => {
      const at = tiers.findIndex((tier, index) => index > 0 && tier.failures <= (tiers[index - 1] as Tier).failures);
      if (at < 0) return;
      const message = `more failures than the tier before it (${tiers[at - 1]?.failures}): tiers ascend`;
      context.addIssue({ code: 'custom', message, path: [at, 'failures'] });
    }),
  );

const isPart = (value: unknown) =>
  typeof value === 'function'
    ? PART_NAME.test(value.name) && !BUILT_IN_PARTS.includes(value.name)
    : BUILT_IN_PARTS.includes(value as string);
const partName = (value: unknown) => (typeof value === 'function' ? value.name : String(value));
const hasDuplicates = (names: readonly string[]) => new Set(names).size !== names.length;

const dimension = custom<DimensionInput>(
  `${BUILT_IN_PARTS.map((name) => `'${name}'`).join(', ')}, a function with a name of its own, or a list of them without repeats`,
  (value) => {
    const parts = Array.isArray(value) ? value : [value];
    return parts.length > 0 && parts.every(isPart) && !hasDuplicates(parts.map(partName));
  },
);

const dimensionName = (value: unknown) =>
  Array.isArray(value) ? value.map(partName).sort().join('+') : partName(value);
/** A list of dimensions; also for the return value of a `dimensions` function. */
export const dimensionsSchema = z.array(dimension, 'a list of dimensions, or a function of the attempt').check(
  z.minLength(1, 'at least one dimension'),
  z.refine((items) => !hasDuplicates(items.map(dimensionName)), 'each dimension only once'),
);
export const dimensions = z.unknown().check(
  z.superRefine((value, context) => {
    if (typeof value !== 'function') addIssuesOf(dimensionsSchema, value, context);
  }),
);

/** One value for all dimensions, or an object of values by dimension. */
export function perDimension(schema: z.ZodMiniType, isForAll: (value: unknown) => boolean, expected: string) {
  const table = z.record(z.string(), schema, expected);
  return z.unknown().check(
    z.superRefine((value, context) => {
      addIssuesOf(isForAll(value) ? schema : table, value, context);
    }),
  );
}

/** Whether the value cannot be an object of values by dimension. */
export const isNoTable = (value: unknown) => typeof value !== 'object' || value === null || Array.isArray(value);
/** Like `isNoTable`, for an option whose single value may be an object, because it is a duration. */
export const isNoTableOfDurations = (value: unknown) => isNoTable(value) || isDurationObject(value as object);

const laddersByDimension = perDimension(
  ladderSchema,
  isNoTable,
  'a list of tiers, an object of such lists by dimension, or a function of attempt and dimension',
);
export const tiers = z.unknown().check(
  z.superRefine((value, context) => {
    if (typeof value !== 'function') addIssuesOf(laddersByDimension, value, context);
  }),
);
