/** The options with defaults filled in, durations in milliseconds and one policy per dimension. */

import { LockoutConfigError } from '../errors.js';
import { MessageCatalogue } from '../messages/catalogue.js';
import { parseDuration } from '../policy/durations.js';
import type { Policy, PolicyTier } from '../policy/state.js';
import type { LockoutStore } from '../stores/store.js';
import type { Attempt, LockoutRequest } from '../subject/attempt.js';
import { type Dimension, toDimension } from '../subject/dimension.js';
import { KeyMaker } from '../subject/key.js';
import { createListMatcher, type ListMatcher } from '../subject/lists.js';
import { canonicalUsername } from '../subject/username.js';
import { ladderSchema, optionsSchema } from './schema.js';
import type {
  LockoutOptions,
  OnLockedFunction,
  PerDimension,
  RespondOptions,
  StrategyOptions,
  Tier,
  TiersFunction,
} from './types.js';
import { describeValue, validateOptions } from './validate.js';

const HOUR_MS = 3_600_000;
const DEFAULT_FORGET_AFTER_MS = 24 * HOUR_MS;
const DEFAULT_RETENTION_MS = 30 * 24 * HOUR_MS;
const DEFAULT_COOLOFFS_MS = [HOUR_MS / 4, 2 * HOUR_MS, 24 * HOUR_MS] as const;
const DEFAULT_THRESHOLDS = [3, 6, 10] as const;
/** For what many people share, above all an address: an office must not be locked by three typing errors. */
const DEFAULT_SHARED_THRESHOLDS = [30, 60, 100] as const;

/** Settles which rules hold for an attempt in one dimension. */
type PolicyLookup = (dimension: Dimension, attempt: Attempt) => Policy;

export interface ResolvedOptions {
  readonly store: LockoutStore;
  readonly dimensions: readonly Dimension[];
  readonly policyFor: PolicyLookup;
  readonly keys: KeyMaker;
  readonly enforces: boolean;
  readonly enabled: boolean;
  readonly strategy: StrategyOptions;
  readonly canonicalUsername: (username: unknown) => string | undefined;
  readonly clientIp: ((req: LockoutRequest) => string | undefined) | undefined;
  readonly ipv6Prefix: number;
  readonly isAllowed: ListMatcher | undefined;
  readonly isDenied: ListMatcher | undefined;
  readonly skip: ((req: LockoutRequest) => boolean) | undefined;
  readonly onLocked: 'fail' | 'error' | 'respond' | OnLockedFunction;
  readonly respondWith: RespondOptions;
  readonly attemptsLeft: boolean;
  readonly lockedStatus: number;
  readonly messages: MessageCatalogue;
  readonly retryAfterHeader: boolean;
  readonly onStoreError: 'deny' | 'allow' | 'fallback';
  readonly fallbackStore: LockoutStore | undefined;
  readonly storeTimeoutMs: number;
  readonly busyTimeoutMs: number;
  readonly maxWaiters: number;
  readonly lockCacheTtlMs: number;
  readonly audit: 'background' | 'await' | 'off';
  readonly attemptRetentionMs: number;
  readonly sensitive: ReadonlySet<string>;
}

/**
 * @param createDefaultStore - makes the store when none is given; passed in, so that only the surface knows an adapter
 * @throws {LockoutConfigError} naming each wrong option, what was expected and what was got
 */
export function resolveOptions(input: LockoutOptions, createDefaultStore: () => LockoutStore): ResolvedOptions {
  validateOptions(optionsSchema, input, 'options');
  const dimensions = (input.dimensions ?? ['username', 'ip']).map(toDimension);
  const policyFor = createPolicyLookup(input, dimensions);
  const fold = input.canonicalUsername ?? canonicalUsername;
  const { onStoreError = 'deny' } = input;
  const messages = new MessageCatalogue(input);
  const sensitive = toSensitive(input.sensitive, dimensions);
  const store = input.store ?? createDefaultStore();
  return {
    store,
    dimensions,
    policyFor,
    keys: new KeyMaker(input.pseudonymize),
    enforces: input.mode !== 'monitor',
    enabled: input.enabled ?? true,
    strategy: { username: input.username, ipOnly: input.ipOnly ?? false, isFailure: input.isFailure },
    canonicalUsername: fold,
    clientIp: input.clientIp,
    ipv6Prefix: input.ipv6Prefix ?? 64,
    isAllowed: createListMatcher(input.allow, fold),
    isDenied: createListMatcher(input.deny, fold),
    skip: input.skip,
    onLocked: input.onLocked ?? 'fail',
    respondWith: input.respondWith ?? {},
    attemptsLeft: input.attemptsLeft ?? false,
    lockedStatus: input.lockedStatus ?? 429,
    messages,
    retryAfterHeader: input.retryAfterHeader ?? true,
    onStoreError: typeof onStoreError === 'object' ? 'fallback' : onStoreError,
    fallbackStore: typeof onStoreError === 'object' ? onStoreError.fallback : undefined,
    storeTimeoutMs: toMs(input.storeTimeout, 2_000),
    busyTimeoutMs: toMs(input.busyTimeout, 5_000),
    maxWaiters: input.maxWaiters ?? 100,
    lockCacheTtlMs: toMs(input.lockCacheTtl, 1_000),
    audit: resolveAudit(input.audit, store),
    attemptRetentionMs: toMs(input.attemptRetention, DEFAULT_RETENTION_MS),
    sensitive,
  };
}

/** What an attempt is known by besides the parts that are counted. */
const ATTEMPT_PARTS = ['username', 'ip', 'userAgent', 'path'];

function toSensitive(names: readonly string[] = [], dimensions: readonly Dimension[]): ReadonlySet<string> {
  const counted = dimensions.flatMap(({ parts }) => parts.map(({ name }) => name));
  const known = new Set([...ATTEMPT_PARTS, ...counted]);
  const unknown = names.findIndex((name) => !known.has(name));
  if (unknown < 0) return new Set(names);
  const got = describeValue(names[unknown]);
  throw new LockoutConfigError(
    'ERR_LOCKOUT_OPTION_INVALID',
    `options.sensitive[${unknown}]: expected one of ${[...known].join(', ')}, got ${got}`,
  );
}

function resolveAudit(audit: LockoutOptions['audit'], store: LockoutStore): ResolvedOptions['audit'] {
  if (store.attempts) return audit ?? 'background';
  if (audit === undefined || audit === 'off') return 'off';
  throw new LockoutConfigError(
    'ERR_LOCKOUT_OPTION_INVALID',
    `options.audit: expected 'off' for a store without an access log (attempts), got "${audit}" (a string)`,
  );
}

function createPolicyLookup(input: LockoutOptions, dimensions: readonly Dimension[]): PolicyLookup {
  const names = dimensions.map(({ name }) => name);
  for (const option of ['tiers', 'forgetAfter', 'forgetFrom'] as const)
    rejectUnknownDimensions(option, input[option], names);

  const policies = new Map(dimensions.map((dimension) => [dimension.name, toPolicy(dimension, input)]));
  const { tiers } = input;
  if (typeof tiers !== 'function') return (dimension) => policies.get(dimension.name) as Policy;

  const laddersOf = cacheLadders(tiers);
  return (dimension, attempt) => {
    const policy = policies.get(dimension.name) as Policy;
    return { ...policy, tiers: laddersOf(attempt, dimension.name) };
  };
}

function toPolicy(dimension: Dimension, input: LockoutOptions): Policy {
  const { name, hasUsername, parts } = dimension;
  const isShared = !hasUsername && parts.length === 1;
  const tiers = typeof input.tiers === 'function' ? undefined : forDimension<readonly Tier[]>(input.tiers, name);
  return {
    tiers: tiers ? tiers.map(toPolicyTier) : defaultLadder(isShared ? DEFAULT_SHARED_THRESHOLDS : DEFAULT_THRESHOLDS),
    forgetAfterMs: toMs(forDimension(input.forgetAfter, name), DEFAULT_FORGET_AFTER_MS),
    forgetFrom: forDimension(input.forgetFrom, name) ?? (isShared ? 'first' : 'last'),
    leaseTimeoutMs: toMs(input.leaseTimeout, 30_000),
    resetOnSuccess: hasUsername && (input.resetOnSuccess ?? true),
  };
}

function defaultLadder(thresholds: readonly number[]): readonly PolicyTier[] {
  return DEFAULT_COOLOFFS_MS.map((cooloffMs, index) => ({ failures: thresholds[index] as number, cooloffMs }));
}

function toPolicyTier({ failures, cooloff }: Tier): PolicyTier {
  return { failures, cooloffMs: toMs(cooloff, 0) };
}

/** Checks a function's ladders as those of the options are, each list once. */
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

type ForAllOrPerDimension<T> = T | PerDimension<T> | undefined;

/** The schema has told tables and single values apart already; here only the table's key is looked up. */
function forDimension<T>(value: ForAllOrPerDimension<T>, name: string): T | undefined {
  if (!isTable(value)) return value as T | undefined;
  // A dimension may be a function named `toString`, which every table inherits.
  return Object.hasOwn(value, name) ? (value[name] as T) : undefined;
}

function isTable(value: unknown): value is PerDimension<never> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return parseDuration(value) === undefined;
}

function rejectUnknownDimensions(option: string, value: unknown, names: readonly string[]): void {
  if (!isTable(value)) return;
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new LockoutConfigError(
    'ERR_LOCKOUT_OPTION_INVALID',
    `options.${option}.${unknown}: expected the name of a counted dimension (${names.join(', ')}), got "${unknown}"`,
  );
}

function toMs(value: unknown, fallback: number): number {
  return parseDuration(value) ?? fallback;
}
