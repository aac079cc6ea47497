/** The effective options in words: read from what the lockout works with, so that no default is repeated here. */
import type { ResolvedOptions } from '../../../options/resolve.js';
import type { LockoutOptions } from '../../../options/types.js';
import { UNKNOWN_ATTEMPT } from '../../../subject/attempt.js';
import { asked } from '../../../util/asked.js';
import { countOf, countText, spanText } from '../../view/words.js';

export type OptionName = keyof LockoutOptions;

const A_FUNCTION = 'a function';
const BELOW = 'in Ladders';
/** Where only the strategy or the request knows. */
const ELSEWHERE = {
  username: 'as the strategy passes it on',
  isFailure: 'as the strategy ends',
  clientIp: 'req.ip, else the address of the socket',
  locale: 'as the browser asks for',
} as const;

/** Never a secret, nor what is on a list: usernames and addresses of people. */
export const OPTION_TEXTS: Readonly<Record<OptionName, (options: ResolvedOptions) => string>> = {
  dimensions: ({ dimensions }) => {
    const known = dimensions.known().map(({ name }) => name);
    if (!dimensions.areDynamic) return known.join(', ');
    return known.length === 0 ? A_FUNCTION : `${A_FUNCTION}; so far: ${known.join(', ')}`;
  },
  tiers: () => BELOW,
  forgetAfter: () => BELOW,
  forgetFrom: () => BELOW,
  resetOnSuccess: () => BELOW,
  hardStop: hardStopText,
  mode: ({ enforces }) => (enforces ? 'enforce' : 'monitor'),
  enabled: ({ enabled }) => yesOrNo(enabled),
  skip: ({ skip }) => (skip ? A_FUNCTION : 'never'),
  ipOnly: ({ strategy }) => yesOrNo(strategy.ipOnly ?? false),
  isFailure: ({ strategy }) => (strategy.isFailure ? A_FUNCTION : ELSEWHERE.isFailure),
  username: ({ strategy }) => (strategy.username ? A_FUNCTION : ELSEWHERE.username),
  canonicalUsername: ({ given }) => (given.has('canonicalUsername') ? A_FUNCTION : 'canonicalUsername'),
  usernames: ({ canonicalUsername, given, usernamesAreUnique }) => {
    const unique = `unique: ${yesOrNo(usernamesAreUnique)}`;
    // The application's own fold is not called for a page.
    if (given.has('canonicalUsername')) return unique;
    return `accents: ${canonicalUsername('é') === 'é' ? 'keep' : 'ignore'}, ${unique}`;
  },
  clientIp: ({ clientIp }) => (clientIp ? A_FUNCTION : ELSEWHERE.clientIp),
  ipv6Prefix: ({ ipv6Prefix }) => `${ipv6Prefix} bits`,
  allow: listText('allow'),
  deny: listText('deny'),
  restrictTo: listText('restrictTo'),
  onLocked: ({ onLocked }) => (typeof onLocked === 'function' ? A_FUNCTION : onLocked),
  respondWith: ({ respondWith }) => Object.keys(respondWith).join(', ') || 'nothing changed',
  info: ({ info }) => (info ? A_FUNCTION : 'LockedInfo'),
  attemptsLeft: ({ attemptsLeft }) => yesOrNo(attemptsLeft),
  lockedStatus: ({ lockedStatus }) => String(lockedStatus),
  lockedMessage: setText('lockedMessage', 'a text', 'none'),
  messages: setText('messages', 'texts of the application', 'built-in'),
  locale: setText('locale', 'as the application decides', ELSEWHERE.locale),
  retryAfterHeader: ({ retryAfterHeader }) => yesOrNo(retryAfterHeader),
  store: ({ store }) => store.constructor.name,
  onStoreError: ({ onStoreError, fallbackStore }) =>
    fallbackStore ? `fallback: ${fallbackStore.constructor.name}` : onStoreError,
  storeTimeout: ({ storeTimeoutMs }) => durationText(storeTimeoutMs),
  leaseTimeout: ({ leaseTimeoutMs }) => durationText(leaseTimeoutMs),
  busyTimeout: ({ busyTimeoutMs }) => durationText(busyTimeoutMs),
  maxWaiters: ({ maxWaiters }) => countText(maxWaiters),
  lockCacheTtl: ({ lockCacheTtlMs }) => durationText(lockCacheTtlMs),
  attemptLog: ({ attemptLog }) => attemptLog,
  attemptLogRetention: ({ attemptLogRetentionMs }) => durationText(attemptLogRetentionMs),
  attemptLogPerUsername: ({ attemptLogPerUsername }) => boundText(attemptLogPerUsername),
  attemptLogPerAddress: ({ attemptLogPerAddress }) => boundText(attemptLogPerAddress),
  signals: ({ sprayNames, attackRule }) =>
    attackRule
      ? `usernames: ${sprayNames}, newFailures: ${attackRule.newFailures}, factor: ${attackRule.factor}`
      : 'none',
  sensitive: ({ sensitive }) => [...sensitive].join(', ') || 'none',
  secret: ({ unlockKeys }) => (unlockKeys ? `set${keysText(unlockKeys.length)}` : 'none'),
  knownDevices: ({ devices }) => {
    if (!devices) return 'off';
    const { cookie, maxAgeMs, read } = devices.options;
    return `${read ? A_FUNCTION : `cookie ${cookie.name}`}, for ${durationText(maxAgeMs)}`;
  },
  repeatedGuess: ({ guessKey }) => (guessKey ? 'once' : 'count'),
  pseudonymize: ({ keys }) => (keys.hasSecret ? `set${keysText(keys.all.length)}` : 'off'),
};

/** Shown with the ladders, which come before. */
export const OPTION_GROUPS: readonly (readonly [title: string, names: readonly OptionName[]])[] = [
  [
    'Counting',
    [
      'dimensions',
      'tiers',
      'forgetAfter',
      'forgetFrom',
      'resetOnSuccess',
      'hardStop',
      'repeatedGuess',
      'mode',
      'enabled',
    ],
  ],
  [
    'Names and addresses',
    [
      'username',
      'canonicalUsername',
      'usernames',
      'ipOnly',
      'clientIp',
      'ipv6Prefix',
      'allow',
      'deny',
      'restrictTo',
      'skip',
      'isFailure',
    ],
  ],
  [
    'Answers',
    [
      'onLocked',
      'lockedStatus',
      'lockedMessage',
      'messages',
      'locale',
      'respondWith',
      'info',
      'attemptsLeft',
      'retryAfterHeader',
    ],
  ],
  ['Store', ['store', 'onStoreError', 'storeTimeout', 'leaseTimeout', 'busyTimeout', 'maxWaiters', 'lockCacheTtl']],
  [
    'Log and signals',
    ['attemptLog', 'attemptLogRetention', 'attemptLogPerUsername', 'attemptLogPerAddress', 'signals', 'sensitive'],
  ],
  ['Secrets', ['secret', 'knownDevices', 'pseudonymize']],
];

/** Not rounded: `storeTimeout` may be less than a second. */
export function durationText(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return 'forever';
  if (ms === 0) return '0';
  return ms % 1000 === 0 ? spanText(ms) : `${countText(ms)} ms`;
}

function hardStopText({ dimensions, policyFor }: ResolvedOptions): string {
  const named = dimensions.known().find(({ hasUsername }) => hasUsername);
  const hardStop = named && asked(() => policyFor(named, UNKNOWN_ATTEMPT).hardStop);
  if (!hardStop) return 'none';
  return `${countOf(hardStop.failures, 'failure')} in a row, forgotten after ${durationText(hardStop.forgetAfterMs)}`;
}

function listText(name: 'allow' | 'deny' | 'restrictTo'): (options: ResolvedOptions) => string {
  return setText(name, 'a list', name === 'restrictTo' ? 'nobody' : 'none');
}

/** Of what is not kept as it was set. */
function setText(name: OptionName, set: string, byDefault: string): (options: ResolvedOptions) => string {
  return ({ given }) => (given.has(name) ? set : byDefault);
}

/** While a secret is being changed. */
function keysText(count: number): string {
  return count > 1 ? `, with ${count - 1} before it` : '';
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

function boundText(entries: number): string {
  return entries === Number.POSITIVE_INFINITY ? 'all' : countText(entries);
}
