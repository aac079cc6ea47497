/** What the page shows: the filter, how it is grouped, and where it begins. */
import { isAttemptCursor } from '../../../operator/attempt-log.js';
import type { LinkQuery } from '../../core/links.js';
import { type AttemptFilter, type ParsedFilter, toQuery } from './filter.js';
import type { GroupedBy } from './groups.js';

export interface AttemptsPageQuery extends ParsedFilter {
  /** Undefined: one row for each attempt. */
  readonly group: GroupedBy | undefined;
  readonly cursor: string | undefined;
}

/** Anything that is no group and no cursor is none: the first page is shown. */
export function toPageQuery(query: URLSearchParams, parsed: ParsedFilter): AttemptsPageQuery {
  const group = query.get('group');
  const cursor = query.get('cursor');
  return {
    ...parsed,
    group: group === 'ip' || group === 'username' ? group : undefined,
    cursor: isAttemptCursor(cursor) ? cursor : undefined,
  };
}

/** Changes part of what is shown: the list then begins anew, unless the cursor is what changes. */
export function linkQuery(
  { filter, group }: AttemptsPageQuery,
  change: { readonly filter?: AttemptFilter; readonly group?: GroupedBy | undefined; readonly cursor?: string } = {},
): LinkQuery {
  const now = { filter, group, ...change };
  return { ...toQuery(now.filter), group: now.group, cursor: now.cursor };
}
