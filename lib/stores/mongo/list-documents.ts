/** One page of the documents of subjects, by index in either order. */
import type { mongo } from 'mongoose';
import { wrongCursor } from '../../validation/wrong-cursor.js';
import { type PagePosition, parsePageCursor, toPageCursor } from '../page-cursor.js';
import type { StoreQuery } from '../store.js';
import { reasonsToShow, toConditions } from './filters.js';
import { FOREVER, type LockoutDocument, toDate } from './lockout-document.js';
import { RECORD_SHAPE } from './mark.js';

/** Finds the documents of a filter in an order, at most `limit`. */
export type FindSorted = (
  filter: mongo.Filter<LockoutDocument>,
  sort: Readonly<Record<string, 1>>,
  limit: number,
) => Promise<readonly LockoutDocument[]>;

export interface DocumentPage {
  readonly documents: readonly LockoutDocument[];
  readonly cursor: string | null;
}

const BY_KEY = { _id: 1 } as const;
const BY_END = { lockedUntil: 1, _id: 1 } as const;
/**
 * Given only a beginning, some servers read and sort every lock, which takes a fifth of a second for 100,000. So locks that end
 * within a minute are queried first, then those within an hour, three days and ever, until there are enough.
 */
const SPANS_MS = [60_000, 3_600_000, 3 * 86_400_000, Number.POSITIVE_INFINITY] as const;
/** Without `dimension`: some servers would go through the whole index by dimension to find its type. */
const { dimension: _, ...LOCKED_SHAPE } = RECORD_SHAPE;

/** @throws {LockoutConfigError} for a cursor that was not made here for this order */
export function positionOf({ cursor, order = 'key' }: StoreQuery): PagePosition | null {
  if (cursor === null) return null;
  const position = parsePageCursor(cursor, order);
  if (Number.isNaN(new Date(position.lockedUntil).getTime())) throw wrongCursor(cursor);
  return position;
}

/** @param after - the `positionOf` the query */
export async function listDocuments(
  find: FindSorted,
  query: StoreQuery,
  after: PagePosition | null,
  now: number,
): Promise<DocumentPage> {
  const { order = 'key', limit } = query;
  // One more than the page has, to know whether another follows.
  const found = await (order === 'key' ? byKey : byEnd)(find, query, after, now, limit + 1);
  const documents = found.slice(0, limit);
  const last = found.length > limit ? documents.at(-1) : undefined;
  if (last === undefined) return { documents, cursor: null };
  const lockedUntil = last.lockedUntil?.getTime() ?? 0;
  return { documents, cursor: toPageCursor({ key: last._id, lockedUntil }, order) };
}

function byKey(
  find: FindSorted,
  query: StoreQuery,
  after: PagePosition | null,
  now: number,
  limit: number,
): ReturnType<FindSorted> {
  const { lockedOnly } = query;
  const filter = {
    // Without a bound some planners read the whole collection and sort it for the first page.
    _id: { $gt: after?.key ?? '' },
    ...(lockedOnly && { lockedUntil: { $gt: new Date(now) } }),
    ...filterOf(query, now),
  };
  return find(filter, BY_KEY, limit);
}

/**
 * Continues among the locks that end together with the last one, and then with those that end later: one query for both would read
 * all that end together again on each page, and every lock until reset does.
 */
async function byEnd(
  find: FindSorted,
  query: StoreQuery,
  after: PagePosition | null,
  now: number,
  limit: number,
): ReturnType<FindSorted> {
  const filter = filterOf(query, now);
  const end = after?.lockedUntil ?? 0;
  const together =
    after && end > now
      ? await find({ lockedUntil: new Date(end), _id: { $gt: after.key }, ...filter }, BY_END, limit)
      : [];
  const found = [...together];
  const start = Math.max(end, now);
  let beyond = new Date(start);
  for (const spanMs of SPANS_MS) {
    if (found.length === limit || beyond >= FOREVER) break;
    const until = toDate(start + spanMs);
    found.push(...(await find({ lockedUntil: { $gt: beyond, $lte: until }, ...filter }, BY_END, limit - found.length)));
    beyond = until;
  }
  return found;
}

/** Everything but the bounds of a page. */
function filterOf(
  { dimension, lockedOnly, madeOf, withExpired }: StoreQuery,
  now: number,
): mongo.Filter<LockoutDocument> {
  const shown = lockedOnly || withExpired ? [] : [{ $or: reasonsToShow(new Date(now)) }];
  const conditions = [...toConditions(madeOf), ...shown];
  return {
    ...(lockedOnly ? LOCKED_SHAPE : RECORD_SHAPE),
    ...(dimension !== undefined && { dimension }),
    ...(conditions.length > 0 && { $and: conditions }),
  };
}
