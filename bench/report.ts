/** How figures are shown, and the facts without which they mean nothing. */
import { availableParallelism, cpus, totalmem } from 'node:os';

export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() || 'an unknown processor';
  return `Node ${process.version}, ${availableParallelism()} cores of ${model}, ${toMiB(totalmem())} MiB, ${process.platform} ${process.arch}`;
}

export function toMiB(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

/** Rows as plain text: the first column to the left, figures to the right. */
export function toTable(rows: readonly (readonly string[])[]): string {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

/** What the measured process tells the one that judges. */
export interface MemoryReport {
  readonly subjects: number;
  readonly seconds: number;
  /** Before the first login, and after the last one and a collection. */
  readonly heapBefore: number;
  readonly heapAfter: number;
  readonly rssBefore: number;
  readonly rssAfter: number;
  /** The most the process ever held, garbage included. */
  readonly rssPeak: number;
}
