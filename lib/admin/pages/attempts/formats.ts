/** The formats of an export: one line for each attempt, and a last line if there are more. */
import type { AttemptRecord } from '../../../operator/attempt-log.js';
import { type CsvCell, toCsvLine } from './csv.js';

export interface ExportFormat {
  readonly extension: 'csv' | 'jsonl';
  readonly type: string;
  /** The first line; '' if there is none. */
  readonly head: string;
  readonly toLine: (entry: AttemptRecord) => string;
  /** The last line of an export that is cut. */
  readonly toCutLine: (cut: ExportCut) => string;
}

/** Why an export ends before the log does. */
interface ExportCut {
  readonly rows: number;
  readonly lookedAt: number;
  /** Where the rest begins, for the same address with `cursor`. */
  readonly cursor: string;
}

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

export const CSV: ExportFormat = {
  extension: 'csv',
  type: 'text/csv; charset=utf-8; header=present',
  head: toCsvLine(COLUMNS),
  toLine: (entry) => toCsvLine(COLUMNS.map((column) => toCell(entry[column]))),
  // As many cells as the others have, for programs that count them.
  toCutLine: (cut) => toCsvLine(COLUMNS.map((_, index) => (index === 0 ? toSentence(cut) : null))),
};

export const JSON_LINES: ExportFormat = {
  extension: 'jsonl',
  type: 'application/x-ndjson; charset=utf-8',
  head: '',
  toLine: (entry) => `${JSON.stringify(Object.fromEntries(COLUMNS.map((column) => [column, entry[column]])))}\n`,
  toCutLine: (cut) => `${JSON.stringify({ cut: toSentence(cut), ...cut })}\n`,
};

function toCell(value: AttemptRecord[keyof AttemptRecord]): CsvCell {
  return value instanceof Date ? value.toISOString() : value;
}

function toSentence({ rows, lookedAt, cursor }: ExportCut): string {
  return `Not complete: it ends after ${rows} rows of ${lookedAt} attempts looked at. The rest is at the same address with cursor=${cursor}`;
}
