/** Which locks a bulk act lifts. */
import type { Lockout } from '../../../lockout.js';
import type { LockedCount } from '../../../stores/store.js';
import type { LinkQuery } from '../../core/links.js';
import { dimensionText } from '../../view/subject-link.js';

export interface BulkFilter {
  readonly dimension: string | undefined;
  readonly username: string | undefined;
  readonly ip: string | undefined;
}

export interface BulkCount extends LockedCount {
  /** How many of them operators set. */
  readonly byOperators: number;
}

const MAX_COUNTED = 10_000;
const PAGE = 1_000;

/** An empty field is no filter. */
export function toBulkFilter(fields: URLSearchParams): BulkFilter {
  const given = (name: string) => fields.get(name)?.trim() || undefined;
  return { dimension: given('dimension'), username: given('username'), ip: given('ip') };
}

export function filterQuery({ dimension, username, ip }: BulkFilter): LinkQuery {
  return { dimension, username, ip };
}

/** Returns the filter as terms and values; empty for everything that is locked. */
export function filterTerms({
  dimension,
  username,
  ip,
}: BulkFilter): readonly (readonly [term: string, value: string])[] {
  return [
    ...(dimension === undefined ? [] : [['Locked by', dimensionText(dimension)] as const]),
    ...(username === undefined ? [] : [['Username', username] as const]),
    ...(ip === undefined ? [] : [['Address', ip] as const]),
  ];
}

/**
 * Counts at most 10,000.
 *
 * @throws {LockoutConfigError} for a wrong name or address
 * @throws {LockoutStoreError} if the store fails
 */
export async function countMatching(lockout: Lockout, filter: BulkFilter): Promise<BulkCount> {
  let count = 0;
  let byOperators = 0;
  for await (const { cause } of lockout.list({ ...filter, order: 'lockedUntil', limit: PAGE })) {
    if (count === MAX_COUNTED) return { count, byOperators, isAtLeast: true };
    count += 1;
    if (cause === 'operator') byOperators += 1;
  }
  return { count, byOperators, isAtLeast: false };
}
