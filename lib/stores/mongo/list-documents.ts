/** One page of the documents of subjects, by index in either order. */
import { wrongCursor } from '../../validation/wrong-cursor.js';
import { type PagePosition, parsePageCursor, toPageCursor } from '../page-cursor.js';
import type { StoreQuery } from '../store.js';
import { reasonsToShow, toConditions } from './filters.js';
import { FOREVER, type LockoutDocument } from './lockout-document.js';
import { RECORD_SHAPE } from './mark.js';
import { type DocumentFilter, type DocumentFinder, firstByKey, soonest } from './soonest-locks.js';

export interface DocumentPage {
  readonly documents: readonly LockoutDocument[];
  readonly cursor: string | null;
}

const BY_KEY = { _id: 1 } as const;
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
  find: DocumentFinder,
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
  find: DocumentFinder,
  query: StoreQuery,
  after: PagePosition | null,
  now: number,
  limit: number,
): Promise<readonly LockoutDocument[]> {
  const filter = filterOf(query, now);
  const start = after?.key ?? '';
  if (query.lockedOnly) return firstByKey(find, { ...filter, lockedUntil: { $gt: new Date(now) } }, limit, start);
  // Without a bound some planners read the whole collection and sort it for the first page.
  return find.sorted({ ...filter, _id: { $gt: start } }, BY_KEY, limit);
}

/**
 * Continues among the locks that end together with the last one, and then with those that end later: one query for both would read
 * all that end together again on each page, and every lock until reset does.
 */
async function byEnd(
  find: DocumentFinder,
  query: StoreQuery,
  after: PagePosition | null,
  now: number,
  limit: number,
): Promise<readonly LockoutDocument[]> {
  const filter = filterOf(query, now);
  const end = after?.lockedUntil ?? 0;
  const together =
    after && end > now ? await firstByKey(find, { ...filter, lockedUntil: new Date(end) }, limit, after.key) : [];
  const start = new Date(Math.max(end, now));
  if (together.length === limit || start >= FOREVER) return together;
  return [...together, ...(await soonest(find, start, filter, limit - together.length))];
}

/** Everything but the bounds of a page. */
function filterOf({ dimension, lockedOnly, madeOf, withExpired }: StoreQuery, now: number): DocumentFilter {
  const shown = lockedOnly || withExpired ? [] : [{ $or: reasonsToShow(new Date(now)) }];
  const conditions = [...toConditions(madeOf), ...shown];
  return {
    ...(lockedOnly ? LOCKED_SHAPE : RECORD_SHAPE),
    ...(dimension !== undefined && { dimension }),
    ...(conditions.length > 0 && { $and: conditions }),
  };
}
