/** Which acts are asked for: read from an address, and written into the addresses of links. */
import { ACTIVITY_ACTIONS, type ActivityListQuery, isActivityCursor } from '../../../operator/activity.js';
import type { ActivityAction } from '../../../stores/activity-log.js';
import { exactName } from '../../../util/printable.js';
import type { LinkQuery } from '../../core/links.js';
import { FieldReader, readTimeRange, type TimeRange } from '../../lists/field-reader.js';
import { toInstantText } from '../../lists/instants.js';

type FilterField = 'since' | 'until' | 'by' | 'action' | 'key';

export interface ActivityFilter extends TimeRange {
  /** As it was typed, or as acts show it. */
  readonly by?: string | undefined;
  readonly action?: ActivityAction | undefined;
  readonly key?: string | undefined;
}

export interface ActivityPageQuery {
  readonly filter: ActivityFilter;
  /** What is wrong, for people; empty if nothing is. */
  readonly mistakes: Readonly<Partial<Record<FilterField, string>>>;
  /** Anything that is no cursor is none: the first page is shown. */
  readonly cursor: string | undefined;
}

/** Longer than any key of a few parts. */
const MAX_CHARS = 4_096;

export function parseQuery(query: URLSearchParams): ActivityPageQuery {
  const fields = new FieldReader<FilterField>(query, MAX_CHARS);
  const filter = {
    ...readTimeRange(fields),
    by: fields.text('by'),
    action: fields.oneOf('action', ACTIVITY_ACTIONS),
    key: fields.text('key'),
  };
  const cursor = query.get('cursor');
  return { filter, mistakes: fields.mistakes, cursor: isActivityCursor(cursor) ? cursor : undefined };
}

/** For `links.to`. */
export function toQuery({ since, until, ...facts }: ActivityFilter): LinkQuery {
  return { since: toInstantText(since), until: toInstantText(until), ...facts };
}

export function toStoreQuery({ since, until, by, action, key }: ActivityFilter): ActivityListQuery {
  return {
    since: since === undefined ? undefined : new Date(since),
    until: until === undefined ? undefined : new Date(until),
    by: by === undefined ? undefined : exactName(by),
    action,
    key,
  };
}

export function isEmpty(filter: ActivityFilter): boolean {
  return Object.values(filter).every((value) => value === undefined);
}
