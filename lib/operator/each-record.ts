/** Store access for operators: failures are thrown, lists are read page by page, a few records are changed at once. */

import type { Engine } from '../engine.js';
import { LockoutStoreError } from '../errors.js';
import type { SubjectRecord } from '../policy/replies.js';
import type { LockoutStore, StoreQuery } from '../stores/store.js';
import type { Awaitable } from '../util/awaitable.js';
import { type LongRunningOptions, reportProgress } from '../validation/long-running.js';

/** Large enough that a million records take few pages, small enough for one reply. */
const PAGE = 2_000;
/** Low enough that logins get their turn. */
const AT_ONCE = 16;

/** @throws {LockoutStoreError} if the store fails; `onStoreError` is for logins only */
export async function ask<T>(
  engine: Engine,
  operation: string,
  call: (store: LockoutStore) => Awaitable<T>,
): Promise<T> {
  const answer = await engine.store.call(operation, call);
  if (answer instanceof LockoutStoreError) throw answer;
  return answer;
}

/** Selects the records to work on. */
export type RecordFilter = Pick<StoreQuery, 'madeOf' | 'withExpired'>;

/** Yields every matching record, in pages ascending by key; records may be changed meanwhile. */
async function* pagesOf(engine: Engine, filter: RecordFilter): AsyncGenerator<readonly SubjectRecord[]> {
  for (let after: string | undefined; ; ) {
    const query = { ...filter, dimension: undefined, lockedOnly: false, after, limit: PAGE };
    const page = await ask(engine, 'list', (store) => store.list(query));
    yield page;
    after = page.at(-1)?.key;
    if (page.length < PAGE) return;
  }
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
  for await (const page of pagesOf(engine, filter)) {
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
