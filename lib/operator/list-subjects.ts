/** Lists known subjects in pages, over any store and under each secret. */
import type { Engine } from '../engine.js';
import { LockoutConfigError } from '../errors.js';
import type { SubjectRecord } from '../policy/replies.js';
import type { StorePage, StoreQuery } from '../stores/store.js';
import { DEFAULT_PAGE } from '../validation/fields.js';
import { isInvalidOption } from '../validation/invalid-option.js';
import { validateOptions } from '../validation/validate.js';
import { wrongCursor } from '../validation/wrong-cursor.js';
import { ask } from './each-record.js';
import { queriedParts, storedMatches } from './find-subject.js';
import { LIST_START, type ListPosition, parseListCursor, toListCursor } from './list-cursor.js';
import type { Page } from './pages.js';
import { listSchema } from './schemas.js';
import { toStatus } from './status.js';
import type { ListQuery, SubjectStatus } from './types.js';

/** @throws {LockoutConfigError} for a wrong query, including a cursor of another list or another order */
export async function listSubjects(engine: Engine, query: ListQuery): Promise<Page<SubjectStatus>> {
  validateOptions(listSchema, query, 'query');
  const { dimension, locked = true, order, limit = DEFAULT_PAGE, cursor, ip, username } = query;
  const named = queriedParts(engine.options, { ip, username });
  const matches = Object.keys(named).length === 0 ? [undefined] : storedMatches(engine.options, named, 'all');
  let position: ListPosition | null = (cursor == null ? undefined : parseListCursor(cursor)) ?? LIST_START;
  if (position.match >= matches.length) throw wrongCursor(cursor);
  const records: SubjectRecord[] = [];
  while (position !== null && records.length < limit) {
    const { match }: ListPosition = position;
    const page = await pageOf(engine, {
      dimension,
      lockedOnly: locked,
      madeOf: matches[match],
      cursor: position.cursor,
      order,
      limit: limit - records.length,
    });
    records.push(...page.records);
    position = following(match, page, matches.length);
    // A store that scans would otherwise be read to its end for a filter that nothing matches.
    if (page.cursor !== null) break;
  }
  return { items: records.map(toStatus), cursor: position && toListCursor(position) };
}

function following(match: number, { cursor }: StorePage, matches: number): ListPosition | null {
  if (cursor !== null) return { match, cursor };
  return match + 1 < matches ? { match: match + 1, cursor: null } : null;
}

/** A cursor that the store refuses is a mistake of the caller: the store has not failed. */
async function pageOf(engine: Engine, query: StoreQuery): Promise<StorePage> {
  const page = await ask(engine, 'list', async (store, signal) => {
    try {
      return await store.list({ ...query, signal });
    } catch (error) {
      if (query.cursor !== null && isInvalidOption(error)) return wrongCursor(query.cursor, error);
      throw error;
    }
  });
  if (page instanceof LockoutConfigError) throw page;
  return page;
}
