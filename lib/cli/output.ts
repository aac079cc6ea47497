/**
 * What a command prints: on standard output its result, in columns at a terminal, tab-separated in a pipe or as JSON; everything
 * else on standard error.
 */
import { escapeUnsafe } from '../util/printable.js';
import { toSafeJson } from '../util/safe-json.js';
import { Table } from './table.js';

const NAME = 'passport-lockout';

/** A pipe, a file, or a terminal, which knows its width. */
type Printer = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export interface Streams {
  readonly stdout: Printer;
  readonly stderr: Printer;
}

export class Output {
  readonly #streams: Streams;
  readonly #table: Table | undefined;
  isJson = false;
  /** Whether only what was asked for is printed, and errors. */
  isQuiet = false;

  constructor(streams: Streams) {
    this.#streams = streams;
    this.#table = streams.stdout.isTTY ? new Table((line) => this.#print(line)) : undefined;
    // `passport-lockout list | head` ends the reader first; that is no failure.
    for (const stream of [streams.stdout, streams.stderr]) {
      stream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error;
        process.exit();
      });
    }
  }

  /** What was done: a sentence or, with `--json`, a value. */
  result(sentence: string, value: unknown): void {
    if (this.isQuiet && !this.isJson) return;
    this.answer(sentence, value);
  }

  /** What was asked for: a sentence or, with `--json`, a value. */
  answer(sentence: string, value: unknown): void {
    this.endRows();
    this.#print(this.isJson ? toSafeJson(value) : sentence);
  }

  /** One row of many: cells or, with `--json`, a value on a line of its own. */
  row(cells: readonly (string | number | null)[], value: unknown): void {
    if (this.isJson) this.#print(toSafeJson(value));
    else if (this.#table) this.#table.add(cells.map(toCell));
    else this.#print(cells.map(toCell).join('\t'));
  }

  /** Begins rows, for people only: not where the output is piped. */
  heading(cells: readonly string[]): void {
    if (!this.isJson) this.#table?.begin(cells);
  }

  /** No row may come for a while. */
  showRows(): void {
    this.#table?.show();
  }

  /** What follows stands in columns of its own. */
  endRows(): void {
    this.#table?.end();
  }

  blankLine(): void {
    this.endRows();
    if (!this.isJson) this.#print('');
  }

  /** Progress and notes. */
  note(text: string): void {
    if (!this.isQuiet) this.error(text);
  }

  /** Errors and questions. */
  error(text: string): void {
    this.endRows();
    this.#streams.stderr.write(`${NAME}: ${text}\n`);
  }

  /** Settles when all of it has left the process. */
  async flushed(): Promise<void> {
    this.endRows();
    const { stdout, stderr } = this.#streams;
    for (const stream of [stdout, stderr]) await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }

  #print(line: string): void {
    this.#streams.stdout.write(`${line}\n`);
  }
}

/** What a lockout tells is safe already; what else a store holds may not be. */
function toCell(cell: string | number | null): string {
  return cell === null ? '-' : escapeUnsafe(String(cell));
}

/** `1 subject`, `2 subjects`, `0 log entries`. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}

/** `1 log entry`, `2 log entries`. */
export function logEntries(count: number): string {
  return plural(count, 'log entry', 'log entries');
}
