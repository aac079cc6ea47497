/** Records in no order, by a walk over everything that is stored, a bounded part at a time. */
import * as z from 'zod/mini';
import type { SubjectRecord } from '../../../policy/replies.js';
import { wrongCursor } from '../../../validation/wrong-cursor.js';
import { FirstInOrder } from '../../first-in-order.js';
import { type PagePosition, parsePageCursor, toPageCursor } from '../../page-cursor.js';
import type { StorePage, StoreQuery } from '../../store.js';
import type { Records } from '../records.js';
import { toShown, wantedParts } from './shown.js';

/** The server's own cursor, empty once the walk is over, and the keys that it has found beyond the last page. */
const CURSOR = /^walk:(\d*):(.*)$/s;
const MANY = 1_000;
const leftKeys = z.array(z.string());

/** A record that may be on a page. */
interface Listed extends PagePosition {
  readonly record: SubjectRecord;
}

interface Place {
  readonly next: string;
  readonly left: readonly string[];
}

/** A page may be short, or empty, long before the end. */
export async function walked(records: Records, query: StoreQuery): Promise<StorePage> {
  const { dimension, limit, madeOf } = query;
  const { next, left } = placeOf(query.cursor);
  const found = [...(await records.findAll(left.slice(0, limit)))];
  let place: Place = { next, left: left.slice(limit) };
  // A page that lacks a record which is gone stays short: of the keys that are left, none may be lost.
  if (next !== '' && place.left.length === 0 && found.length < limit) {
    const wanted = { dimension, ...wantedParts(madeOf), limit: limit - found.length };
    const walk = await records.walk(next, wanted);
    found.push(...walk.found);
    place = { next: walk.cursor === '0' ? '' : walk.cursor, left: walk.more };
  }
  return {
    records: found.map((each) => toShown(each, query)).filter((record) => record !== null),
    cursor: place.next === '' && place.left.length === 0 ? null : toCursor(place),
  };
}

/** In the order of their keys, in which nothing is stored: every page goes through all records. */
export async function walkedByKey(records: Records, query: StoreQuery): Promise<StorePage> {
  const { limit } = query;
  const after = query.cursor === null ? null : parsePageCursor(query.cursor, 'key');
  // One more than the page has, to know whether another follows.
  const first = new FirstInOrder<Listed>(limit + 1, 'key', after);
  const seen = new Set<string>();
  let cursor: string | null = null;
  do {
    query.signal?.throwIfAborted();
    const page: StorePage = await walked(records, { ...query, cursor, limit: MANY });
    for (const record of page.records) {
      // The server may return a record twice.
      const { key } = record;
      if (!first.wants(key, 0) || seen.has(key)) continue;
      seen.add(key);
      first.add({ key, lockedUntil: 0, record });
    }
    cursor = page.cursor;
  } while (cursor !== null);
  const page = first.items.slice(0, limit);
  const last = first.items.length > limit ? page.at(-1) : undefined;
  return { records: page.map(({ record }) => record), cursor: last ? toPageCursor(last, 'key') : null };
}

function toCursor({ next, left }: Place): string {
  return `walk:${next}:${JSON.stringify(left)}`;
}

function placeOf(cursor: string | null): Place {
  if (cursor === null) return { next: '0', left: [] };
  const [, next, left] = CURSOR.exec(cursor) ?? [];
  if (next === undefined || left === undefined) throw wrongCursor(cursor);
  try {
    return { next, left: leftKeys.parse(JSON.parse(left)) };
  } catch (cause) {
    throw wrongCursor(cursor, cause);
  }
}
