/** What each option must be. The texts complete the sentence "expected ..., got ...". */
import * as z from 'zod';
import { isLocale } from '../messages/catalogue.js';
import type { MessageTexts } from '../messages/texts.js';
import type { LockoutStore } from '../stores/store.js';
import type { DimensionInput } from '../subject/dimension.js';
import { parseNetwork } from '../subject/lists.js';
import { DURATION_EXPECTED, isDurationObject, parseDuration } from '../util/durations.js';
import type {
  AccessList,
  HardStop,
  LockoutOptions,
  RespondOptions,
  SecretRotation,
  StrategyOptions,
  Tier,
} from './types.js';

/** Timers of Node overflow beyond 2^31 - 1 ms and then fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;
const STORE_METHODS = [
  'reserve',
  'settle',
  'read',
  'list',
  'block',
  'clear',
  'erase',
  'sweep',
  'lift',
  'close',
] as const;
const PART_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
const BUILT_IN_PARTS = ['ip', 'username', 'userAgent'];

type Function = (...args: never[]) => unknown;

function expect<T>(expected: string, accepts: (value: unknown) => boolean): z.ZodType<T> {
  return z.custom<T>(accepts, expected);
}

const aFunction = (what: string) =>
  expect<Function>(`a function ${what}`, (value) => typeof value === 'function') as z.ZodType<never>;
const aBoolean = z.boolean('true or false');
const aText = z.string('a text').min(1, 'a text that is not empty');

function wholeNumber(min: number, max: number, expected: string) {
  return z.int(expected).min(min, expected).max(max, expected);
}

function durationMs(range: string, min: number, max: number): z.ZodType<number> {
  return expect(`${DURATION_EXPECTED}, ${range}`, (value) => {
    const ms = parseDuration(value);
    return ms !== undefined && ms >= min && ms <= max;
  });
}

const timerDuration = (min: number) =>
  durationMs(min > 0 ? 'over 0, at most 24 days' : '0 to 24 days', min, MAX_TIMER_MS);
export const duration = (min: number) => durationMs(min > 0 ? 'over 0' : 'from 0', min, Number.MAX_SAFE_INTEGER);
export const cooloff = expect<Tier['cooloff']>(`${DURATION_EXPECTED}, over 0, or 'forever'`, (value) => {
  const ms = parseDuration(value);
  return ms !== undefined && ms > 0 && (ms <= Number.MAX_SAFE_INTEGER || value === 'forever');
});

const storeSchema = expect<LockoutStore>(
  `a store: an object with the methods ${STORE_METHODS.join(', ')}`,
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    STORE_METHODS.every((name) => typeof (value as Record<string, unknown>)[name] === 'function'),
);

export const MAX_FAILURES = 1_000_000;
const failures = wholeNumber(1, MAX_FAILURES, 'a whole number from 1 to 1,000,000');

/** One ladder; also used for what a `tiers` function returns. */
export const ladderSchema = z
  .array(z.strictObject({ failures, cooloff }, 'a tier { failures, cooloff }'), 'a list of tiers { failures, cooloff }')
  .min(1, 'at least one tier')
  .superRefine((tiers, context) => {
    const at = tiers.findIndex((tier, index) => index > 0 && tier.failures <= (tiers[index - 1] as Tier).failures);
    if (at < 0) return;
    const message = `more failures than the tier before it (${tiers[at - 1]?.failures}): tiers ascend`;
    context.addIssue({ code: 'custom', message, path: [at, 'failures'] });
  });

const isPart = (value: unknown) =>
  typeof value === 'function'
    ? PART_NAME.test(value.name) && !BUILT_IN_PARTS.includes(value.name)
    : BUILT_IN_PARTS.includes(value as string);
const partName = (value: unknown) => (typeof value === 'function' ? value.name : String(value));
const hasDuplicates = (names: readonly string[]) => new Set(names).size !== names.length;

const dimension = expect<DimensionInput>(
  `${BUILT_IN_PARTS.map((name) => `'${name}'`).join(', ')}, a function with a name of its own, or a list of them without repeats`,
  (value) => {
    const parts = Array.isArray(value) ? value : [value];
    return parts.length > 0 && parts.every(isPart) && !hasDuplicates(parts.map(partName));
  },
);

const dimensionName = (value: unknown) =>
  Array.isArray(value) ? value.map(partName).sort().join('+') : partName(value);
/** A list of dimensions; also used for what a `dimensions` function returns. */
export const dimensionsSchema = z
  .array(dimension, 'a list of dimensions, or a function of the attempt')
  .min(1, 'at least one dimension')
  .refine((items) => !hasDuplicates(items.map(dimensionName)), 'each dimension only once');
const dimensions = z.unknown().superRefine((value, context) => {
  if (typeof value !== 'function') addIssuesOf(dimensionsSchema, value, context);
});

/** One value for all dimensions, or an object of values by dimension. */
function perDimension(schema: z.ZodType, isForAll: (value: unknown) => boolean, expected: string) {
  const table = z.record(z.string(), schema, expected);
  return z.unknown().superRefine((value, context) => {
    addIssuesOf(isForAll(value) ? schema : table, value, context);
  });
}

function addIssuesOf(schema: z.ZodType, value: unknown, context: z.RefinementCtx): void {
  const issues = schema.safeParse(value).error?.issues ?? [];
  for (const issue of issues) context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
}

const isNoTable = (value: unknown) => typeof value !== 'object' || value === null || Array.isArray(value);

const laddersByDimension = perDimension(
  ladderSchema,
  isNoTable,
  'a list of tiers, an object of such lists by dimension, or a function of attempt and dimension',
);
const tiers = z.unknown().superRefine((value, context) => {
  if (typeof value !== 'function') addIssuesOf(laddersByDimension, value, context);
});

const network = expect<string>(
  'an IP address or a CIDR range such as 10.0.0.0/8 or 2001:db8::/32',
  (value) => typeof value === 'string' && parseNetwork(value) !== undefined,
);

const accessList = z.strictObject(
  {
    ips: z.array(network, 'a list of addresses or CIDR ranges').optional(),
    usernames: z.array(aText, 'a list of usernames').optional(),
    when: aFunction('of the attempt').optional(),
  } satisfies Record<keyof AccessList, z.ZodType>,
  'an object { ips, usernames, when }',
);

const restrictTo = accessList.refine(
  (list) => list.when !== undefined || (list.ips?.length ?? 0) > 0 || (list.usernames?.length ?? 0) > 0,
  'at least one of ips, usernames and when: an empty list would refuse everybody',
);

const hardStop = z.strictObject(
  { failures, forgetAfter: cooloff.optional() } satisfies Record<keyof HardStop, z.ZodType>,
  'an object { failures, forgetAfter }',
);

const onStoreError = expect(
  "'deny', 'allow' or { fallback: store }",
  (value) =>
    value === 'deny' ||
    value === 'allow' ||
    (typeof value === 'object' &&
      value !== null &&
      storeSchema.safeParse((value as { fallback?: unknown }).fallback).success),
);

const strategyFields = {
  username: aFunction('of { req, args }').optional(),
  ipOnly: aBoolean.optional(),
  isFailure: aFunction('of { action, args, req }').optional(),
} satisfies Record<Exclude<keyof StrategyOptions, 'resetOnSuccess'>, z.ZodType>;

/** What `withLockout` takes per strategy. */
export const strategySchema = z.strictObject(
  { ...strategyFields, resetOnSuccess: aBoolean.optional() } satisfies Record<keyof StrategyOptions, z.ZodType>,
  'an object of options',
);

const MIN_SECRET_CHARS = 32;
const aSecret = `a secret of at least ${MIN_SECRET_CHARS} characters`;
const isSecret = (value: unknown) => typeof value === 'string' && value.length >= MIN_SECRET_CHARS;
const secrets = expect<string | readonly string[]>(`${aSecret}, or a list of such secrets`, (value) =>
  Array.isArray(value) ? value.length > 0 && value.every(isSecret) : isSecret(value),
);
const rotation = z.strictObject(
  { current: expect<string>(aSecret, isSecret), previous: secrets } satisfies Record<keyof SecretRotation, z.ZodType>,
  `${aSecret}, or { current, previous }`,
);
const pseudonymize = z.unknown().superRefine((value, context) => {
  if (!isSecret(value)) addIssuesOf(rotation, value, context);
});
const direction = z.enum(['first', 'last'], "'first' or 'last'");
const status = wholeNumber(400, 599, 'an HTTP status from 400 to 599');

const LOCALE_EXPECTED = "a locale such as 'de' or 'pt-BR', or a function of the request";
const texts = z.strictObject(
  {
    locked: aText.optional(),
    lockedForever: aText.optional(),
    storeUnavailable: aText.optional(),
    title: aText.optional(),
    timeLeft: z.string('a text').includes('{duration}', 'a text with {duration} in it').optional(),
  } satisfies Record<keyof MessageTexts, z.ZodType>,
  'an object { locked, lockedForever, storeUnavailable, title, timeLeft }',
);
const messages = z.record(z.string(), texts, 'an object of texts by locale').superRefine((given, context) => {
  for (const locale of Object.keys(given)) {
    if (isLocale(locale)) continue;
    context.addIssue({ code: 'custom', message: "a locale such as 'de' or 'pt-BR' as the name", path: [locale] });
  }
});

export const optionsSchema = z.strictObject(
  {
    store: storeSchema.optional(),
    dimensions: dimensions.optional(),
    tiers: tiers.optional(),
    forgetAfter: perDimension(
      cooloff,
      (value) => isNoTable(value) || isDurationObject(value as object),
      `${DURATION_EXPECTED}, 'forever', or an object of these by dimension`,
    ).optional(),
    forgetFrom: perDimension(direction, isNoTable, "'first', 'last', or an object of these by dimension").optional(),
    resetOnSuccess: perDimension(aBoolean, isNoTable, 'true, false, or an object of these by dimension').optional(),
    hardStop: hardStop.optional(),
    mode: z.enum(['enforce', 'monitor'], "'enforce' or 'monitor'").optional(),
    enabled: aBoolean.optional(),
    ...strategyFields,
    canonicalUsername: aFunction('of the username').optional(),
    clientIp: aFunction('of the request').optional(),
    ipv6Prefix: wholeNumber(32, 128, 'a whole number of bits from 32 to 128').optional(),
    allow: accessList.optional(),
    deny: accessList.optional(),
    restrictTo: restrictTo.optional(),
    skip: aFunction('of the request').optional(),
    onLocked: expect(
      "'fail', 'error', 'respond' or a function",
      (value) => typeof value === 'function' || ['fail', 'error', 'respond'].includes(value as string),
    ).optional(),
    respondWith: z
      .strictObject(
        {
          page: aFunction('of what is known of the lock').optional(),
          redirectTo: aText.optional(),
          corsOrigin: aText.optional(),
        } satisfies Record<keyof RespondOptions, z.ZodType>,
        'an object { page, redirectTo, corsOrigin }',
      )
      .optional(),
    attemptsLeft: aBoolean.optional(),
    lockedStatus: status.optional(),
    lockedMessage: aText.optional(),
    messages: messages.optional(),
    locale: expect(
      LOCALE_EXPECTED,
      (value) => typeof value === 'function' || (typeof value === 'string' && isLocale(value)),
    ).optional(),
    retryAfterHeader: aBoolean.optional(),
    onStoreError: onStoreError.optional(),
    storeTimeout: timerDuration(1).optional(),
    leaseTimeout: duration(1).optional(),
    busyTimeout: timerDuration(0).optional(),
    maxWaiters: wholeNumber(0, Number.MAX_SAFE_INTEGER, 'a whole number from 0').optional(),
    lockCacheTtl: duration(0).optional(),
    audit: z.enum(['background', 'await', 'off'], "'background', 'await' or 'off'").optional(),
    attemptRetention: duration(1).optional(),
    attemptsPerUsername: expect<number | 'all'>(
      "a whole number from 1, or 'all'",
      (value) => value === 'all' || (Number.isSafeInteger(value) && (value as number) >= 1),
    ).optional(),
    unlockTokenSecret: secrets.optional(),
    pseudonymize: pseudonymize.optional(),
    sensitive: z.array(aText, 'a list of names').optional(),
  } satisfies Record<keyof LockoutOptions, z.ZodType>,
  'an object of options',
);
