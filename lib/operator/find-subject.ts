/** Maps what an operator names (`{ username: 'Bob' }`) to the counted subject. */
import { LockoutConfigError } from '../errors.js';
import type { ResolvedOptions } from '../options/resolve.js';
import type { StoreMatch } from '../stores/store.js';
import { type Attempt, UNKNOWN_ATTEMPT } from '../subject/attempt.js';
import type { Dimension } from '../subject/dimension.js';
import { foldGiven } from '../subject/given-name.js';
import { canonicalIp } from '../subject/ip.js';
import type { Subject, SubjectParts } from '../subject/key.js';
import { toPart } from '../subject/part.js';
import { exactName } from '../util/printable.js';
import { describeKind, describeName, describeValue } from '../validation/describe-value.js';

/**
 * The parts that name a subject, e.g. `{ ip: '203.0.113.9' }` or, where pairs are counted, `{ ip, username }`. Names may have
 * any spelling, but no escapes: `exactName` restores the name from what an event or a list shows.
 */
export type SubjectInput = Readonly<Record<string, string>>;

/** The bound is longer than any key of a few parts. */
const KEY = /^(?=.{1,4096}$)\w+=[^&]+(?:&\w+=[^&]+)*$/s;

export interface FoundSubject {
  readonly dimension: Dimension;
  readonly subject: Subject;
}

/** @throws {LockoutConfigError} if no counted dimension has exactly these parts, or a part is malformed */
export function findSubject(options: ResolvedOptions, input: SubjectInput): FoundSubject {
  const parts = canonicalParts(options, input);
  const name = Object.keys(parts).join('+');
  const dimension = options.dimensions.named(name);
  if (!dimension) {
    const counted = options.dimensions
      .known()
      .map((candidate) => candidate.name)
      .join(', ');
    throw invalid(`subject: expected the parts of a counted dimension (${counted}), got ${describeKind(input)}`);
  }
  return { dimension, subject: options.keys.toSubject(name, parts) };
}

/**
 * Returns the key of `{ key }`, as events and lists show it: the only way to name a subject whose pseudonym cannot be traced.
 * Undefined if the input has parts; `key` itself is a part where a dimension function has that name.
 */
export function givenKey(options: ResolvedOptions, input: SubjectInput): string | undefined {
  if (typeof input !== 'object' || input === null || options.dimensions.partNames().includes('key')) return undefined;
  const { key, ...others } = input;
  if (key === undefined || Object.keys(others).length > 0) return undefined;
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw invalid(`subject.key: expected a key such as username=alice, got ${describeKind(key)}`);
}

/**
 * Returns the parts in canonical spelling, in alphabetical order.
 *
 * @param known - the accepted part names; by default those of the counted dimensions
 */
export function canonicalParts(
  options: ResolvedOptions,
  input: SubjectInput,
  known: readonly string[] = options.dimensions.partNames(),
): SubjectParts {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw noSubject(input);
  }
  const names = Object.keys(input).sort();
  const parts: Record<string, string> = {};
  for (const name of names) {
    if (!known.includes(name)) {
      const got = describeName(name);
      throw invalid(`subject.${got}: expected one of ${known.join(', ')}, got "${got}"`);
    }
    parts[name] = canonicalPart(options, name, input[name]);
  }
  return parts;
}

/** Returns the parts as the store keeps them: once for each secret. */
export function storedMatches(
  { keys }: ResolvedOptions,
  parts: SubjectParts,
  match: StoreMatch['match'],
): readonly StoreMatch[] {
  return keys.all.map((maker) => ({ parts: maker.toStoredParts(parts), match }));
}

/** Like `canonicalParts`, for a query whose fields may be left out. */
export function queriedParts(
  options: ResolvedOptions,
  query: { readonly [name: string]: string | undefined },
  known?: readonly string[],
): SubjectParts {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return canonicalParts(options, Object.fromEntries(given), known);
}

/** Returns an attempt with only these parts, for options that are functions of the attempt. */
export function attemptOf({ username, ip, userAgent }: SubjectParts): Attempt {
  const exact = (part: string | undefined) => part && exactName(part);
  return { ...UNKNOWN_ATTEMPT, username: exact(username), ip, address: ip, userAgent: exact(userAgent) };
}

function canonicalPart(options: ResolvedOptions, name: string, value: unknown): string {
  const canonical = toCanonical(options, name, value);
  if (typeof canonical === 'string' && canonical !== '') return toPart(canonical);
  // A username is not repeated: errors end up in logs.
  const got =
    name === 'ip'
      ? describeValue(value)
      : typeof value === 'string'
        ? 'an empty or invisible string'
        : describeKind(value);
  throw invalid(`subject.${name}: expected ${name === 'ip' ? 'an IP address' : `a ${name}`}, got ${got}`);
}

function toCanonical(options: ResolvedOptions, name: string, value: unknown): unknown {
  if (name === 'ip') return canonicalIp(withoutPrefix(value), options.ipv6Prefix);
  if (name === 'username') return foldGiven(options.canonicalUsername, value);
  return value;
}

/** Accepts an IPv6 network as events and lists show it. */
function withoutPrefix(value: unknown): unknown {
  return typeof value === 'string' && value.includes(':') ? value.replace(/\/\d+$/, '') : value;
}

export function noSubject(input: unknown): LockoutConfigError {
  return invalid(`subject: expected an object such as { username: 'alice' }, got ${describeKind(input)}`);
}

function invalid(message: string): LockoutConfigError {
  return new LockoutConfigError('ERR_LOCKOUT_SUBJECT_INVALID', message);
}
