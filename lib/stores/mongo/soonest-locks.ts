/**
 * The locks that end first. Given only an order, some servers read and sort every lock, which takes a fifth of a second for 100,000. So
 * some of them are looked at first, whichever: no lock that ends later than the first few of these is on the page.
 */
import type { mongo } from 'mongoose';
import { FOREVER, type LockoutDocument } from './lockout-document.js';

export type DocumentFilter = mongo.Filter<LockoutDocument>;

/** Queries of the documents, each of at most `limit`. */
export interface DocumentFinder {
  /** Finds documents in an order. */
  readonly sorted: (
    filter: DocumentFilter,
    sort: Readonly<Record<string, 1>>,
    limit: number,
  ) => Promise<readonly LockoutDocument[]>;
  /** Finds keys and ends of locks, in no order. */
  readonly ends: (filter: DocumentFilter, limit: number) => Promise<readonly LockEnd[]>;
}

type LockEnd = Pick<LockoutDocument, '_id' | 'lockedUntil'>;

const BY_KEY = { _id: 1 } as const;
const BY_END = { lockedUntil: 1, _id: 1 } as const;
/** Fewer are sorted in a moment. */
const LOOKED_AT = 1_000;

/** Returns locks that end after a date, by their ends and then by key. */
export async function soonest(
  find: DocumentFinder,
  start: Date,
  filter: DocumentFilter,
  limit: number,
): Promise<readonly LockoutDocument[]> {
  const later = { ...filter, lockedUntil: { $gt: start } };
  const last = await lastOfPage(find, later, limit, byEnd);
  if (last) {
    const until = last.lockedUntil ?? FOREVER;
    const before = await find.sorted({ ...filter, lockedUntil: { $gt: start, $lt: until } }, BY_END, limit);
    const missing = limit - before.length;
    // Many may end together: those until reset.
    const together = missing > 0 ? await firstByKey(find, { ...filter, lockedUntil: until }, missing, '') : [];
    if (together.length === missing) return [...before, ...together];
  }
  return find.sorted(later, BY_END, limit);
}

/**
 * Returns locks by key.
 *
 * @param after - the key after which to begin; '' for the first one
 */
export async function firstByKey(
  find: DocumentFinder,
  filter: DocumentFilter,
  limit: number,
  after: string,
): Promise<readonly LockoutDocument[]> {
  // A bound that excludes nothing would make some servers read the whole index by key as well.
  const begins = after === '' ? {} : { $gt: after };
  const all = after === '' ? filter : { ...filter, _id: begins };
  const last = await lastOfPage(find, all, limit, byKey);
  if (last) {
    const page = await find.sorted({ ...filter, _id: { ...begins, $lte: last._id } }, BY_KEY, limit);
    if (page.length === limit) return page;
  }
  return find.sorted(all, BY_KEY, limit);
}

/** Returns a lock that is not before the end of the page; undefined if there are few. */
async function lastOfPage(
  find: DocumentFinder,
  filter: DocumentFilter,
  limit: number,
  order: (a: LockEnd, b: LockEnd) => number,
): Promise<LockEnd | undefined> {
  const wanted = Math.max(LOOKED_AT, limit);
  const some = await find.ends(filter, wanted);
  return some.length < wanted ? undefined : [...some].sort(order)[limit - 1];
}

/** As servers order keys: by bytes. */
function byKey(a: LockEnd, b: LockEnd): number {
  return Buffer.compare(Buffer.from(a._id), Buffer.from(b._id));
}

function byEnd(a: LockEnd, b: LockEnd): number {
  const end = (lock: LockEnd) => lock.lockedUntil?.getTime() ?? 0;
  return end(a) - end(b);
}
