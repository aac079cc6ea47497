/** Formats figures, and the facts without which they mean nothing. */
import { availableParallelism, cpus, totalmem } from 'node:os';

export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() || 'an unknown processor';
  return `Node ${process.version}, ${availableParallelism()} cores of ${model}, ${toMiB(totalmem())} MiB, ${process.platform} ${process.arch}`;
}

export function toMiB(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

/** Formats rows as plain text: the first column aligned left, figures right. */
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

/** What the measured process sends to its parent. */
export interface MemoryReport {
  readonly subjects: number;
  readonly seconds: number;
  /** Heap before the first login, and after the last one and a garbage collection. */
  readonly heapBefore: number;
  readonly heapAfter: number;
  readonly rssBefore: number;
  readonly rssAfter: number;
  /** Peak of the process, including garbage. */
  readonly rssPeak: number;
}
