/** Locked records, by the indexes of locks. */
import type { SubjectRecord } from '../../../policy/replies.js';
import { FirstInOrder } from '../../first-in-order.js';
import { type PagePosition, parsePageCursor, toPageCursor } from '../../page-cursor.js';
import type { StorePage, StoreQuery } from '../../store.js';
import type { Records, WantedLocks } from '../records.js';
import { toShown, wantedParts } from './shown.js';

/** How many locks one call looks at where few of them are wanted: no call keeps the server from logins for long. */
const MANY = 5_000;
/** How many locks one page looks at, at most. */
const LOOKED_AT = 50_000;

/** In the order in which the locks end, and then of their keys by bytes. */
export async function locksByEnd(records: Records, query: StoreQuery): Promise<StorePage> {
  const { cursor, limit, madeOf } = query;
  let last = cursor === null ? undefined : parsePageCursor(cursor, 'lockedUntil');
  const dimensions = await dimensionsOf(records, query);
  const parts = wantedParts(madeOf);
  const page: SubjectRecord[] = [];
  for (let looked = 0; looked < LOOKED_AT && page.length < limit; ) {
    query.signal?.throwIfAborted();
    const wanted = limit - page.length;
    const most = parts.parts.length > 0 ? MANY : wanted;
    const some = await nextLocks(records, dimensions, last, { ...parts, limit: most });
    const locks = some.locks.slice(0, wanted);
    page.push(...(await lockedOf(records, query, locks)));
    if (some.last === null && locks.length === some.locks.length) return { records: page, cursor: null };
    last = locks.length < some.locks.length ? locks.at(-1) : (some.last ?? undefined);
    looked += most;
  }
  return { records: page, cursor: last ? toPageCursor(last, 'lockedUntil') : null };
}

/** In the order of their keys, which no index has: every page goes through all locks. */
export async function locksByKey(records: Records, query: StoreQuery): Promise<StorePage> {
  const { cursor, limit, madeOf } = query;
  const after = cursor === null ? null : parsePageCursor(cursor, 'key');
  // One more than the page has, to know whether another follows.
  const first = new FirstInOrder<PagePosition>(limit + 1, 'key', after);
  const wanted = { ...wantedParts(madeOf), limit: MANY };
  const dimensions = await dimensionsOf(records, query);
  // Each by its own calls, which wait for each other.
  await Promise.all(
    dimensions.map(async (dimension) => {
      for (let last: PagePosition | undefined, isOver = false; !isOver; ) {
        query.signal?.throwIfAborted();
        const some = await records.lockedKeys(dimension, last, wanted);
        for (const key of some.found) if (first.wants(key, 0)) first.add({ key, lockedUntil: 0 });
        last = some.last;
        isOver = some.looked < MANY;
      }
    }),
  );
  const page = first.items.slice(0, limit);
  const last = first.items.length > limit ? page.at(-1) : undefined;
  return { records: await lockedOf(records, query, page), cursor: last ? toPageCursor(last, 'key') : null };
}

async function dimensionsOf(records: Records, { dimension }: StoreQuery): Promise<readonly string[]> {
  return dimension === undefined ? records.dimensions() : [dimension];
}

/** Each dimension has its own index. Nothing is known of what comes after `last`; null if nothing does. */
async function nextLocks(
  records: Records,
  dimensions: readonly string[],
  after: PagePosition | undefined,
  wanted: WantedLocks,
): Promise<{ readonly locks: readonly PagePosition[]; readonly last: PagePosition | null }> {
  const pages = await Promise.all(dimensions.map((dimension) => records.locks(dimension, after, wanted)));
  const ends = pages.filter(({ looked }) => looked === wanted.limit).map(({ last }) => last);
  const [last = null] = ends.sort(byEnd);
  const locks = pages.flatMap((page) => page.locks).sort(byEnd);
  return { locks: last ? locks.filter((lock) => byEnd(lock, last) <= 0) : locks, last };
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
