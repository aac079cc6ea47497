/**
 * What a command prints. Its result goes to standard output: in columns at a terminal, tab-separated in a pipe, or as JSON.
 * Everything else goes to standard error.
 */
import { escapeUnsafe } from '../util/printable.js';
import { toSafeJson } from '../util/safe-json.js';
import { Table } from './table.js';

const NAME = 'passport-lockout';

/** A pipe, a file, or a terminal (which knows its width). */
type Printer = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export interface Streams {
  readonly stdout: Printer;
  readonly stderr: Printer;
}

export class Output {
  readonly #streams: Streams;
  readonly #table: Table | undefined;
  isJson = false;
  /** Whether to print only the requested data and errors. */
  isQuiet = false;

  constructor(streams: Streams) {
    this.#streams = streams;
    this.#table = streams.stdout.isTTY ? new Table((line) => this.#print(line)) : undefined;
    // In `passport-lockout list | head` the reader ends first; that is not a failure.
    for (const stream of [streams.stdout, streams.stderr]) {
      stream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error;
        process.exit();
      });
    }
  }

  /** Prints what was done: a sentence or, with `--json`, a value. */
  result(sentence: string, value: unknown): void {
    if (this.isQuiet && !this.isJson) return;
    this.answer(sentence, value);
  }

  /** Prints the requested data: a sentence or, with `--json`, a value. */
  answer(sentence: string, value: unknown): void {
    this.endRows();
    this.#print(this.isJson ? toSafeJson(value) : sentence);
  }

  /** Prints one row of many: cells or, with `--json`, a value on its own line. */
  row(cells: readonly (string | number | null)[], value: unknown): void {
    if (this.isJson) this.#print(toSafeJson(value));
    else if (this.#table) this.#table.add(cells.map(toCell));
    else this.#print(cells.map(toCell).join('\t'));
  }

  /** Begins a table with a heading, at a terminal only. */
  heading(cells: readonly string[]): void {
    if (!this.isJson) this.#table?.begin(cells);
  }

  /** Prints the rows held back, because the next one may take a while. */
  showRows(): void {
    this.#table?.show();
  }

  /** Ends the table; rows that follow get their own column widths. */
  endRows(): void {
    this.#table?.end();
  }

  blankLine(): void {
    this.endRows();
    if (!this.isJson) this.#print('');
  }

  /** Prints progress or a note. */
  note(text: string): void {
    if (!this.isQuiet) this.error(text);
  }

  /** Prints an error or a question. */
  error(text: string): void {
    this.endRows();
    this.#streams.stderr.write(`${NAME}: ${text}\n`);
  }

  /** Resolves when all output has left the process. */
  async flushed(): Promise<void> {
    this.endRows();
    const { stdout, stderr } = this.#streams;
    for (const stream of [stdout, stderr]) await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }

  #print(line: string): void {
    this.#streams.stdout.write(`${line}\n`);
  }
}

/** Values from a lockout are escaped already; other contents of a store may not be. */
function toCell(cell: string | number | null): string {
  return cell === null ? '-' : escapeUnsafe(String(cell));
}

/** Returns `1 subject`, `2 subjects`, `0 log entries`. */
export function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`;
}

/** Returns `1 log entry`, `2 log entries`. */
export function logEntries(count: number): string {
  return plural(count, 'log entry', 'log entries');
}
