/** Schemas of all options. The texts complete the sentence "expected ..., got ...". */
import * as z from 'zod/mini';
import { knownDevices } from '../devices/schema.js';
import { isLocale } from '../messages/catalogue.js';
import { type MessageTexts, tellsTime } from '../messages/texts.js';
import type { LockoutStore } from '../stores/store.js';
import { parseNetwork } from '../subject/network.js';
import type { UsernamesOptions } from '../subject/username.js';
import { DURATION_EXPECTED } from '../util/durations.js';
import {
  aBoolean,
  addIssuesOf,
  aFunction,
  anObject,
  cooloff,
  custom,
  duration,
  oneOf,
  text,
  timerDuration,
  wholeNumber,
} from '../validation/fields.js';
import { aSecret, isSecret, secrets } from '../validation/secrets.js';
import type { RespondOptions } from './answer-types.js';
import { dimensions, failures, isNoTable, isNoTableOfDurations, perDimension, tiers } from './dimension-schemas.js';
import type { AccessList, HardStop, LockoutOptions, SecretRotation, SignalOptions, StrategyOptions } from './types.js';

const STORE_METHODS = [
  'reserve',
  'settle',
  'read',
  'list',
  'block',
  'reset',
  'erase',
  'cleanup',
  'revokeDevices',
  'resetLockedBy',
  'close',
] as const;
function isMethod(value: object, name: string): boolean {
  return typeof (value as Readonly<Record<string, unknown>>)[name] === 'function';
}

export function isStore(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    STORE_METHODS.every((name) => isMethod(value, name)) &&
    ((value as LockoutStore).clock === undefined || isMethod(value, 'clock'))
  );
}

const storeSchema = custom<LockoutStore>(`a store: an object with the methods ${STORE_METHODS.join(', ')}`, isStore);

const network = custom<string>(
  'an IP address or a CIDR range such as 10.0.0.0/8 or 2001:db8::/32',
  (value) => typeof value === 'string' && parseNetwork(value) !== undefined,
);

const accessList = z.strictObject(
  {
    ips: z.optional(z.array(network, 'a list of addresses or CIDR ranges')),
    usernames: z.optional(z.array(text, 'a list of usernames')),
    when: z.optional(aFunction('of the attempt')),
  } satisfies Record<keyof AccessList, z.ZodMiniType>,
  'an object { ips, usernames, when }',
);

const restrictTo = accessList.check(
  z.refine(
    (list) => list.when !== undefined || (list.ips?.length ?? 0) > 0 || (list.usernames?.length ?? 0) > 0,
    'at least one of ips, usernames and when: an empty list would refuse everyone',
  ),
);

const hardStop = z.strictObject(
  { failures, forgetAfter: z.optional(cooloff) } satisfies Record<keyof HardStop, z.ZodMiniType>,
  'an object { failures, forgetAfter }',
);

const forgives = custom<boolean | 'all'>(
  "true, 'all' or false",
  (value) => typeof value === 'boolean' || value === 'all',
);

const onStoreError = custom(
  "'deny', 'allow' or { fallback: store }",
  (value) =>
    value === 'deny' ||
    value === 'allow' ||
    (typeof value === 'object' &&
      value !== null &&
      storeSchema.safeParse((value as { fallback?: unknown }).fallback).success),
);

const strategyFields = {
  username: z.optional(aFunction('of { req, args }')),
  ipOnly: z.optional(aBoolean),
  isFailure: z.optional(aFunction('of { called, args, req }')),
} satisfies Record<Exclude<keyof StrategyOptions, 'resetOnSuccess' | 'clients' | 'guard' | 'factor'>, z.ZodMiniType>;

/** The options that `withLockout` takes per strategy. */
export const strategySchema = z.strictObject(
  {
    ...strategyFields,
    resetOnSuccess: z.optional(aBoolean),
    clients: z.optional(aBoolean),
    guard: z.optional(oneOf('authenticate')),
    factor: z.optional(oneOf('first', 'second')),
  } satisfies Record<keyof StrategyOptions, z.ZodMiniType>,
  anObject,
);

const usernames = z.strictObject(
  {
    accents: z.optional(oneOf('ignore', 'keep')),
    unique: z.optional(aBoolean),
  } satisfies Record<keyof UsernamesOptions, z.ZodMiniType>,
  'an object { accents, unique }',
);

const rotation = z.strictObject(
  { current: custom<string>(aSecret, isSecret), previous: secrets } satisfies Record<
    keyof SecretRotation,
    z.ZodMiniType
  >,
  `${aSecret}, or { current, previous }`,
);
const pseudonymize = z.unknown().check(
  z.superRefine((value, context) => {
    if (!isSecret(value)) addIssuesOf(rotation, value, context);
  }),
);
const signalFields = z.strictObject(
  {
    usernames: z.optional(wholeNumber(2, 64, 'a whole number from 2 to 64')),
    newFailures: z.optional(wholeNumber(1, Number.MAX_SAFE_INTEGER, 'a whole number from 1')),
    factor: z.optional(custom<number>('a number from 1', (value) => Number.isFinite(value) && (value as number) >= 1)),
  } satisfies Record<keyof SignalOptions, z.ZodMiniType>,
  'false, or an object { usernames, newFailures, factor }',
);
const signals = z.unknown().check(
  z.superRefine((value, context) => {
    if (value !== false) addIssuesOf(signalFields, value, context);
  }),
) as z.ZodMiniType<SignalOptions | false>;
const direction = oneOf('first', 'last');
const status = wholeNumber(400, 599, 'an HTTP status from 400 to 599');

const LOCALE_EXPECTED = "a locale such as 'de' or 'pt-BR', or a function of the request";
const timeless = text.check(
  z.refine((value) => !tellsTime(value), 'a string without {when} and {duration}: only locked has a time'),
);
const texts = z.strictObject(
  {
    locked: z.optional(text),
    lockedForever: z.optional(timeless),
    denied: z.optional(timeless),
    storeUnavailable: z.optional(timeless),
    title: z.optional(timeless),
    back: z.optional(timeless),
  } satisfies Record<keyof MessageTexts, z.ZodMiniType>,
  'an object { locked, lockedForever, denied, storeUnavailable, title, back }',
);
const messages = z.record(z.string(), texts, 'an object of texts by locale').check(
  z.superRefine((given, context) => {
    for (const locale of Object.keys(given)) {
      if (isLocale(locale)) continue;
      context.addIssue({ code: 'custom', message: "a locale such as 'de' or 'pt-BR' as its name", path: [locale] });
    }
  }),
);

/** A link to another host would invite phishing; browsers read `//host`, `/\\host` and `/<tab>/host` as one. */
const path = custom<string>(
  "a path of this site, such as '/login'",
  (value) => typeof value === 'string' && /^\/(?![/\\])[^\p{C}\s\\]*$/u.test(value) && value.isWellFormed(),
);

/** Browsers would match no other text. Applications may have their own schemes, such as `capacitor:`. */
const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[^\s/\\?#@,]+$/;
const origin = custom<string>(
  "'*', or an origin as browsers send it, such as 'https://app.example': in lower case, without a path or a trailing slash",
  (value) => value === '*' || value === 'null' || (typeof value === 'string' && ORIGIN.test(value) && isAsSent(value)),
);

function isAsSent(value: string): boolean {
  if (!/^https?:/.test(value)) return true;
  return URL.canParse(value) && new URL(value).origin === value;
}

const entriesToKeep = custom<number | 'all'>(
  "a whole number from 1, or 'all'",
  (value) => value === 'all' || (Number.isSafeInteger(value) && (value as number) >= 1),
);

export const optionsSchema = z.strictObject(
  {
    store: z.optional(storeSchema),
    dimensions: z.optional(dimensions),
    tiers: z.optional(tiers),
    forgetAfter: z.optional(
      perDimension(
        cooloff,
        isNoTableOfDurations,
        `${DURATION_EXPECTED}, 'forever', or an object of these by dimension`,
      ),
    ),
    forgetFrom: z.optional(perDimension(direction, isNoTable, "'first', 'last', or an object of these by dimension")),
    resetOnSuccess: z.optional(
      perDimension(forgives, isNoTable, "true, 'all', false, or an object of these by dimension"),
    ),
    hardStop: z.optional(hardStop),
    mode: z.optional(oneOf('enforce', 'monitor')),
    enabled: z.optional(aBoolean),
    ...strategyFields,
    canonicalUsername: z.optional(aFunction('of the username')),
    usernames: z.optional(usernames),
    clientIp: z.optional(aFunction('of the request')),
    ipv6Prefix: z.optional(wholeNumber(32, 128, 'a whole number of bits from 32 to 128')),
    allow: z.optional(accessList),
    deny: z.optional(accessList),
    restrictTo: z.optional(restrictTo),
    skip: z.optional(aFunction('of the request')),
    onLocked: z.optional(
      custom(
        "'fail', 'error', 'respond' or a function",
        (value) => typeof value === 'function' || ['fail', 'error', 'respond'].includes(value as string),
      ),
    ),
    respondWith: z.optional(
      z.strictObject(
        {
          page: z.optional(aFunction('of what is known about the lock')),
          redirectTo: z.optional(text),
          backTo: z.optional(path),
          corsOrigin: z.optional(origin),
          prefer: z.optional(oneOf('html')),
        } satisfies Record<keyof RespondOptions, z.ZodMiniType>,
        'an object { page, redirectTo, backTo, corsOrigin, prefer }',
      ),
    ),
    info: z.optional(aFunction('of what is known about the lock')),
    attemptsLeft: z.optional(aBoolean),
    lockedStatus: z.optional(status),
    lockedMessage: z.optional(text),
    messages: z.optional(messages),
    locale: z.optional(
      custom(LOCALE_EXPECTED, (value) => typeof value === 'function' || (typeof value === 'string' && isLocale(value))),
    ),
    retryAfterHeader: z.optional(aBoolean),
    onStoreError: z.optional(onStoreError),
    storeTimeout: z.optional(timerDuration(1)),
    leaseTimeout: z.optional(duration(1)),
    busyTimeout: z.optional(timerDuration(0)),
    maxWaiters: z.optional(wholeNumber(0, Number.MAX_SAFE_INTEGER, 'a whole number from 0')),
    lockCacheTtl: z.optional(duration(0)),
    attemptLog: z.optional(oneOf('background', 'await', 'off')),
    attemptLogRetention: z.optional(duration(1)),
    attemptLogPerUsername: z.optional(entriesToKeep),
    attemptLogPerAddress: z.optional(entriesToKeep),
    secret: z.optional(secrets),
    knownDevices: z.optional(knownDevices),
    repeatedGuess: z.optional(oneOf('once', 'count')),
    signals: z.optional(signals),
    pseudonymize: z.optional(pseudonymize),
    sensitive: z.optional(z.array(text, 'a list of names')),
  } satisfies Record<keyof LockoutOptions, z.ZodMiniType>,
  anObject,
);
