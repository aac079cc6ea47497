/** How operators use the store: told of failures, page by page, a few records at once. */

import type { Engine } from '../engine.js';
import { LockoutStoreError } from '../errors.js';
import type { SubjectRecord } from '../policy/replies.js';
import type { LockoutStore, StoreQuery } from '../stores/store.js';
import type { Awaitable } from '../util/awaitable.js';
import { type LongRunningOptions, reportProgress } from '../validation/long-running.js';

/** Large enough that a million records are few pages, small enough for one answer. */
const PAGE = 2_000;
/** Logins must find room between them. */
const AT_ONCE = 16;

/** @throws {LockoutStoreError} only logins need a policy for a failing store; an operator is told */
export async function ask<T>(
  engine: Engine,
  operation: string,
  call: (store: LockoutStore) => Awaitable<T>,
): Promise<T> {
  const answer = await engine.store.call(operation, call);
  if (answer instanceof LockoutStoreError) throw answer;
  return answer;
}

/** Which records something is done to. */
export type RecordFilter = Pick<StoreQuery, 'madeOf' | 'withExpired'>;

/** Every record that matches, in pages ascending by key; records may be changed while it goes on. */
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
 * Does something to every record that matches, some at once.
 *
 * @param act - asked for one record; answers whether it did something
 * @returns how often it did, also when it was stopped
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
    // A store in memory answers in the same turn: others must get theirs.
    await new Promise(setImmediate);
    if (!(await reportProgress(options, done))) break;
  }
  return done;
}
