/** How many subjects are locked, over any store. */
import * as z from 'zod/mini';
import type { Engine } from '../engine.js';
import type { LockedCount, StorePage } from '../stores/store.js';
import { anObject, text } from '../validation/fields.js';
import { validateOptions } from '../validation/validate.js';
import { ask } from './each-record.js';

/** Which subjects `countLocked` counts. */
export interface CountLockedQuery {
  /**
   * Only this dimension.
   * @default all
   */
  readonly dimension?: string | undefined;
}

/** Of a store that does not count. */
const MAX_LISTED = 1_000;
/** A page may be empty although others follow. */
const MAX_PAGES = 10;

const querySchema = z.strictObject(
  { dimension: z.optional(text) } satisfies Record<keyof CountLockedQuery, z.ZodMiniType>,
  anObject,
);

/** @throws {LockoutConfigError} for a wrong query */
export async function countLocked(engine: Engine, query: CountLockedQuery): Promise<LockedCount> {
  const { dimension } = validateOptions(querySchema, query, 'query');
  const counted = await ask(engine, 'countLocked', (store) => store.countLocked?.(dimension) ?? null);
  return counted ?? listed(engine, dimension);
}

async function listed(engine: Engine, dimension: string | undefined): Promise<LockedCount> {
  let count = 0;
  let cursor: string | null = null;
  for (let pages = 0; pages < MAX_PAGES && count < MAX_LISTED; pages += 1) {
    // In an order no record comes twice.
    const query = { dimension, lockedOnly: true, order: 'lockedUntil', cursor, limit: MAX_LISTED - count } as const;
    const page: StorePage = await ask(engine, 'list', (store) => store.list(query));
    count += page.records.length;
    cursor = page.cursor;
    if (cursor === null) break;
  }
  return { count, isAtLeast: cursor !== null };
}
