/** Reads attempts that match a filter, newest first, and no more than a bound of others on the way. */
import { ENGINE, type Lockout } from '../../../lockout.js';
import { AttemptLogReader, type AttemptRecord, attemptCursor } from '../../../operator/attempt-log.js';
import { type AttemptFilter, toStoreQuery } from './filter.js';
import { toMatch } from './match.js';

/** How many entries are read for one page, whatever matches. */
export const MAX_LOOKED_AT = 3_000;
/** How many are read first if some may not match: often these are enough. The rest is one more read. */
const FIRST_BATCH = 1_000;

export interface ScanOptions {
  readonly cursor: string | null;
  /** How many matching entries to return. */
  readonly rows: number;
}

export interface Scan {
  readonly entries: readonly AttemptRecord[];
  /** Whether entries were read that do not match. */
  readonly isFiltered: boolean;
  readonly lookedAt: number;
  /** The oldest entry that was looked at. */
  readonly last: AttemptRecord | undefined;
  /** Whether it ended at the bound, and not for want of room or of entries. */
  readonly isBounded: boolean;
  /** Where the next page begins; null after the last entry. */
  readonly cursor: string | null;
}

export async function scan(lockout: Lockout, filter: AttemptFilter, { cursor, rows }: ScanOptions): Promise<Scan> {
  const match = toMatch(filter);
  const log = new AttemptLogReader(lockout[ENGINE]);
  const entries: AttemptRecord[] = [];
  let lookedAt = 0;
  let last: AttemptRecord | undefined;
  const end = (isMore: boolean): Scan => ({
    entries,
    isFiltered: match !== undefined,
    lookedAt,
    last,
    isBounded: isMore && entries.length < rows,
    cursor: isMore && last ? attemptCursor({ at: last.at.getTime(), id: last.id }) : null,
  });
  for (let from = cursor, limit = match ? FIRST_BATCH : rows; ; limit = MAX_LOOKED_AT - lookedAt) {
    const page = await log.attempts({ ...toStoreQuery(filter), cursor: from }, limit);
    for (const entry of page.items) {
      if (entries.length === rows) return end(true);
      lookedAt += 1;
      last = entry;
      if (match === undefined || match(entry)) entries.push(entry);
    }
    from = page.cursor;
    if (from === null || entries.length === rows || lookedAt === MAX_LOOKED_AT) return end(from !== null);
  }
}
