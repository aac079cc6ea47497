/** Locked records, by the indexes of locks. */
import type { SubjectRecord } from '../../../policy/replies.js';
import { FirstInOrder } from '../../first-in-order.js';
import { type PagePosition, parsePageCursor, toPageCursor } from '../../page-cursor.js';
import type { StorePage, StoreQuery } from '../../store.js';
import type { Records } from '../records.js';
import { isMadeOf, toShown } from './shown.js';

/** How many locks one page looks at, at most; and how many are read at once where all are needed. */
const MANY = 1_000;

/** In the order in which the locks end, and then of their keys by bytes. */
export async function locksByEnd(records: Records, query: StoreQuery): Promise<StorePage> {
  const { cursor, limit, madeOf } = query;
  let last = cursor === null ? undefined : parsePageCursor(cursor, 'lockedUntil');
  const dimensions = await dimensionsOf(records, query);
  const page: SubjectRecord[] = [];
  for (let looked = 0; looked < MANY && page.length < limit; ) {
    query.signal?.throwIfAborted();
    const wanted = limit - page.length;
    const entries = await nextLocks(records, dimensions, last, wanted);
    page.push(
      ...(await lockedOf(
        records,
        query,
        entries.filter(({ key }) => isMadeOf(key, madeOf)),
      )),
    );
    if (entries.length < wanted) return { records: page, cursor: null };
    last = entries.at(-1);
    looked += entries.length;
  }
  return { records: page, cursor: last ? toPageCursor(last, 'lockedUntil') : null };
}

/** In the order of their keys, which no index has: every page goes through all locks. */
export async function locksByKey(records: Records, query: StoreQuery): Promise<StorePage> {
  const { cursor, limit, madeOf } = query;
  const after = cursor === null ? null : parsePageCursor(cursor, 'key');
  // One more than the page has, to know whether another follows.
  const first = new FirstInOrder<PagePosition>(limit + 1, 'key', after);
  for (const dimension of await dimensionsOf(records, query)) {
    for (let last: PagePosition | undefined, isOver = false; !isOver; ) {
      query.signal?.throwIfAborted();
      const entries = await records.locks(dimension, last, MANY);
      for (const entry of entries) {
        if (first.wants(entry.key, entry.lockedUntil) && isMadeOf(entry.key, madeOf)) first.add(entry);
      }
      last = entries.at(-1);
      isOver = entries.length < MANY;
    }
  }
  const page = first.items.slice(0, limit);
  const last = first.items.length > limit ? page.at(-1) : undefined;
  return { records: await lockedOf(records, query, page), cursor: last ? toPageCursor(last, 'key') : null };
}

async function dimensionsOf(records: Records, { dimension }: StoreQuery): Promise<readonly string[]> {
  return dimension === undefined ? records.dimensions() : [dimension];
}

/** Each dimension has its own index. */
async function nextLocks(
  records: Records,
  dimensions: readonly string[],
  last: PagePosition | undefined,
  limit: number,
): Promise<readonly PagePosition[]> {
  const pages = await Promise.all(dimensions.map((dimension) => records.locks(dimension, last, limit)));
  return pages.flat().sort(byEnd).slice(0, limit);
}

/** As the server orders them. */
function byEnd(a: PagePosition, b: PagePosition): number {
  if (a.lockedUntil !== b.lockedUntil) return a.lockedUntil < b.lockedUntil ? -1 : 1;
  return Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));
}

/** Reads what the index names; what was unlocked meanwhile, or evicted, is not locked any more. */
async function lockedOf(
  records: Records,
  query: StoreQuery,
  entries: readonly PagePosition[],
): Promise<readonly SubjectRecord[]> {
  const found = await records.findAll(entries.map(({ key }) => key));
  return found
    .map((each) => toShown(each, query))
    .filter((record) => record !== null && record.lock !== null) as SubjectRecord[];
}
