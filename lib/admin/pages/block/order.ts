/** What an operator wants to block, for how long and why: read from a form, and checked. */
import { LockoutConfigError } from '../../../errors.js';
import { canonicalParts, givenKey } from '../../../operator/find-subject.js';
import type { BlockOptions } from '../../../operator/types.js';
import type { ResolvedOptions } from '../../../options/resolve.js';
import { canonicalIp } from '../../../subject/ip.js';
import { isStandIn, type SubjectParts, storedPartsOf } from '../../../subject/key.js';
import { parseNetwork } from '../../../subject/network.js';
import { type DurationInput, parseDuration } from '../../../util/durations.js';
import { escapeUnsafe, exactName } from '../../../util/printable.js';
import { parseInstant } from '../../lists/instants.js';

/** As they were typed, safe to show. */
export interface BlockFields {
  /** Of a subject from a link; then there is neither a username nor an address. */
  readonly key: string;
  readonly username: string;
  readonly ip: string;
  readonly for: string;
  readonly until: string;
  readonly reason: string;
}

export type BlockMistakes = Readonly<Partial<Record<keyof BlockFields, string>>>;

export interface Order {
  /** Canonical, as lists show them. */
  readonly parts: SubjectParts;
  readonly dimension: string;
  /** Epoch milliseconds, if it is blocked from now on; null until reset. */
  readonly until: number | null;
  readonly options: Required<Pick<BlockOptions, 'reason'>> & Pick<BlockOptions, 'for' | 'until'>;
}

export interface ParsedOrder {
  /** Undefined if there are mistakes. */
  readonly order: Order | undefined;
  readonly mistakes: BlockMistakes;
  /** A network that can only be refused by the option `deny`. */
  readonly network: string | undefined;
}

export const UNTIL = 'until';
export const FOREVER = 'forever';
export const DURATIONS = ['15m', '1h', '4h', '1d', '1w', '30d'] as const satisfies readonly DurationInput[];
export const MAX_REASON_CHARS = 1_000;

export function toFields(form: URLSearchParams): BlockFields {
  // What is invisible becomes an escape, which stands for the same name.
  const given = (name: keyof BlockFields) => escapeUnsafe(form.get(name)?.trim() ?? '');
  return {
    key: given('key'),
    username: given('username'),
    ip: given('ip'),
    for: given('for') || '1h',
    until: given('until'),
    reason: given('reason'),
  };
}

/** @param now - epoch milliseconds of the store's clock */
export function parseOrder(options: ResolvedOptions, fields: BlockFields, now: number): ParsedOrder {
  const { target, network, ...wrong } = parseTarget(options, fields);
  const { time, ...wrongTime } = parseTime(fields, now);
  const { reason } = fields;
  const mistakes: BlockMistakes = { ...wrong.mistakes, ...wrongTime.mistakes, ...reasonMistake(reason) };
  const order = target && time && Object.keys(mistakes).length === 0 ? { ...target, ...time, reason } : undefined;
  return {
    order: order && {
      parts: order.parts,
      dimension: order.dimension,
      until: order.at,
      options: { ...order.given, reason: exactName(reason) },
    },
    mistakes,
    network,
  };
}

type Target = Pick<Order, 'parts' | 'dimension'>;

interface ParsedTarget {
  readonly target?: Target;
  readonly mistakes: BlockMistakes;
  readonly network?: string | undefined;
}

function parseTarget(options: ResolvedOptions, fields: BlockFields): ParsedTarget {
  const { key, username, ip } = fields;
  if (key !== '') return fromKey(options, key);
  if (username === '' && ip === '') return { mistakes: { username: 'A username, an address, or both.' } };
  const network = ip === '' ? undefined : widerNetwork(ip, options.ipv6Prefix);
  if (network !== undefined) {
    const unit = network.includes(':') ? `networks of ${options.ipv6Prefix} bits` : 'single addresses';
    return { mistakes: { ip: `Attempts are counted by ${unit}: this network cannot be locked as one.` }, network };
  }
  // The last bits of a network as small as one subject, or smaller, do not matter.
  const given = { ...(ip !== '' && { ip: ip.replace(/\/\d+$/, '') }), ...(username !== '' && { username }) };
  return toTarget(options, given, ip === '' ? 'username' : 'ip');
}

function fromKey(options: ResolvedOptions, key: string): ParsedTarget {
  try {
    const parts = storedPartsOf(givenKey(options, { key }) ?? key);
    if (Object.values(parts).some(isStandIn)) {
      return { mistakes: { key: 'It is known here only by a pseudonym. Name it by its username or address.' } };
    }
    return toTarget(options, parts, 'key');
  } catch (error) {
    if (error instanceof LockoutConfigError) return { mistakes: { key: error.message } };
    throw error;
  }
}

function toTarget(options: ResolvedOptions, given: SubjectParts, field: keyof BlockFields): ParsedTarget {
  const { dimensions } = options;
  try {
    // Names may have been copied from a list.
    const exact = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, exactName(value)]));
    const parts = canonicalParts(options, exact, [...dimensions.partNames(), 'ip', 'username']);
    const dimension = Object.keys(parts).join('+');
    if (dimensions.named(dimension)) return { target: { parts, dimension }, mistakes: {} };
    const counted = dimensions.known().map(({ name }) => name);
    return { mistakes: { [field]: `Nothing is counted by ${dimension}, only by ${counted.join(', ')}.` } };
  } catch (error) {
    if (error instanceof LockoutConfigError) return { mistakes: { [field]: error.message } };
    throw error;
  }
}

/** Returns the network in canonical spelling if it is wider than what one subject covers; undefined for anything else. */
function widerNetwork(ip: string, ipv6Prefix: number): string | undefined {
  if (!ip.includes('/')) return undefined;
  const [address, bits] = parseNetwork(ip) ?? [];
  if (address === undefined || bits === undefined) return undefined;
  const own = address.kind() === 'ipv4' ? 32 : ipv6Prefix;
  return bits < own ? `${address.toString()}/${bits}` : undefined;
}

interface ParsedTime {
  readonly time?: { readonly at: number | null; readonly given: Pick<BlockOptions, 'for' | 'until'> };
  readonly mistakes: BlockMistakes;
}

function parseTime(fields: BlockFields, now: number): ParsedTime {
  if (fields.for === UNTIL) {
    const at = parseInstant(fields.until);
    if (at === undefined) return { mistakes: { until: 'A time in UTC, such as 2026-11-26T14:03.' } };
    if (at <= now) return { mistakes: { until: 'Must be in the future.' } };
    return { time: { at, given: { until: new Date(at) } }, mistakes: {} };
  }
  if (fields.for === FOREVER) return { time: { at: null, given: { for: FOREVER } }, mistakes: {} };
  const duration = DURATIONS.find((known) => known === fields.for);
  if (duration === undefined) return { mistakes: { for: 'One of those that are offered.' } };
  return { time: { at: now + (parseDuration(duration) as number), given: { for: duration } }, mistakes: {} };
}

function reasonMistake(reason: string): BlockMistakes {
  if (reason === '') return { reason: 'Say why: others will want to know.' };
  return reason.length > MAX_REASON_CHARS ? { reason: `At most ${MAX_REASON_CHARS} characters.` } : {};
}

/** Which parts of the order are the viewer's own. */
export function ownParts(
  options: ResolvedOptions,
  { parts }: Order,
  viewer: { readonly actor: string; readonly address: string | undefined },
): readonly ('ip' | 'username')[] {
  const ip = canonicalIp(viewer.address, options.ipv6Prefix);
  const own: ('ip' | 'username')[] = [];
  if (ip !== undefined && parts['ip'] === ip) own.push('ip');
  if (parts['username'] !== undefined && parts['username'] === nameOf(options, viewer.actor)) own.push('username');
  return own;
}

/** Undefined for an actor whose name is no username. */
function nameOf(options: ResolvedOptions, actor: string): string | undefined {
  try {
    return canonicalParts(options, { username: exactName(actor) }, ['username'])['username'];
  } catch (error) {
    if (error instanceof LockoutConfigError) return undefined;
    throw error;
  }
}
