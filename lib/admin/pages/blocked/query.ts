/** What the list shows: read from the address of the page, and written into its links. */
import type { LinkQuery } from '../../core/links.js';

export interface BlockedQuery {
  readonly dimension: string | undefined;
  readonly username: string | undefined;
  readonly ip: string | undefined;
  readonly order: 'lockedUntil' | 'key';
  readonly cursor: string | undefined;
}

/** An empty field of the form is no filter. */
export function toBlockedQuery(query: URLSearchParams): BlockedQuery {
  const given = (name: string) => query.get(name)?.trim() || undefined;
  return {
    dimension: given('dimension'),
    username: given('username'),
    ip: given('ip'),
    order: query.get('order') === 'key' ? 'key' : 'lockedUntil',
    cursor: given('cursor'),
  };
}

/** Changes part of the query: the list then begins anew, unless the cursor is what changes. */
export function linkQuery(query: BlockedQuery, change: Partial<BlockedQuery> = {}): LinkQuery {
  const { dimension, username, ip, order, cursor } = { ...query, cursor: undefined, ...change };
  return { dimension, username, ip, order: order === 'key' ? order : undefined, cursor };
}

export function isFiltered({ username, ip }: BlockedQuery): boolean {
  return username !== undefined || ip !== undefined;
}
