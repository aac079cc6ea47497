/** What a command prints: tab-separated or JSON on standard output, everything else on standard error. */
import { escapeUnsafe } from '../util/printable.js';
import { toSafeJson } from '../util/safe-json.js';

const NAME = 'passport-lockout';
const BOLD = '\u001b[1m';
const NOT_BOLD = '\u001b[22m';

/** A pipe, a file, or a terminal, which knows its width. */
type Printer = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

export interface Streams {
  readonly stdout: Printer;
  readonly stderr: Printer;
}

export class Output {
  readonly #streams: Streams;
  isJson = false;

  constructor(streams: Streams) {
    this.#streams = streams;
    // `passport-lockout list | head` ends the reader first; that is no failure.
    for (const stream of [streams.stdout, streams.stderr]) {
      stream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error;
        process.exit();
      });
    }
  }

  /** The result: a sentence or, with `--json`, a value. */
  result(sentence: string, value: unknown): void {
    this.#print(this.isJson ? toSafeJson(value) : sentence);
  }

  /** One row of many: cells or, with `--json`, a value on a line of its own. */
  row(cells: readonly (string | number | null)[], value: unknown): void {
    this.#print(this.isJson ? toSafeJson(value) : cells.map(toCell).join('\t'));
  }

  /** For people only: not where the output is piped. */
  heading(cells: readonly string[]): void {
    if (!this.isJson && this.#streams.stdout.isTTY) this.#print(`${BOLD}${cells.join('\t')}${NOT_BOLD}`);
  }

  blankLine(): void {
    if (!this.isJson) this.#print('');
  }

  /** Progress, notes and errors. */
  note(text: string): void {
    this.#streams.stderr.write(`${NAME}: ${text}\n`);
  }

  /** Settles when all of it has left the process. */
  async flushed(): Promise<void> {
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

/** `1 log`, `2 logs`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
