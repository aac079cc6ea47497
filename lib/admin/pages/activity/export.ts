/** Acts as a file. */
import { ENGINE } from '../../../lockout.js';
import { type ActivityRecord, activityCursor, isActivityCursor } from '../../../operator/activity.js';
import type { AdminResponse, PageContext } from '../../core/types.js';
import { assertNoMistakes, EXPORT_BATCH, exportCursor, exportRows } from '../../lists/export.js';
import { csvOf, type ExportFormat, jsonLinesOf } from '../../lists/formats.js';
import { parseQuery, toStoreQuery } from './filter.js';

const COLUMNS = [
  'at',
  'action',
  'by',
  'reason',
  'dimension',
  'key',
  'parts',
  'counts',
  'undoOf',
  'id',
] as const satisfies readonly (keyof ActivityRecord)[];

export const CSV = csvOf<ActivityRecord>(COLUMNS);
export const JSON_LINES = jsonLinesOf<ActivityRecord>(COLUMNS);

/** @throws {LockoutStoreError} before the first byte; later, the stream fails */
export async function exportActivity(
  context: PageContext,
  format: ExportFormat<ActivityRecord>,
): Promise<AdminResponse> {
  const { lockout, query, viewer } = context;
  const { filter, mistakes } = parseQuery(query);
  assertNoMistakes(mistakes);
  const cursor = exportCursor(query, isActivityCursor);
  const source = {
    of: 'activity',
    rows: lockout.activity({ ...toStoreQuery(filter), cursor, limit: EXPORT_BATCH }),
    match: undefined,
    cursorAfter: ({ at, id }: ActivityRecord) => activityCursor({ at: at.getTime(), id }),
    // Without the key: a name in it would stay when the person is erased.
    record: () => lockout[ENGINE].activity.begin({ action: 'export', by: viewer.actor }),
  } as const;
  return exportRows(context, source, format);
}
