/** Faults in the order of a list, and from one page to the next. */
import type { MemoryStore, StorePage, StoreQuery } from '../../../lib/index.js';
import { byListQuery, type Fault, type Faults, FOREVER } from './kinds.js';

/** The store with its lists changed; the first argument lists as the store itself. */
const byList =
  (change: (list: MemoryStore['list'], query: StoreQuery, store: MemoryStore) => StorePage): Fault =>
  (store) => ({ list: (query) => change((asked) => store.list(asked), query, store) });

/** Parts of the cursors of `MemoryStore`. */
const BY_KEY = /^key:(.*)$/s;
const BY_END = /^(lockedUntil:[^:]*):(.*)$/s;

/** The store with the key in its cursors changed, which is where the next page begins among locks that end together. */
const byKeyOfEnd = (change: (key: string) => string): Fault =>
  byList((list, query) => {
    const { records, cursor } = list(query);
    return { records, cursor: cursor?.replace(BY_END, (_, end, key) => `${end}:${change(key)}`) ?? null };
  });

/** Lists everything, and a page by how many records came before it. */
const byCount = byList((list, query) => {
  if (query.cursor !== null && !/^\d+$/.test(query.cursor)) return list(query);
  const start = Number(query.cursor ?? 0);
  const { records } = list({ ...query, cursor: null, limit: 1_000 });
  const end = start + query.limit;
  return { records: records.slice(start, end), cursor: end < records.length ? String(end) : null };
});

export const PAGES_FAULTS: Faults = {
  'ignores the order by key': byListQuery(({ order }) => ({ order: order === 'key' ? 'lockedUntil' : order })),
  'ignores the order by end of lock': byListQuery(({ order }) => ({ order: order === 'lockedUntil' ? 'key' : order })),
  'lists locks until reset first': byList((list, query) => {
    if (query.order !== 'lockedUntil') return list(query);
    const { records, cursor } = list(query);
    const isEndless = ({ lock }: (typeof records)[number]) => lock?.lockedUntil === FOREVER;
    return { records: [...records.filter(isEndless), ...records.filter((record) => !isEndless(record))], cursor };
  }),
  'does not list locks until reset by their end': byList((list, query) => {
    const { records, cursor } = list(query);
    const isListed = ({ lock }: (typeof records)[number]) => lock?.lockedUntil !== FOREVER;
    return { records: query.order === 'lockedUntil' ? records.filter(isListed) : records, cursor };
  }),
  'loses locks that end together with the last of a page': byKeyOfEnd(() => '\uffff'),
  'repeats locks that end together with the last of a page': byKeyOfEnd(() => '!'),
  'lists the first page again and again': byList((list, query) => list({ ...query, cursor: null })),
  'lists only the first page': byList((list, query) => ({ ...list(query), cursor: null })),
  'never ends': byList((list, query) => {
    const { records, cursor } = list(query);
    return { records, cursor: cursor ?? query.cursor ?? (query.order === 'lockedUntil' ? null : 'key:~') };
  }),
  'ignores the limit of a list': byListQuery(() => ({ limit: 1_000 })),
  'takes a page that the filter has shortened for the last': byList((list, query) => {
    const { dimension } = query;
    const { records, cursor } = list({ ...query, dimension: undefined });
    const filtered = records.filter((record) => dimension === undefined || record.dimension === dimension);
    return { records: filtered, cursor: filtered.length < query.limit ? null : cursor };
  }),
  'loses a record between two pages': byList((list, query) => {
    const { records, cursor } = list({ ...query, limit: query.limit + 1 });
    return { records: records.slice(0, query.limit), cursor };
  }),
  'repeats the last record of the previous page': byList((list, query) => {
    const page = list(query);
    const { cursor } = list({ ...query, limit: Math.max(1, query.limit - 1) });
    return page.cursor === null ? page : { records: page.records, cursor };
  }),
  'continues only after an existing key': byList((list, query, store) => {
    const [, key] = BY_KEY.exec(query.cursor ?? '') ?? [];
    return key !== undefined && !store.read(key) ? { records: [], cursor: null } : list(query);
  }),
  'continues only after an existing lock': byList((list, query, store) => {
    const [, , key] = BY_END.exec(query.cursor ?? '') ?? [];
    return key !== undefined && !store.read(key)?.lock ? { records: [], cursor: null } : list(query);
  }),
  'continues after as many records as came before': byCount,
  'starts again for a cursor that it did not make': byList((list, query) => {
    try {
      return list(query);
    } catch {
      return list({ ...query, cursor: null });
    }
  }),
  'has nothing after a cursor that it did not make': byList((list, query) => {
    try {
      return list(query);
    } catch {
      return { records: [], cursor: null };
    }
  }),
  'fails for a cursor that it did not make': byList((list, query) => {
    try {
      return list(query);
    } catch (cause) {
      throw new Error('no such cursor', { cause });
    }
  }),
  'accepts the cursor of another order': byList((list, query) => {
    const { cursor, order } = query;
    const [, , key] = BY_END.exec(cursor ?? '') ?? [];
    if (key !== undefined && order !== 'lockedUntil') return list({ ...query, cursor: `key:${key}` });
    if (order === 'lockedUntil' && cursor?.startsWith('key:username=')) return list({ ...query, cursor: null });
    return list(query);
  }),
};
