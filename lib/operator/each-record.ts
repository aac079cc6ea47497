/** Store access for operators: failures are thrown, lists are read page by page, a few records are changed at once. */

import type { Engine } from '../engine.js';
import { LockoutStoreError } from '../errors.js';
import type { SubjectRecord } from '../policy/replies.js';
import type { LockoutStore, StorePage, StoreQuery } from '../stores/store.js';
import type { Awaitable } from '../util/awaitable.js';
import { type LongRunningOptions, reportProgress } from '../validation/long-running.js';

/** Large enough that a million records take few pages, small enough for one reply. */
const PAGE = 2_000;
/** Low enough that logins get their turn. */
const AT_ONCE = 16;

/**
 * @param call - gets a signal that is aborted when the time is over, for a store that takes several steps
 * @throws {LockoutStoreError} if the store fails; `onStoreError` is for logins only
 */
export async function ask<T>(
  engine: Engine,
  operation: string,
  call: (store: LockoutStore, signal: AbortSignal) => Awaitable<T>,
): Promise<T> {
  const waiting = new AbortController();
  const answer = await engine.store.call(operation, (store) => call(store, waiting.signal), {
    onTimeout: () => waiting.abort(),
  });
  if (answer instanceof LockoutStoreError) throw answer;
  return answer;
}

/**
 * Reads several records in one call, if the store can.
 *
 * @returns null for each key of which nothing is known, in the order of the keys
 * @throws {LockoutStoreError} if the store fails
 */
export function readAll(engine: Engine, keys: readonly string[]): Promise<readonly (SubjectRecord | null)[]> {
  if (keys.length === 0) return Promise.resolve([]);
  if (!engine.store.store.readAll)
    return Promise.all(keys.map((key) => ask(engine, 'read', (store) => store.read(key))));
  return ask(engine, 'readAll', (store) => store.readAll?.(keys) ?? []);
}

/** Selects the records to work on. */
export type RecordFilter = Pick<StoreQuery, 'madeOf' | 'withExpired'> &
  Partial<Pick<StoreQuery, 'dimension' | 'lockedOnly' | 'order'>>;

/**
 * Yields every matching record, page by page in the store's own order; records may be changed and removed meanwhile. A page may be
 * empty, and a store that scans may yield a record twice.
 */
async function* pagesOf(engine: Engine, query: Omit<StoreQuery, 'cursor'>): AsyncGenerator<readonly SubjectRecord[]> {
  for (let cursor: string | null = null; ; ) {
    const page: StorePage = await ask(engine, 'list', (store, signal) => store.list({ ...query, cursor, signal }));
    yield page.records;
    cursor = page.cursor;
    if (cursor === null) return;
  }
}

/** Returns some of the matching records, each once: all of them if there are at most `limit`. */
export async function someRecords(
  engine: Engine,
  query: Omit<StoreQuery, 'cursor'>,
): Promise<readonly SubjectRecord[]> {
  const records = new Map<string, SubjectRecord>();
  for await (const page of pagesOf(engine, query)) {
    for (const record of page) records.set(record.key, record);
    if (records.size >= query.limit) break;
  }
  return [...records.values()].slice(0, query.limit);
}

/**
 * Applies an operation to every matching record, several at once.
 *
 * @param act - handles one record; resolves to whether it changed or counted it
 * @returns how many records were handled, even when aborted
 */
export async function onEachRecord(
  engine: Engine,
  filter: RecordFilter,
  act: (record: SubjectRecord) => Promise<boolean>,
  options: LongRunningOptions,
): Promise<number> {
  let done = 0;
  if (options.signal?.aborted) return done;
  const query = { dimension: undefined, lockedOnly: false, ...filter, limit: PAGE };
  for await (const page of pagesOf(engine, query)) {
    for (let start = 0; start < page.length && !options.signal?.aborted; start += AT_ONCE) {
      const answers = await Promise.all(page.slice(start, start + AT_ONCE).map(act));
      done += answers.filter(Boolean).length;
    }
    // A store in memory never leaves the current turn: let other work run.
    await new Promise(setImmediate);
    if (!(await reportProgress(options, done))) break;
  }
  return done;
}
