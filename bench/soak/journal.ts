/** An append-only file of lines. Each is with the system before the process goes on, so that not even SIGKILL loses one. */
import { openSync, readFileSync, writeSync } from 'node:fs';
import type { Line } from './records.js';

/** A line without its time. */
export type Entry = Line extends infer L ? (L extends Line ? Omit<L, 'at'> : never) : never;

export class Journal {
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  write(entry: Entry): void {
    writeSync(this.#file, `${JSON.stringify({ ...entry, at: monotonicMs() })}\n`);
  }
}

/** The same in all processes of this machine, and never set back. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

/** Reads a journal; a line that was cut by a kill is not one. */
export function readJournal(path: string): readonly Line[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Line);
}
