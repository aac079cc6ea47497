/** Attempts as a file: read page by page, as fast as the client takes them. */
import { type AttemptRecord, attemptCursor, isAttemptCursor } from '../../../operator/attempt-log.js';
import { PageError } from '../../core/page-error.js';
import type { AdminResponse, PageContext } from '../../core/types.js';
import { type AttemptFilter, toStoreQuery } from './filter.js';
import type { ExportFormat } from './formats.js';
import { toMatch } from './match.js';
import { readFilter } from './read-filter.js';

export const MAX_EXPORTED = 100_000;
/** Of which most may not match: a filter that matches nothing must end, too. */
const MAX_LOOKED_AT = 1_000_000;
/** What stores return at once. */
const BATCH = 1_000;
const CHUNK_CHARS = 65_536;

/** Replaced by specs, which do not write 100,000 entries. */
export interface ExportBounds {
  readonly rows: number;
  readonly lookedAt: number;
}

const BOUNDS: ExportBounds = { rows: MAX_EXPORTED, lookedAt: MAX_LOOKED_AT };

/** @throws {LockoutStoreError} before the first byte; later, the stream fails */
export async function exportAttempts(
  context: PageContext,
  format: ExportFormat,
  bounds: ExportBounds = BOUNDS,
): Promise<AdminResponse> {
  const { lockout, now, query, request } = context;
  const { filter, mistakes } = readFilter(context);
  const [mistake] = Object.entries(mistakes);
  if (mistake) throw new PageError(400, `${mistake[0]}: ${mistake[1]}`);
  const cursor = query.get('cursor');
  if (cursor !== null && !isAttemptCursor(cursor)) throw new PageError(400, 'cursor: that of another page or export.');
  const entries = lockout.attempts({ ...toStoreQuery(filter), cursor, limit: BATCH });
  // The first page is here: a store that does not answer is answered with a page that says so.
  await entries;
  const second = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return {
    status: 200,
    headers: {
      'Content-Type': format.type,
      'Content-Disposition': `attachment; filename="attempts-${second}Z.${format.extension}"`,
    },
    body: linesOf(entries, filter, { format, bounds, signal: request.signal }),
    isWhole: true,
  };
}

interface LineOptions {
  readonly format: ExportFormat;
  readonly bounds: ExportBounds;
  readonly signal: AbortSignal;
}

async function* linesOf(
  entries: AsyncIterable<AttemptRecord>,
  filter: AttemptFilter,
  { format, bounds, signal }: LineOptions,
): AsyncGenerator<string> {
  const match = toMatch(filter);
  let [rows, lookedAt] = [0, 0];
  let last: AttemptRecord | undefined;
  let chunk = format.head;
  for await (const entry of entries) {
    // Where hardly anything matches, nothing is written for a long time, and nobody may be waiting any more.
    signal.throwIfAborted();
    if (last && (rows === bounds.rows || lookedAt === bounds.lookedAt)) {
      const cursor = attemptCursor({ at: last.at.getTime(), id: last.id });
      yield chunk + format.toCutLine({ rows, lookedAt, cursor });
      return;
    }
    lookedAt += 1;
    last = entry;
    if (match && !match(entry)) continue;
    rows += 1;
    chunk += format.toLine(entry);
    if (chunk.length < CHUNK_CHARS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
