/** Which attempts are asked for: read from an address, and written into the addresses of links. */
import type { AttemptsQuery } from '../../../operator/attempt-log.js';
import type { AttemptOutcome } from '../../../stores/attempt-log.js';
import { canonicalIp } from '../../../subject/ip.js';
import { isStandIn } from '../../../subject/key.js';
import { exactName } from '../../../util/printable.js';
import type { LinkQuery } from '../../core/links.js';
import { FieldReader, readTimeRange } from '../../lists/field-reader.js';
import { toInstantText } from '../../lists/instants.js';

export const OUTCOMES: readonly AttemptOutcome[] = ['failed', 'succeeded', 'refused', 'logout'];
/** What a cell shows, and what can be left out ("not this"). */
export const FACTS = ['outcome', 'username', 'ip', 'dimension', 'reason', 'text'] as const;
export type Fact = (typeof FACTS)[number];
type FilterField = Fact | 'since' | 'until';

export interface AttemptFilter {
  /** Epoch milliseconds. */
  readonly since?: number | undefined;
  /** Epoch milliseconds; not included. */
  readonly until?: number | undefined;
  readonly outcome?: AttemptOutcome | undefined;
  /** As it was typed, or as entries show it. */
  readonly username?: string | undefined;
  readonly ip?: string | undefined;
  readonly dimension?: string | undefined;
  readonly reason?: string | undefined;
  /** Part of the user agent or of the path. */
  readonly text?: string | undefined;
  /** What is left out, as entries show it. */
  readonly without: Readonly<Partial<Record<Fact, readonly string[]>>>;
}

export interface ParsedFilter {
  readonly filter: AttemptFilter;
  /** What is wrong, for people; empty if nothing is. */
  readonly mistakes: Readonly<Partial<Record<FilterField, string>>>;
}

/** Prefix of the parameters that leave something out. */
const NOT = 'not-';
/** As long as names may be. */
const MAX_CHARS = 4_096;
/** Each is in every link of the page. */
const MAX_LEFT_OUT = 10;

/** @param ipv6Prefix - the option: an address stands for its network */
export function parseFilter(query: URLSearchParams, ipv6Prefix: number): ParsedFilter {
  const fields = new FieldReader<FilterField>(query, MAX_CHARS);
  const { mistakes } = fields;
  const { since, until } = readTimeRange(fields);
  const ip = fields.text('ip');
  if (ip !== undefined && !isAddress(ip, ipv6Prefix)) mistakes.ip = 'One IP address, such as 203.0.113.9.';
  const outcome = fields.oneOf('outcome', OUTCOMES);
  const filter = {
    since,
    until,
    outcome,
    ip,
    username: fields.text('username'),
    dimension: fields.text('dimension'),
    reason: fields.text('reason'),
    text: fields.text('text'),
    without: leftOut(query),
  };
  return { filter, mistakes };
}

function leftOut(query: URLSearchParams): AttemptFilter['without'] {
  const without: Partial<Record<Fact, readonly string[]>> = {};
  let room = MAX_LEFT_OUT;
  for (const fact of FACTS) {
    const all = new Set(query.getAll(NOT + fact).filter((value) => value !== '' && value.length <= MAX_CHARS));
    const values = [...all].slice(0, room);
    room -= values.length;
    if (values.length > 0) without[fact] = values;
  }
  return without;
}

/** Accepts an IPv6 network as entries show it. */
function isAddress(ip: string, ipv6Prefix: number): boolean {
  return isStandIn(ip) || canonicalIp(ip.includes(':') ? ip.replace(/\/\d+$/, '') : ip, ipv6Prefix) !== undefined;
}

/** For `links.to`, and for the hidden fields of a form. */
export function toQuery({ since, until, without, ...facts }: AttemptFilter): LinkQuery {
  const lists = FACTS.map((fact): [string, readonly string[] | undefined] => [NOT + fact, without[fact]]);
  return { since: toInstantText(since), until: toInstantText(until), ...facts, ...Object.fromEntries(lists) };
}

/** The part of the filter that a store applies by itself, by an index. */
export function toStoreQuery({ since, until, outcome, username, ip }: AttemptFilter): AttemptsQuery {
  return {
    since: toDate(since),
    until: toDate(until),
    outcome,
    // Pseudonyms and hashes have no escapes.
    username: username === undefined ? undefined : exactName(username),
    ip,
  };
}

export function isEmpty(filter: AttemptFilter): boolean {
  const { without, ...rest } = filter;
  return Object.values(rest).every((value) => value === undefined) && Object.keys(without).length === 0;
}

/** Only the entries with this value. */
export function withFact(filter: AttemptFilter, fact: Fact, value: string): AttemptFilter {
  return { ...filter, [fact]: value };
}

/** No entry with this value. */
export function withoutFact(filter: AttemptFilter, fact: Fact, value: string): AttemptFilter {
  const values = [...new Set([...(filter.without[fact] ?? []), value])];
  return { ...filter, without: { ...filter.without, [fact]: values } };
}

/** Entries with this value again. */
export function withFactAgain(filter: AttemptFilter, fact: Fact, value: string): AttemptFilter {
  const values = (filter.without[fact] ?? []).filter((other) => other !== value);
  const { [fact]: _, ...others } = filter.without;
  return { ...filter, without: values.length > 0 ? { ...others, [fact]: values } : others };
}

function toDate(at: number | undefined): Date | undefined {
  return at === undefined ? undefined : new Date(at);
}
