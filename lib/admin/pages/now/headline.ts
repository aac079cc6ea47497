/** The one sentence on top of Now, made from the numbers. Pure, so that each wording has a spec. */
import { type Bucket, totalsOf } from '../../charts/bucket.js';
import { countOf, countText, shareText } from '../../view/words.js';
import type { NowSnapshot, TopLists } from './snapshot.js';

/** `unknown`: attempts are not counted, or the counts cannot be read. */
export type Level = 'unknown' | 'quiet' | 'raised' | 'attack';

/**
 * How failures are spread: `stuffing`: few addresses try many names; `targeted`: one name is tried; `spread`: many addresses try
 * many names, none of them often.
 */
export type Pattern = 'stuffing' | 'targeted' | 'spread';

export interface Headline {
  readonly level: Level;
  /** Null while nothing stands out. */
  readonly pattern: Pattern | null;
  /** The beginning of the minute in which it started; null while quiet. */
  readonly since: number | null;
  readonly sentence: string;
  /** Who is hurt. */
  readonly hurt: string;
  /** Whether the defence holds. */
  readonly defence: string;
}

/** The complete minutes by which the present is judged. */
const WINDOW = 10;
/** As many times the usual, and at least as many a minute: three failures are no attack, whatever is usual. */
const RAISED = { times: 3, perMinute: 2 };
const ATTACK = { times: 10, perMinute: 10 };
/** Without a day to compare with. */
const RAISED_PER_MINUTE = 10;
const ATTACK_PER_MINUTE = 60;
/** So many quiet minutes in a row separate what happens now from what happened before. */
const PAUSE = 3;
/** Fewer failures have no pattern. */
const LEAST_FAILURES = 20;
const MOST_BY_FEW = 0.6;
const FEW_ADDRESSES = 3;
const NAMES_PER_ADDRESS = 5;
const MOST_AT_ONE_NAME = 0.5;
const MANY = 20;

export function toHeadline(snapshot: NowSnapshot): Headline {
  if (snapshot.minutes.length === 0) return withoutCounts(snapshot);
  const complete = snapshot.minutes.slice(0, -1);
  const recent = complete.slice(-WINDOW);
  const mean = recent.length > 0 ? failuresOf(recent) / recent.length : 0;
  // An attack is one within its first minute: what the current one has so far is less than what it will have.
  const latest = Math.max(...snapshot.minutes.slice(-2).map((minute) => failuresOf([minute])));
  const isAttack = snapshot.suspectedSince !== null || levelOf(latest, snapshot.usualPerMinute) === 'attack';
  const rate = isAttack ? Math.max(mean, latest) : mean;
  const level = isAttack ? 'attack' : levelOf(mean, snapshot.usualPerMinute);
  const pattern = level === 'quiet' ? null : patternOf(snapshot.top);
  return {
    level,
    pattern,
    since: level === 'quiet' ? null : sinceOf(snapshot),
    sentence: `${rateText(level, rate, snapshot.usualPerMinute, latest)}${level === 'quiet' ? '' : patternText(pattern, snapshot.top)}.`,
    hurt: [hurtText(snapshot.locked), intrusionText(pattern, snapshot.top)].filter(Boolean).join(' '),
    defence: defenceText(level, snapshot.minutes.slice(-WINDOW - 1), snapshot.yesterday),
  };
}

/** What can be said by what this process has seen itself. */
function withoutCounts({ suspectedSince, locked, top }: NowSnapshot): Headline {
  const isSuspected = suspectedSince !== null;
  return {
    level: isSuspected ? 'attack' : 'unknown',
    pattern: isSuspected ? patternOf(top) : null,
    since: suspectedSince,
    sentence: isSuspected
      ? 'Far more logins fail than usual; how many is not known.'
      : 'How many logins fail is not known, so an attack would not be noticed here.',
    hurt: hurtText(locked),
    defence: 'Not known without counts of attempts.',
  };
}

function levelOf(rate: number, usual: number | null): Level {
  const raisedFrom = usual === null ? RAISED_PER_MINUTE : Math.max(RAISED.perMinute, RAISED.times * usual);
  const attackFrom = usual === null ? ATTACK_PER_MINUTE : Math.max(ATTACK.perMinute, ATTACK.times * usual);
  if (rate >= attackFrom) return 'attack';
  return rate >= raisedFrom ? 'raised' : 'quiet';
}

/** Goes back from the present to the last pause. */
function sinceOf({ suspectedSince, usualPerMinute, minutes }: NowSnapshot): number | null {
  const calm = usualPerMinute === null ? RAISED_PER_MINUTE : Math.max(RAISED.perMinute, RAISED.times * usualPerMinute);
  let since: number | null = null;
  let quiet = 0;
  for (const minute of minutes.toReversed()) {
    quiet = failuresOf([minute]) < calm ? quiet + 1 : 0;
    if (quiet >= PAUSE && since !== null) break;
    if (quiet === 0) since = minute.at;
  }
  return suspectedSince !== null && (since === null || suspectedSince < since) ? suspectedSince : since;
}

function patternOf(top: TopLists | null): Pattern | null {
  if (!top) return null;
  const { failures, names, addresses, distinctAddresses, distinctNames } = top;
  if (failures < LEAST_FAILURES) return null;
  if ((names[0]?.failures ?? 0) >= MOST_AT_ONE_NAME * failures) return 'targeted';
  const few = addresses.slice(0, FEW_ADDRESSES);
  const triesManyNames = few.some((address) => address.names >= NAMES_PER_ADDRESS);
  if (sumOf(few) >= MOST_BY_FEW * failures && triesManyNames) return 'stuffing';
  return distinctAddresses >= MANY && distinctNames >= MANY ? 'spread' : null;
}

/** @param latest - failures of the current minute or the one before */
function rateText(level: Level, rate: number, usual: number | null, latest: number): string {
  const perMinute = `${rate < 10 ? oneDecimal(rate) : countText(Math.round(rate))} a minute`;
  if (level === 'quiet') {
    if (rate === 0 && latest > 0) return `All is quiet: ${countOf(latest, 'login')} failed in this minute`;
    if (rate === 0) return 'No login has failed in the last minutes';
    return usual === null ? `All is quiet: ${perMinute} fail` : `All is quiet: ${perMinute} fail, as usual`;
  }
  const times = usual !== null && usual > 0 ? Math.round(rate / usual) : 0;
  return times >= 2 ? `Failures are ${countText(times)} times the usual` : `${perMinute} fail`;
}

function patternText(pattern: Pattern | null, top: TopLists | null): string {
  if (!top) return '';
  if (pattern === 'targeted') {
    const share = shareText(top.names[0]?.failures ?? 0, top.failures);
    return `: ${share} try one username, from ${countOf(top.names[0]?.addresses ?? 0, 'address', 'addresses')}`;
  }
  if (pattern === 'stuffing') {
    const makers = makersOf(top);
    const networks = new Set(makers.map(({ subject }) => networkOf(subject.parts['ip'] ?? subject.key))).size;
    const of = networks < makers.length ? ` of ${countOf(networks, 'network')}` : '';
    const verb = makers.length === 1 ? 'makes' : 'make';
    return `: ${countOf(makers.length, 'address', 'addresses')}${of} ${verb} ${shareText(sumOf(makers), top.failures)}, trying ${countOf(top.distinctNames, 'username')}`;
  }
  if (pattern === 'spread') {
    const largest = shareText(top.addresses[0]?.failures ?? 0, top.failures);
    return `: ${countOf(top.distinctAddresses, 'address', 'addresses')} try ${countOf(top.distinctNames, 'username')}, none more than ${largest}`;
  }
  return '';
}

/** The fewest addresses that make most failures. */
function makersOf({ addresses, failures }: TopLists): TopLists['addresses'] {
  const index = addresses.findIndex((_, last) => sumOf(addresses.slice(0, last + 1)) >= 0.9 * failures);
  return addresses.slice(0, Math.min(FEW_ADDRESSES, index < 0 ? FEW_ADDRESSES : index + 1));
}

/** Returns the /24 or the /64 of a canonical address, as text that is only compared. */
function networkOf(address: string): string {
  return address.includes(':') ? address.split(':').slice(0, 4).join(':') : address.split('.').slice(0, 3).join('.');
}

function hurtText(counts: NowSnapshot['locked']): string {
  if (!counts) return 'Who is locked is not known.';
  const { names, lookedAt, knownNames, isAtLeast } = counts;
  if (names === 0 && !isAtLeast) return 'No username is locked.';
  const known = Math.min(names, knownNames);
  const are = names === 1 ? 'is' : 'are';
  const locked = `${isAtLeast ? 'At least ' : ''}${countOf(names, 'username')} ${are} locked`;
  if (lookedAt < names) {
    const some = known === 0 ? 'none' : countText(known);
    return lookedAt === 0
      ? `${locked}.`
      : `${locked}; ${some} of the ${countText(lookedAt)} looked at logged in before.`;
  }
  if (known === 0) return `${locked}; none of them logged in before.`;
  if (known === names) return `${locked}; ${allOf(names)} logged in before.`;
  return `${locked}; ${countText(known)} of them logged in before.`;
}

/** A login from an address that tries leaked passwords is most likely an account that has been taken over. */
function intrusionText(pattern: Pattern | null, top: TopLists | null): string {
  const logins = top && pattern === 'stuffing' ? makersOf(top).reduce((sum, { succeeded }) => sum + succeeded, 0) : 0;
  if (logins === 0) return '';
  return `${countOf(logins, 'login')} succeeded from the attacking addresses: ${logins === 1 ? 'that account' : 'those accounts'} may be taken over.`;
}

function allOf(names: number): string {
  if (names === 1) return 'it';
  return names === 2 ? 'both' : 'all of them';
}

/** @param recent - with the current minute */
function defenceText(level: Level, recent: readonly Bucket[], yesterday: readonly Bucket[]): string {
  const { failed, refused } = totalsOf(recent);
  const succeeded = totalsOf(recent.slice(0, -1)).succeeded || (recent.at(-1)?.succeeded ?? 0);
  const logins = loginsText(succeeded, totalsOf(yesterday.slice(-WINDOW - 1, -1)).succeeded, yesterday.length > 0);
  if (level === 'quiet' || failed + refused === 0) return logins;
  return `${shareText(refused, failed + refused)} refused before a password was checked. ${logins}`;
}

function loginsText(now: number, before: number, isKnown: boolean): string {
  if (now === 0 && before === 0) return 'Nobody logged in within 10 minutes.';
  if (!isKnown) return `${countOf(now, 'login')} succeeded within 10 minutes.`;
  if (now < before / 2)
    return `Logins fell to ${countText(now)} within 10 minutes, from ${countText(before)} yesterday.`;
  return 'Logins succeed as usual.';
}

function failuresOf(buckets: readonly Bucket[]): number {
  const { failed, refused } = totalsOf(buckets);
  return failed + refused;
}

function sumOf(addresses: TopLists['addresses']): number {
  return addresses.reduce((sum, { failures }) => sum + failures, 0);
}

function oneDecimal(value: number): string {
  return String(Math.max(0.1, Math.round(value * 10) / 10));
}
