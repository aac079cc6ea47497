/** A log as a file: read page by page, as fast as the client takes it. */
import type { Act } from '../../log/activity-writer.js';
import type { Pages } from '../../operator/pages.js';
import { PageError } from '../core/page-error.js';
import type { AdminResponse, PageContext } from '../core/types.js';
import type { ExportFormat } from './formats.js';

export const MAX_EXPORTED = 100_000;
/** Of which most may not match: a filter that matches nothing must end, too. */
const MAX_LOOKED_AT = 1_000_000;
/** What stores return at once. */
export const EXPORT_BATCH = 1_000;
const CHUNK_CHARS = 65_536;

/** Replaced by specs, which do not write 100,000 entries. */
export interface ExportBounds {
  readonly rows: number;
  readonly lookedAt: number;
}

const BOUNDS: ExportBounds = { rows: MAX_EXPORTED, lookedAt: MAX_LOOKED_AT };

/** What the act `export` counts. */
const COUNTED = { attempts: 'attempts', activity: 'acts' } as const;

/** What is exported. */
export interface ExportSource<Row> {
  /** The name of the file, and of what it has in each line. */
  readonly of: 'attempts' | 'activity';
  readonly rows: Pages<Row>;
  /** The part of the filter that no store applies; undefined if the store does it all. */
  readonly match: ((row: Row) => boolean) | undefined;
  /** Where the rest begins after this row. */
  readonly cursorAfter: (row: Row) => string;
  /** Records who took what, for Activity: data that has left is not taken back. */
  readonly record: () => Promise<Act>;
}

/** @throws {PageError} 400 if a filter is not right */
export function assertNoMistakes(mistakes: Readonly<Record<string, string | undefined>>): void {
  const [mistake] = Object.entries(mistakes);
  if (mistake) throw new PageError(400, `${mistake[0]}: ${mistake[1]}`);
}

/**
 * @param isCursor - whether it is one of this log
 * @throws {PageError} 400 for the cursor of something else
 */
export function exportCursor(query: URLSearchParams, isCursor: (cursor: unknown) => boolean): string | null {
  const cursor = query.get('cursor');
  if (cursor === null || isCursor(cursor)) return cursor;
  throw new PageError(400, 'cursor: that of another page or export.');
}

/** @throws {LockoutStoreError} before the first byte; later, the stream fails */
export async function exportRows<Row>(
  { now, request }: PageContext,
  source: ExportSource<Row>,
  format: ExportFormat<Row>,
  bounds: ExportBounds = BOUNDS,
): Promise<AdminResponse> {
  // The first page is here: a store that does not answer is answered with a page that says so.
  await source.rows;
  const second = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return {
    status: 200,
    headers: {
      'Content-Type': format.type,
      'Content-Disposition': `attachment; filename="${source.of}-${second}Z.${format.extension}"`,
    },
    body: linesOf(source, { format, bounds, signal: request.signal }),
    isWhole: true,
  };
}

interface LineOptions<Row> {
  readonly format: ExportFormat<Row>;
  readonly bounds: ExportBounds;
  readonly signal: AbortSignal;
}

async function* linesOf<Row>(
  { of, rows: source, match, cursorAfter, record }: ExportSource<Row>,
  { format, bounds, signal }: LineOptions<Row>,
): AsyncGenerator<string> {
  // Not of a HEAD, whose body nobody reads.
  const act = await record();
  let [rows, lookedAt] = [0, 0];
  let last: Row | undefined;
  let chunk = format.head;
  try {
    for await (const row of source) {
      // Where hardly anything matches, nothing is written for a long time, and nobody may be waiting any more.
      signal.throwIfAborted();
      if (last && (rows === bounds.rows || lookedAt === bounds.lookedAt)) {
        yield chunk + format.toCutLine({ of: COUNTED[of], rows, lookedAt, cursor: cursorAfter(last) });
        return;
      }
      lookedAt += 1;
      last = row;
      if (match && !match(row)) continue;
      rows += 1;
      chunk += format.toLine(row);
      if (chunk.length < CHUNK_CHARS) continue;
      yield chunk;
      chunk = '';
    }
    if (chunk !== '') yield chunk;
  } finally {
    // Of an export that was broken off, too.
    await act.end({ [COUNTED[of]]: rows });
  }
}
