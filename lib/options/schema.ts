/** Schemas of all options. The texts complete the sentence "expected ..., got ...". */
import * as z from 'zod';
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
    ips: z.array(network, 'a list of addresses or CIDR ranges').optional(),
    usernames: z.array(text, 'a list of usernames').optional(),
    when: aFunction('of the attempt').optional(),
  } satisfies Record<keyof AccessList, z.ZodType>,
  'an object { ips, usernames, when }',
);

const restrictTo = accessList.refine(
  (list) => list.when !== undefined || (list.ips?.length ?? 0) > 0 || (list.usernames?.length ?? 0) > 0,
  'at least one of ips, usernames and when: an empty list would refuse everyone',
);

const hardStop = z.strictObject(
  { failures, forgetAfter: cooloff.optional() } satisfies Record<keyof HardStop, z.ZodType>,
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
  username: aFunction('of { req, args }').optional(),
  ipOnly: aBoolean.optional(),
  isFailure: aFunction('of { called, args, req }').optional(),
} satisfies Record<Exclude<keyof StrategyOptions, 'resetOnSuccess' | 'clients' | 'guard' | 'factor'>, z.ZodType>;

/** The options that `withLockout` takes per strategy. */
export const strategySchema = z.strictObject(
  {
    ...strategyFields,
    resetOnSuccess: aBoolean.optional(),
    clients: aBoolean.optional(),
    guard: oneOf('authenticate').optional(),
    factor: oneOf('first', 'second').optional(),
  } satisfies Record<keyof StrategyOptions, z.ZodType>,
  anObject,
);

const usernames = z.strictObject(
  {
    accents: oneOf('ignore', 'keep').optional(),
    unique: aBoolean.optional(),
  } satisfies Record<keyof UsernamesOptions, z.ZodType>,
  'an object { accents, unique }',
);

const rotation = z.strictObject(
  { current: custom<string>(aSecret, isSecret), previous: secrets } satisfies Record<keyof SecretRotation, z.ZodType>,
  `${aSecret}, or { current, previous }`,
);
const pseudonymize = z.unknown().superRefine((value, context) => {
  if (!isSecret(value)) addIssuesOf(rotation, value, context);
});
const signalFields = z.strictObject(
  {
    usernames: wholeNumber(2, 64, 'a whole number from 2 to 64').optional(),
    newFailures: wholeNumber(1, Number.MAX_SAFE_INTEGER, 'a whole number from 1').optional(),
    factor: custom<number>('a number from 1', (value) => Number.isFinite(value) && (value as number) >= 1).optional(),
  } satisfies Record<keyof SignalOptions, z.ZodType>,
  'false, or an object { usernames, newFailures, factor }',
);
const signals = z.unknown().superRefine((value, context) => {
  if (value !== false) addIssuesOf(signalFields, value, context);
}) as z.ZodType<SignalOptions | false>;
const direction = oneOf('first', 'last');
const status = wholeNumber(400, 599, 'an HTTP status from 400 to 599');

const LOCALE_EXPECTED = "a locale such as 'de' or 'pt-BR', or a function of the request";
const timeless = text.refine(
  (value) => !tellsTime(value),
  'a string without {when} and {duration}: only locked has a time',
);
const texts = z.strictObject(
  {
    locked: text.optional(),
    lockedForever: timeless.optional(),
    denied: timeless.optional(),
    storeUnavailable: timeless.optional(),
    title: timeless.optional(),
    back: timeless.optional(),
  } satisfies Record<keyof MessageTexts, z.ZodType>,
  'an object { locked, lockedForever, denied, storeUnavailable, title, back }',
);
const messages = z.record(z.string(), texts, 'an object of texts by locale').superRefine((given, context) => {
  for (const locale of Object.keys(given)) {
    if (isLocale(locale)) continue;
    context.addIssue({ code: 'custom', message: "a locale such as 'de' or 'pt-BR' as its name", path: [locale] });
  }
});

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
    store: storeSchema.optional(),
    dimensions: dimensions.optional(),
    tiers: tiers.optional(),
    forgetAfter: perDimension(
      cooloff,
      isNoTableOfDurations,
      `${DURATION_EXPECTED}, 'forever', or an object of these by dimension`,
    ).optional(),
    forgetFrom: perDimension(direction, isNoTable, "'first', 'last', or an object of these by dimension").optional(),
    resetOnSuccess: perDimension(
      forgives,
      isNoTable,
      "true, 'all', false, or an object of these by dimension",
    ).optional(),
    hardStop: hardStop.optional(),
    mode: oneOf('enforce', 'monitor').optional(),
    enabled: aBoolean.optional(),
    ...strategyFields,
    canonicalUsername: aFunction('of the username').optional(),
    usernames: usernames.optional(),
    clientIp: aFunction('of the request').optional(),
    ipv6Prefix: wholeNumber(32, 128, 'a whole number of bits from 32 to 128').optional(),
    allow: accessList.optional(),
    deny: accessList.optional(),
    restrictTo: restrictTo.optional(),
    skip: aFunction('of the request').optional(),
    onLocked: custom(
      "'fail', 'error', 'respond' or a function",
      (value) => typeof value === 'function' || ['fail', 'error', 'respond'].includes(value as string),
    ).optional(),
    respondWith: z
      .strictObject(
        {
          page: aFunction('of what is known about the lock').optional(),
          redirectTo: text.optional(),
          backTo: path.optional(),
          corsOrigin: origin.optional(),
          prefer: oneOf('html').optional(),
        } satisfies Record<keyof RespondOptions, z.ZodType>,
        'an object { page, redirectTo, backTo, corsOrigin, prefer }',
      )
      .optional(),
    info: aFunction('of what is known about the lock').optional(),
    attemptsLeft: aBoolean.optional(),
    lockedStatus: status.optional(),
    lockedMessage: text.optional(),
    messages: messages.optional(),
    locale: custom(
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
    attemptLog: oneOf('background', 'await', 'off').optional(),
    attemptLogRetention: duration(1).optional(),
    attemptLogPerUsername: entriesToKeep.optional(),
    attemptLogPerAddress: entriesToKeep.optional(),
    secret: secrets.optional(),
    knownDevices: knownDevices.optional(),
    repeatedGuess: oneOf('once', 'count').optional(),
    signals: signals.optional(),
    pseudonymize: pseudonymize.optional(),
    sensitive: z.array(text, 'a list of names').optional(),
  } satisfies Record<keyof LockoutOptions, z.ZodType>,
  anObject,
);
