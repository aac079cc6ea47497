/** Pages of records: locked ones by their index, all others by a walk over everything that is stored. */
import * as z from 'zod';
import { type SubjectRecord, toRecord, toStoredRecord } from '../../policy/replies.js';
import { KeyMaker, storedPartsOf } from '../../subject/key.js';
import { describeValue } from '../../validation/describe-value.js';
import { invalidOption } from '../../validation/invalid-option.js';
import type { StoreMatch, StoreQuery } from '../store.js';
import type { Found, LockEntry, Records } from './records.js';

export interface Page {
  readonly records: readonly SubjectRecord[];
  /** Where the next page starts; null at the end. */
  readonly cursor: string | null;
}

export type PageQuery = Omit<StoreQuery, 'after'> & { readonly cursor: string | undefined };

/** How many locks are looked at for one page at most. */
const MOST_LOCKS = 1_000;
/** Of a walk that is over, while there are keys left that it found. */
const WALKED = '';

const lockCursor = z.tuple([z.string(), z.string()]);
const walkCursor = z.tuple([z.string()], z.string());
const keys = new KeyMaker();

/** Locked records in the order in which their locks end, and then of their keys by bytes. */
export async function lockedPage(records: Records, query: PageQuery): Promise<Page> {
  const { dimension, limit, madeOf } = query;
  const dimensions = dimension === undefined ? await records.dimensions() : [dimension];
  const [lockedUntil, key] = query.cursor === undefined ? [] : fromCursor(lockCursor, query.cursor);
  let last: LockEntry | undefined = key !== undefined && lockedUntil !== undefined ? { key, lockedUntil } : undefined;
  const page: SubjectRecord[] = [];
  for (let looked = 0; looked < MOST_LOCKS && page.length < limit; ) {
    const wanted = limit - page.length;
    const entries = await nextLocks(records, dimensions, last, wanted);
    const found = await records.findAll(
      entries.filter((entry) => isMadeOf(entry.key, madeOf)).map((entry) => entry.key),
    );
    // What was unlocked meanwhile is not locked any more.
    for (const record of found.map(toStored)) if (record.lock) page.push(record);
    if (entries.length < wanted) return { records: page, cursor: null };
    last = entries.at(-1);
    looked += entries.length;
  }
  return { records: page, cursor: last ? toCursor([last.lockedUntil, last.key]) : null };
}

/** Records in no order, a bounded part of them at a time: a page may be short, or empty, long before the end. */
export async function walkedPage(records: Records, query: PageQuery): Promise<Page> {
  const { dimension, limit, madeOf, withExpired } = query;
  const [from, ...left] = query.cursor === undefined ? ['0'] : fromCursor(walkCursor, query.cursor);
  const found = [...(await records.findAll(left.slice(0, limit)))];
  let [next, more] = [from, left.slice(limit)];
  if (next !== WALKED && found.length < limit && more.length === 0) {
    const parts = Object.entries(madeOf?.parts ?? {}).map(([name, value]) => keys.toStoredKey({ [name]: value }));
    const wanted = { dimension, parts, match: madeOf?.match ?? 'all', limit: limit - found.length };
    const walked = await records.walk(next, wanted);
    found.push(...walked.found);
    next = walked.cursor === '0' ? WALKED : walked.cursor;
    more = [...walked.more];
  }
  const isOver = next === WALKED && more.length === 0;
  return {
    records: found.flatMap((each) => (withExpired ? toStored(each) : (toShown(each) ?? []))),
    cursor: isOver ? null : toCursor([next, ...more]),
  };
}

/** Each dimension has its own index. */
async function nextLocks(
  records: Records,
  dimensions: readonly string[],
  last: LockEntry | undefined,
  limit: number,
): Promise<readonly LockEntry[]> {
  const pages = await Promise.all(dimensions.map((dimension) => records.locks(dimension, last, limit)));
  return pages.flat().sort(byEnd).slice(0, limit);
}

/** As the server orders them. */
function byEnd(a: LockEntry, b: LockEntry): number {
  return Number(a.lockedUntil) - Number(b.lockedUntil) || Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));
}

function isMadeOf(key: string, madeOf: StoreMatch | undefined): boolean {
  const wanted = Object.entries(madeOf?.parts ?? {});
  if (!madeOf || wanted.length === 0) return true;
  const own = storedPartsOf(key);
  const has = ([name, value]: readonly [string, string]) => own[name] === value;
  return madeOf.match === 'all' ? wanted.every(has) : wanted.some(has);
}

function toShown(found: Found): SubjectRecord | null {
  return toRecord(subjectOf(found), found.state, found.now);
}

function toStored(found: Found): SubjectRecord {
  return toStoredRecord(subjectOf(found), found.state, found.now);
}

export function subjectOf({ key, dimension }: Found) {
  return { key, dimension, storedParts: storedPartsOf(key) };
}

function toCursor(parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function fromCursor<T>(shape: z.ZodType<T>, cursor: string): T {
  try {
    return shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw invalidOption('cursor', 'the cursor of an earlier page of the same list', describeValue(cursor), { cause });
  }
}
