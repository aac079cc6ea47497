/** Resolves the options: defaults filled in, durations in milliseconds, one policy per dimension. */

import type { KeyObject } from 'node:crypto';
import { type KnownDevicesRules, resolveKnownDevices } from '../devices/resolve.js';
import { MessageCatalogue } from '../messages/catalogue.js';
import type { LockoutStore } from '../stores/store.js';
import { createListMatcher, type ListMatcher } from '../subject/access-list.js';
import type { AnyRequest, LockoutRequest } from '../subject/attempt.js';
import type { CountedDimensions } from '../subject/counted-dimensions.js';
import type { Fold } from '../subject/given-name.js';
import { KeyMaker } from '../subject/key.js';
import { DEVICE, DEVICES, SECOND_FACTOR, withOwnDimensions } from '../subject/own-dimensions.js';
import { toLockoutRequest } from '../subject/standard-request.js';
import { canonicalUsername, MALFORMED_USERNAME, MAX_USERNAME_CHARS } from '../subject/username.js';
import { asked, memberOf } from '../util/asked.js';
import { hasEngine } from '../util/engine-symbol.js';
import { isObject } from '../util/is-object.js';
import { type Keys, SecretKeys } from '../util/secret-keys.js';
import { describeValue } from '../validation/describe-value.js';
import { invalidOption } from '../validation/invalid-option.js';
import { validateOptions } from '../validation/validate.js';
import type { InfoFunction, OnLockedFunction, RespondOptions } from './answer-types.js';
import { withGuardedFunctions } from './guard-functions.js';
import { resolveDimensions } from './resolve-dimensions.js';
import { createPolicyLookup, type PolicyLookup, toLeaseTimeoutMs, toMs, toSprayNames } from './resolve-policies.js';
import { resolveSensitive } from './resolve-sensitive.js';
import { isStore, optionsSchema } from './schema.js';
import type { LockoutOptions, StrategyOptions } from './types.js';

const DEFAULT_RETENTION_MS = 30 * 24 * 3_600_000;
const GUESS_PURPOSE = 'passport-lockout guess 1';
const UNLOCK_PURPOSE = 'passport-lockout unlock token 1';

/** When failures are an attack. */
export interface AttackRule {
  readonly newFailures: number;
  readonly factor: number;
}

export interface ResolvedOptions {
  /** The options that the application has set; the others have their defaults. */
  readonly given: ReadonlySet<string>;
  readonly store: LockoutStore;
  readonly dimensions: CountedDimensions;
  readonly policyFor: PolicyLookup;
  readonly keys: KeyMaker;
  readonly enforces: boolean;
  readonly enabled: boolean;
  readonly strategy: StrategyOptions;
  readonly canonicalUsername: Fold;
  /** Whether no two accounts fold to the same name. */
  readonly usernamesAreUnique: boolean;
  readonly clientIp: ((req: LockoutRequest) => string | undefined) | undefined;
  readonly ipv6Prefix: number;
  readonly isAllowed: ListMatcher | undefined;
  readonly isDenied: ListMatcher | undefined;
  /** Like `isDenied`, while only the address is known. */
  readonly isAddressDenied: ListMatcher | undefined;
  readonly skip: ((req: AnyRequest) => boolean) | undefined;
  readonly onLocked: 'fail' | 'error' | 'respond' | OnLockedFunction;
  readonly info: InfoFunction | undefined;
  readonly respondWith: RespondOptions;
  readonly attemptsLeft: boolean;
  readonly lockedStatus: number;
  readonly messages: MessageCatalogue;
  readonly retryAfterHeader: boolean;
  readonly onStoreError: 'deny' | 'allow' | 'fallback';
  readonly fallbackStore: LockoutStore | undefined;
  readonly storeTimeoutMs: number;
  readonly leaseTimeoutMs: number;
  readonly busyTimeoutMs: number;
  readonly maxWaiters: number;
  readonly lockCacheTtlMs: number;
  readonly attemptLog: 'background' | 'await' | 'off';
  readonly attemptLogRetentionMs: number;
  readonly sensitive: ReadonlySet<string>;
  /** Infinity for no bound. */
  readonly attemptLogPerUsername: number;
  /** Infinity for no bound. */
  readonly attemptLogPerAddress: number;
  /** Undefined without a secret. */
  readonly unlockKeys: Keys | undefined;
  /** Makes the digests of guesses; undefined if each guess counts. */
  readonly guessKey: KeyObject | undefined;
  /** Undefined if no device is known. */
  readonly devices: KnownDevicesRules | undefined;
  /** Whether a strategy that is told who logs in, and checks a single value, checks a second factor. */
  readonly infersFactor: boolean;
  /** From how many usernames on it is a spray; 0 if it is not looked for. */
  readonly sprayNames: number;
  /** Undefined if attacks are not looked for. */
  readonly attackRule: AttackRule | undefined;
}

/**
 * @param createDefaultStore - makes the store if none is given; passed in, so that only the surface knows an adapter
 * @throws {LockoutConfigError} naming each wrong option, what was expected and what was given
 */
export function resolveOptions(given: LockoutOptions, createDefaultStore: () => LockoutStore): ResolvedOptions {
  if (asked(() => isStore(given))) {
    throw invalidOption('options', 'an object of options', 'a store; pass { store }');
  }
  if (hasEngine(memberOf(given, 'lockout'))) {
    throw invalidOption('options', 'an object of options', 'an object { lockout }; pass the Lockout itself');
  }
  rejectUnlockTokenSecret(given);
  validateOptions(optionsSchema, given, 'options');
  const input = withGuardedFunctions(given, 'options');
  const knowsDevices = input.secret !== undefined && input.knownDevices !== false;
  const own = knowsDevices ? [DEVICE, DEVICES, SECOND_FACTOR] : [];
  const dimensions = withOwnDimensions(resolveDimensions(input.dimensions), own);
  const policyFor = createPolicyLookup(input, dimensions);
  const fold = resolveFold(input);
  const { onStoreError = 'deny' } = input;
  const messages = new MessageCatalogue(input);
  const sensitive = resolveSensitive(input.sensitive, dimensions);
  const store = input.store ?? createDefaultStore();
  return {
    given: new Set(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]))),
    store,
    dimensions,
    policyFor,
    keys: resolveKeys(input.pseudonymize),
    enforces: input.mode !== 'monitor',
    enabled: input.enabled ?? true,
    strategy: { username: input.username, ipOnly: input.ipOnly ?? false, isFailure: input.isFailure },
    canonicalUsername: fold,
    usernamesAreUnique: input.usernames?.unique ?? false,
    clientIp: input.clientIp,
    ipv6Prefix: input.ipv6Prefix ?? 64,
    isAllowed: createListMatcher(input.allow, fold),
    ...resolveDenied(input, fold),
    skip: resolveSkip(input.skip),
    onLocked: input.onLocked ?? 'fail',
    info: input.info,
    respondWith: input.respondWith ?? {},
    attemptsLeft: input.attemptsLeft ?? false,
    lockedStatus: input.lockedStatus ?? 429,
    messages,
    retryAfterHeader: input.retryAfterHeader ?? true,
    onStoreError: typeof onStoreError === 'object' ? 'fallback' : onStoreError,
    fallbackStore: typeof onStoreError === 'object' ? onStoreError.fallback : undefined,
    storeTimeoutMs: toMs(input.storeTimeout, 2_000),
    leaseTimeoutMs: toLeaseTimeoutMs(input.leaseTimeout),
    busyTimeoutMs: toMs(input.busyTimeout, 5_000),
    maxWaiters: input.maxWaiters ?? 100,
    lockCacheTtlMs: toMs(input.lockCacheTtl, 1_000),
    attemptLog: resolveAttemptLog(input.attemptLog, store),
    attemptLogRetentionMs: toMs(input.attemptLogRetention, DEFAULT_RETENTION_MS),
    sensitive,
    attemptLogPerUsername: resolveBound(input, store, 'attemptLogPerUsername', 1_000),
    attemptLogPerAddress: resolveBound(input, store, 'attemptLogPerAddress', 10_000),
    ...resolveSecret(input),
    sprayNames: toSprayNames(input.signals) ?? 0,
    attackRule: resolveAttackRule(input.signals),
  };
}

/** Nobody who only wants unlock links is to set cookies without noticing. */
function rejectUnlockTokenSecret(given: unknown): void {
  if (!asked(() => isObject(given) && 'unlockTokenSecret' in given)) return;
  const expected = 'options.secret instead, which turns on known devices as well, unless options.knownDevices is false';
  throw invalidOption('options.unlockTokenSecret', expected, 'a value (not shown, it may be a secret)');
}

function resolveSecret({
  secret,
  knownDevices,
  repeatedGuess,
}: LockoutOptions): Pick<ResolvedOptions, 'unlockKeys' | 'guessKey' | 'devices' | 'infersFactor'> {
  if (secret === undefined) {
    if (knownDevices) throw invalidOption('options.secret', 'a secret for options.knownDevices', 'undefined');
    if (repeatedGuess === 'once')
      throw invalidOption('options.secret', "a secret for repeatedGuess: 'once'", 'undefined');
    return { unlockKeys: undefined, guessKey: undefined, devices: undefined, infersFactor: false };
  }
  const secrets = new SecretKeys(secret);
  const devices = resolveKnownDevices(knownDevices);
  return {
    unlockKeys: secrets.for(UNLOCK_PURPOSE),
    guessKey: repeatedGuess === 'count' ? undefined : secrets.for(GUESS_PURPOSE)[0],
    devices: devices && { secrets, options: devices },
    infersFactor: devices !== undefined,
  };
}

function resolveAttackRule(signals: LockoutOptions['signals'] = {}): AttackRule | undefined {
  return signals ? { newFailures: signals.newFailures ?? 20, factor: signals.factor ?? 5 } : undefined;
}

function resolveSkip(skip: LockoutOptions['skip']): ResolvedOptions['skip'] {
  return skip && ((req) => skip(toLockoutRequest(req)));
}

function resolveKeys(input: LockoutOptions['pseudonymize']): KeyMaker {
  if (typeof input !== 'object') return new KeyMaker(input);
  return new KeyMaker(input.current, [input.previous].flat());
}

function resolveFold({ canonicalUsername: own, usernames }: LockoutOptions): Fold {
  const accents = usernames?.accents;
  if (own === undefined) return accents === 'keep' ? (name) => canonicalUsername(name, { accents }) : canonicalUsername;
  if (accents === undefined) return (name) => bounded(own(name));
  const expected =
    'nothing next to options.canonicalUsername, in which you may call canonicalUsername(name, { accents })';
  throw invalidOption('options.usernames.accents', expected, `"${accents}" (a string)`);
}

/** Bounds names like the built-in fold: longer ones are not names, and a client must not fill every event. */
function bounded(folded: string | undefined): string | undefined {
  return folded !== undefined && folded.length > MAX_USERNAME_CHARS ? MALFORMED_USERNAME : folded;
}

function resolveDenied(
  { deny, restrictTo }: LockoutOptions,
  fold: Fold,
): Pick<ResolvedOptions, 'isDenied' | 'isAddressDenied'> {
  const isListed = createListMatcher(deny, fold);
  const isAdmitted = createListMatcher(restrictTo, fold);
  if (!restrictTo || !isAdmitted) return { isDenied: isListed, isAddressDenied: isListed };
  const isDenied: ListMatcher = (attempt) => isListed?.(attempt) === true || !isAdmitted(attempt);
  // The name matters as well, and only the login reveals it.
  const dependsOnName = restrictTo.when !== undefined || (restrictTo.usernames?.length ?? 0) > 0;
  return { isDenied, isAddressDenied: dependsOnName ? isListed : isDenied };
}

function resolveAttemptLog(write: LockoutOptions['attemptLog'], store: LockoutStore): ResolvedOptions['attemptLog'] {
  if (store.attemptLog) return write ?? 'background';
  if (write === undefined || write === 'off') return 'off';
  throw invalidOption('options.attemptLog', "'off' for a store without an attempt log", `"${write}" (a string)`);
}

function resolveBound(
  input: LockoutOptions,
  store: LockoutStore,
  name: 'attemptLogPerUsername' | 'attemptLogPerAddress',
  byDefault: number,
): number {
  const entries = input[name];
  if (!store.attemptLog?.isCapped) return entries === 'all' ? Number.POSITIVE_INFINITY : (entries ?? byDefault);
  if (entries === undefined || entries === 'all') return Number.POSITIVE_INFINITY;
  throw invalidOption(
    `options.${name}`,
    "'all' for a log that is only bounded as a whole, as in Redis: set maxAttempts of RedisStore, or keep the log elsewhere by its option attemptLogStore",
    describeValue(entries),
  );
}
