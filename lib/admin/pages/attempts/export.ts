/** Attempts as a file. */
import { ENGINE } from '../../../lockout.js';
import { type AttemptRecord, attemptCursor, isAttemptCursor, loggedParts } from '../../../operator/attempt-log.js';
import type { AdminResponse, PageContext } from '../../core/types.js';
import { assertNoMistakes, EXPORT_BATCH, type ExportBounds, exportCursor, exportRows } from '../../lists/export.js';
import { csvOf, type ExportFormat, jsonLinesOf } from '../../lists/formats.js';
import { toStoreQuery } from './filter.js';
import { toMatch } from './match.js';
import { readFilter } from './read-filter.js';

const COLUMNS = [
  'at',
  'outcome',
  'count',
  'username',
  'ip',
  'userAgent',
  'method',
  'path',
  'action',
  'reason',
  'dimension',
  'cause',
  'tier',
  'sessionHash',
  'id',
] as const satisfies readonly (keyof AttemptRecord)[];

export const CSV = csvOf<AttemptRecord>(COLUMNS);
export const JSON_LINES = jsonLinesOf<AttemptRecord>(COLUMNS);

/** @throws {LockoutStoreError} before the first byte; later, the stream fails */
export async function exportAttempts(
  context: PageContext,
  format: ExportFormat<AttemptRecord>,
  bounds?: ExportBounds,
): Promise<AdminResponse> {
  const { lockout, query, viewer } = context;
  const { activity, options } = lockout[ENGINE];
  const { filter, mistakes } = readFilter(context);
  assertNoMistakes(mistakes);
  const wanted = toStoreQuery(filter);
  const cursor = exportCursor(query, isAttemptCursor);
  const source = {
    of: 'attempts',
    rows: lockout.attempts({ ...wanted, cursor, limit: EXPORT_BATCH }),
    match: toMatch(filter),
    cursorAfter: ({ at, id }: AttemptRecord) => attemptCursor({ at: at.getTime(), id }),
    // Of a filter by a name, so that erasing the person erases it here.
    record: () => activity.begin({ action: 'export', by: viewer.actor, parts: loggedParts(options, wanted) }),
  } as const;
  return exportRows(context, source, format, bounds);
}
