/** Attempts as a file: read page by page, as fast as the client takes them. */
import { ENGINE } from '../../../lockout.js';
import type { Act } from '../../../log/activity-writer.js';
import { type AttemptRecord, attemptCursor, isAttemptCursor, loggedParts } from '../../../operator/attempt-log.js';
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
  const record = () => recordExport(context, filter);
  const second = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return {
    status: 200,
    headers: {
      'Content-Type': format.type,
      'Content-Disposition': `attachment; filename="attempts-${second}Z.${format.extension}"`,
    },
    body: linesOf(entries, filter, { format, bounds, record, signal: request.signal }),
    isWhole: true,
  };
}

/** Who took what, for Activity: data that has left is not taken back. */
function recordExport({ lockout, viewer }: PageContext, filter: AttemptFilter): Promise<Act> {
  const { activity, options } = lockout[ENGINE];
  // Of a filter by a name, so that erasing the person erases it here.
  return activity.begin({ action: 'export', by: viewer.actor, parts: loggedParts(options, toStoreQuery(filter)) });
}

interface LineOptions {
  readonly format: ExportFormat;
  readonly bounds: ExportBounds;
  readonly record: () => Promise<Act>;
  readonly signal: AbortSignal;
}

async function* linesOf(
  entries: AsyncIterable<AttemptRecord>,
  filter: AttemptFilter,
  { format, bounds, record, signal }: LineOptions,
): AsyncGenerator<string> {
  // Not of a HEAD, whose body nobody reads.
  const act = await record();
  const match = toMatch(filter);
  let [rows, lookedAt] = [0, 0];
  let last: AttemptRecord | undefined;
  let chunk = format.head;
  try {
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
  } finally {
    // Of an export that was broken off, too.
    await act.end({ attempts: rows });
  }
}
