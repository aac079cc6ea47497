/** Which dimensions count: the same for every attempt, or chosen by a function of it. */
import type { Attempt } from './attempt.js';
import { BUILT_IN_PARTS, type Dimension, type DimensionInput, type DimensionPart, toDimension } from './dimension.js';

/** Returns the dimensions of one attempt, e.g. only the address on a partner's network. */
export type DimensionsFunction = (attempt: Attempt) => readonly DimensionInput[];

export interface CountedDimensions {
  /** Returns the dimensions of one attempt. */
  of(attempt: Attempt): readonly Dimension[];
  /** Returns undefined if the dimension is not counted or, when `dimensions` is a function, not a valid name. */
  named(name: string): Dimension | undefined;
  /** Returns all dimensions of a list, or those that a function has returned so far. */
  known(): readonly Dimension[];
  /** Returns the names of the parts that a subject may be made of. */
  partNames(): readonly string[];
  /** Whether usernames count anywhere, or may when `dimensions` is a function. */
  countNames(): boolean;
  /** Whether addresses count anywhere, or may when `dimensions` is a function. */
  countAddresses(): boolean;
  /** Whether `dimensions` is a function of the attempt. */
  readonly areDynamic: boolean;
}

export function listedDimensions(inputs: readonly DimensionInput[]): CountedDimensions {
  const dimensions = inputs.map(toDimension);
  return {
    of: () => dimensions,
    named: (name) => dimensions.find((dimension) => dimension.name === name),
    known: () => dimensions,
    partNames: () => namesOf(dimensions),
    countNames: () => dimensions.some(({ hasUsername }) => hasUsername),
    countAddresses: () => dimensions.some(({ hasIp }) => hasIp),
    areDynamic: false,
  };
}

/** @param check - throws for anything that is not a list of dimensions; each list is checked once */
export function dynamicDimensions(
  select: DimensionsFunction,
  check: (returned: unknown) => readonly DimensionInput[],
): CountedDimensions {
  const checked = new WeakMap<readonly DimensionInput[], readonly Dimension[]>();
  const byName = new Map<string, Dimension>();
  const known = () => [...byName.values()];
  const take = (returned: readonly DimensionInput[]) => {
    const dimensions = check(returned).map(toDimension);
    for (const dimension of dimensions) byName.set(dimension.name, dimension);
    checked.set(returned, dimensions);
    return dimensions;
  };
  return {
    of: (attempt) => {
      const returned = select(attempt);
      return checked.get(returned) ?? take(returned);
    },
    // An operator may ask before the first attempt.
    named: (name) => byName.get(name) ?? builtIn(name),
    known,
    partNames: () => [...new Set([...BUILT_IN_PARTS, ...namesOf(known())])],
    countNames: () => true,
    countAddresses: () => true,
    areDynamic: true,
  };
}

function namesOf(dimensions: readonly Dimension[]): readonly string[] {
  return [...new Set(dimensions.flatMap(({ parts }) => parts.map(({ name }) => name)))];
}

function builtIn(name: string): Dimension | undefined {
  const parts = name.split('+');
  if (parts.some((part) => !BUILT_IN_PARTS.includes(part))) return undefined;
  const dimension = toDimension(parts as readonly DimensionPart[]);
  return dimension.name === name ? dimension : undefined;
}
