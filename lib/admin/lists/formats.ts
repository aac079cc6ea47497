/** The formats of an export: one line for each row, and a last line if there are more. */
import { type CsvCell, toCsvLine } from './csv.js';

export interface ExportFormat<Row> {
  readonly extension: 'csv' | 'jsonl';
  readonly type: string;
  /** The first line; '' if there is none. */
  readonly head: string;
  readonly toLine: (row: Row) => string;
  /** The last line of an export that is cut. */
  readonly toCutLine: (cut: ExportCut) => string;
}

/** Why an export ends before the log does. */
interface ExportCut {
  /** What is exported, such as `attempts`. */
  readonly of: string;
  readonly rows: number;
  readonly lookedAt: number;
  /** Where the rest begins, for the same address with `cursor`. */
  readonly cursor: string;
}

/** @param columns - the fields of a row, in their order */
export function csvOf<Row>(columns: readonly (keyof Row & string)[]): ExportFormat<Row> {
  return {
    extension: 'csv',
    type: 'text/csv; charset=utf-8; header=present',
    head: toCsvLine(columns),
    toLine: (row) => toCsvLine(columns.map((column) => toCell(row[column]))),
    // As many cells as the others have, for programs that count them.
    toCutLine: (cut) => toCsvLine(columns.map((_, index) => (index === 0 ? toSentence(cut) : null))),
  };
}

/** @param columns - the fields of a row, in their order */
export function jsonLinesOf<Row>(columns: readonly (keyof Row & string)[]): ExportFormat<Row> {
  return {
    extension: 'jsonl',
    type: 'application/x-ndjson; charset=utf-8',
    head: '',
    toLine: (row) => `${JSON.stringify(Object.fromEntries(columns.map((column) => [column, row[column]])))}\n`,
    toCutLine: (cut) => {
      const { rows, lookedAt, cursor } = cut;
      return `${JSON.stringify({ cut: toSentence(cut), rows, lookedAt, cursor })}\n`;
    },
  };
}

/** What is no single value, such as the parts of a subject, is one cell of JSON. */
function toCell(value: unknown): CsvCell {
  if (value instanceof Date) return value.toISOString();
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function toSentence({ of, rows, lookedAt, cursor }: ExportCut): string {
  return `Not complete: it ends after ${rows} rows of ${lookedAt} ${of} looked at. The rest is at the same address with cursor=${cursor}`;
}
