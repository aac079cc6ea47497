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
/** Some of 100,000 leave 5,000 on the way to the end of the page; some of these leave a few hundred. */
const MAX_LOOKS = 3;

/** Returns locks that end after a date, by their ends and then by key. */
export async function soonest(
  find: DocumentFinder,
  start: Date,
  filter: DocumentFilter,
  limit: number,
): Promise<readonly LockoutDocument[]> {
  const later = { ...filter, lockedUntil: { $gt: start } };
  const before = (last: LockEnd) => ({ ...filter, lockedUntil: { $gt: start, $lt: last.lockedUntil ?? FOREVER } });
  const last = await lastOfPage(find, (end) => (end ? before(end) : later), limit, byEnd);
  if (last) {
    const earlier = await find.sorted(before(last), BY_END, limit);
    const missing = limit - earlier.length;
    const until = last.lockedUntil ?? FOREVER;
    // Many may end together: those until reset.
    const together = missing > 0 ? await firstByKey(find, { ...filter, lockedUntil: until }, missing, '') : [];
    if (together.length === missing) return [...earlier, ...together];
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
  const before = (last: LockEnd) => ({ ...filter, _id: { ...begins, $lt: last._id } });
  const last = await lastOfPage(find, (end) => (end ? before(end) : all), limit, byKey);
  if (last) {
    const page = await find.sorted({ ...filter, _id: { ...begins, $lte: last._id } }, BY_KEY, limit);
    if (page.length === limit) return page;
  }
  return find.sorted(all, BY_KEY, limit);
}

/**
 * Returns a lock that is not before the end of the page; undefined if there are few.
 *
 * @param toFilter - selects the locks before one, or all of them
 */
async function lastOfPage(
  find: DocumentFinder,
  toFilter: (before: LockEnd | undefined) => DocumentFilter,
  limit: number,
  order: (a: LockEnd, b: LockEnd) => number,
): Promise<LockEnd | undefined> {
  const wanted = Math.max(LOOKED_AT, limit);
  let last: LockEnd | undefined;
  for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
    const some = await find.ends(toFilter(last), wanted);
    const areAll = some.length < wanted;
    if (some.length < limit || (areAll && !last)) return last;
    last = [...some].sort(order)[limit - 1];
    if (areAll) break;
  }
  return last;
}

/** As servers order keys: by bytes. */
function byKey(a: LockEnd, b: LockEnd): number {
  return Buffer.compare(Buffer.from(a._id), Buffer.from(b._id));
}

function byEnd(a: LockEnd, b: LockEnd): number {
  const end = (lock: LockEnd) => lock.lockedUntil?.getTime() ?? 0;
  return end(a) - end(b);
}
