/** Resolves the options into the policy for an attempt in one dimension. */

import type { Policy, PolicyHardStop, PolicyTier } from '../policy/state.js';
import type { Attempt } from '../subject/attempt.js';
import type { CountedDimensions } from '../subject/counted-dimensions.js';
import type { Dimension } from '../subject/dimension.js';
import { DEVICE, DEVICES, SECOND_FACTOR } from '../subject/own-dimensions.js';
import { parseDuration } from '../util/durations.js';
import { describeValue } from '../validation/describe-value.js';
import { invalidOption } from '../validation/invalid-option.js';
import { validateOptions } from '../validation/validate.js';
import { isNoTableOfDurations, ladderSchema } from './dimension-schemas.js';
import type { HardStop, LockoutOptions, PerDimension, Tier, TiersFunction } from './types.js';

const HOUR_MS = 3_600_000;
/** Per username in 24 hours: an attacker who shares the owner's place gets this many more guesses. */
const MAX_TAKEN_BACK = 5;
const DEFAULT_SPRAY_NAMES = 10;
const DAY_MS = 24 * HOUR_MS;
const DEFAULT_COOLOFFS_MS = [HOUR_MS / 4, 2 * HOUR_MS, DAY_MS] as const;
const DEFAULT_THRESHOLDS = [3, 6, 10] as const;
/** For what many people share, above all an address: three typing errors must not lock an office. */
const DEFAULT_SHARED_THRESHOLDS = [30, 60, 100] as const;
/** Whose own devices they are has proved once who they are; a stolen token has a budget of its own, however many there are. */
const DEVICE_THRESHOLDS = new Map<Dimension, readonly [number, number, number]>([
  [DEVICE, [10, 20, 30]],
  [DEVICES, [50, 100, 150]],
]);
const OWN: readonly Dimension[] = [DEVICE, DEVICES, SECOND_FACTOR];
const PER_DIMENSION_OPTIONS = ['tiers', 'forgetAfter', 'forgetFrom', 'resetOnSuccess'] as const;

/** Looks up the policy for an attempt in one dimension. */
export type PolicyLookup = (dimension: Dimension, attempt: Attempt) => Policy;

/** @throws {LockoutConfigError} if a table names a dimension that is not counted, or forgives one that it must not */
export function createPolicyLookup(input: LockoutOptions, dimensions: CountedDimensions): PolicyLookup {
  for (const option of PER_DIMENSION_OPTIONS) rejectUnknownDimensions(option, input[option], dimensions);
  rejectForgivenAddresses(input.resetOnSuccess);

  const rules = readRules(input, dimensions);
  const policies = new Map<string, Policy>();
  const fixedPolicy = (dimension: Dimension): Policy => {
    const known = policies.get(dimension.name);
    if (known) return known;
    const policy = toPolicy(dimension, rules);
    policies.set(dimension.name, policy);
    return policy;
  };
  const { tiers } = input;
  if (typeof tiers !== 'function') return fixedPolicy;

  const laddersOf = cacheLadders(tiers);
  // One object for each ladder of a dimension: stores remember by it what they have made of a policy.
  const withLadder = new WeakMap<readonly PolicyTier[], Map<string, Policy>>();
  return (dimension, attempt) => {
    if (OWN.includes(dimension)) return fixedPolicy(dimension);
    const ladder = laddersOf(attempt, dimension.name);
    const known = withLadder.get(ladder);
    const before = known?.get(dimension.name);
    if (before) return before;
    const policy = { ...fixedPolicy(dimension), tiers: ladder };
    withLadder.set(ladder, (known ?? new Map<string, Policy>()).set(dimension.name, policy));
    return policy;
  };
}

export function toMs(value: unknown, fallback: number): number {
  return parseDuration(value) ?? fallback;
}

/** Returns from how many usernames on failures at one address are a spray; undefined if that is not looked for. */
export function toSprayNames(signals: LockoutOptions['signals'] = {}): number | undefined {
  return signals ? (signals.usernames ?? DEFAULT_SPRAY_NAMES) : undefined;
}

export function toLeaseTimeoutMs(leaseTimeout: LockoutOptions['leaseTimeout']): number {
  return toMs(leaseTimeout, 30_000);
}

/** Returns the given value for the name of a dimension; undefined if there is none. */
type Given<T> = (dimension: string) => T | undefined;

interface Rules {
  readonly tiers: (dimension: Dimension) => readonly PolicyTier[] | undefined;
  readonly forgetAfterMs: Given<number>;
  readonly forgetFrom: Given<'first' | 'last'>;
  readonly resetOnSuccess: Given<boolean | 'all'>;
  readonly leaseTimeoutMs: number;
  readonly hardStop: PolicyHardStop | null;
  readonly sprayNames: number | undefined;
}

/** Reads everything at once: later changes to the options would be unchecked. */
function readRules(
  { tiers, forgetAfter, forgetFrom, resetOnSuccess, leaseTimeout, hardStop, signals }: LockoutOptions,
  dimensions: CountedDimensions,
): Rules {
  return {
    tiers: readLadders(typeof tiers === 'function' ? undefined : tiers, dimensions),
    forgetAfterMs: readGiven(forgetAfter, (duration) => toMs(duration, DAY_MS)),
    forgetFrom: readGiven(forgetFrom, (from) => from),
    resetOnSuccess: readGiven(resetOnSuccess, (forgives) => forgives),
    leaseTimeoutMs: toLeaseTimeoutMs(leaseTimeout),
    hardStop: hardStop ? toPolicyHardStop(hardStop) : null,
    sprayNames: toSprayNames(signals),
  };
}

/**
 * A bare list applies to accounts: at the limit of one account, a few typing errors would lock an office. It applies to addresses
 * only if nothing else is counted.
 */
function readLadders(
  given: readonly Tier[] | PerDimension<readonly Tier[]> | undefined,
  dimensions: CountedDimensions,
): Rules['tiers'] {
  const ladderOf = readGiven(given, (ladder) => ladder.map(toPolicyTier));
  const countsNames = dimensions.countNames();
  const isForNames = Array.isArray(given) && countsNames;
  return (dimension) =>
    isForNames && (!dimension.hasUsername || DEVICE_THRESHOLDS.has(dimension)) ? undefined : ladderOf(dimension.name);
}

function toPolicy(dimension: Dimension, rules: Rules): Policy {
  const { name, hasUsername, parts } = dimension;
  const isShared = !hasUsername && parts.length === 1;
  const forgives = rules.resetOnSuccess(name) ?? true;
  return {
    tiers:
      rules.tiers(dimension) ??
      defaultLadder(DEVICE_THRESHOLDS.get(dimension) ?? (isShared ? DEFAULT_SHARED_THRESHOLDS : DEFAULT_THRESHOLDS)),
    forgetAfterMs: rules.forgetAfterMs(name) ?? (isShared ? DAY_MS : 7 * DAY_MS),
    forgetFrom: rules.forgetFrom(name) ?? (isShared ? 'first' : 'last'),
    leaseTimeoutMs: rules.leaseTimeoutMs,
    resetOnSuccess: forgives === 'all' && (!hasUsername || DEVICE_THRESHOLDS.has(dimension)) ? true : forgives,
    maxTakenBack: hasUsername ? MAX_TAKEN_BACK : Number.POSITIVE_INFINITY,
    hardStop: hasUsername && !DEVICE_THRESHOLDS.has(dimension) ? rules.hardStop : null,
    ...(name === 'ip' && rules.sprayNames !== undefined && { sprayNames: rules.sprayNames }),
  };
}

function defaultLadder(thresholds: readonly number[]): readonly PolicyTier[] {
  return DEFAULT_COOLOFFS_MS.map((cooloffMs, index) => ({ failures: thresholds[index] as number, cooloffMs }));
}

function toPolicyTier({ failures, cooloff }: Tier): PolicyTier {
  return { failures, cooloffMs: toMs(cooloff, 0) };
}

function toPolicyHardStop({ failures, forgetAfter }: HardStop): PolicyHardStop {
  return { failures, forgetAfterMs: toMs(forgetAfter, 365 * DAY_MS) };
}

/** Checks the ladders that a function returns like those in the options, each list once. */
function cacheLadders(tiers: TiersFunction): (attempt: Attempt, dimension: string) => readonly PolicyTier[] {
  const checked = new WeakMap<readonly Tier[], readonly PolicyTier[]>();
  return (attempt, dimension) => {
    const given = tiers(attempt, dimension);
    const known = checked.get(given);
    if (known) return known;
    const ladder = validateOptions(ladderSchema, given, 'the list returned by options.tiers').map(toPolicyTier);
    checked.set(given, ladder);
    return ladder;
  };
}

/** The schema has already distinguished tables from single values. A map, because a dimension function may be named `toString`. */
function readGiven<T, R>(given: T | PerDimension<T> | undefined, read: (value: T) => R): Given<R> {
  if (given === undefined) return () => undefined;
  if (isTable(given)) {
    const byName = new Map(Object.entries<T>(given).map(([name, value]) => [name, read(value)]));
    return (name) => byName.get(name);
  }
  const forAll = read(given as T);
  return () => forAll;
}

function isTable(value: unknown): value is PerDimension<never> {
  return !isNoTableOfDurations(value);
}

function rejectUnknownDimensions(option: string, value: unknown, dimensions: CountedDimensions): void {
  if (!isTable(value) || dimensions.areDynamic) return;
  const unknown = Object.keys(value).find((name) => !dimensions.named(name));
  if (unknown === undefined) return;
  const counted = dimensions.known().map(({ name }) => name);
  const expected = `the name of a counted dimension (${counted.join(', ')})`;
  throw invalidOption(`options.${option}.${unknown}`, expected, `"${unknown}"`);
}

function rejectForgivenAddresses(value: unknown): void {
  if (!isTable(value)) return;
  for (const [name, forgives] of Object.entries(value)) {
    if (forgives !== 'all' || name.split('+').includes('username')) continue;
    const why = 'a success would forgive what others failed there';
    const expected = `true or false for a dimension without the username (${why})`;
    throw invalidOption(`options.resetOnSuccess.${name}`, expected, describeValue(forgives));
  }
}
