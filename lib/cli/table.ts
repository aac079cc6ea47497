/** Rows in columns, for people at a terminal. */
import { padTo, widthOf } from './width.js';

/** The first rows decide the column widths, so that a list of a million is not held back until its end. */
const HELD_ROWS = 200;
const GAP = '  ';
/** Keeps one long name from pushing everything else out of sight. */
const WIDEST_COLUMN = 60;
const BOLD = '\u001b[1m';
const NOT_BOLD = '\u001b[22m';

export class Table {
  readonly #print: (line: string) => void;
  #heading: readonly string[] | undefined;
  #held: (readonly string[])[] = [];
  #widths: readonly number[] = [];
  #hasBegun = false;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** Begins a table; the heading is printed once there is a row. */
  begin(heading: readonly string[]): void {
    this.end();
    this.#heading = heading;
  }

  add(cells: readonly string[]): void {
    this.#held.push(cells);
    if (this.#hasBegun || this.#held.length >= HELD_ROWS) this.show();
  }

  /** Prints the rows held back; rows that follow use the same columns, as far as they fit. */
  show(): void {
    if (this.#held.length === 0) return;
    const lines = this.#heading === undefined ? this.#held : [this.#heading, ...this.#held];
    if (!this.#hasBegun) this.#widths = widthsOf(lines);
    if (this.#heading !== undefined) this.#print(`${BOLD}${this.#align(this.#heading)}${NOT_BOLD}`);
    for (const cells of this.#held) this.#print(this.#align(cells));
    this.#held = [];
    this.#heading = undefined;
    this.#hasBegun = true;
  }

  /** Ends the table. */
  end(): void {
    this.show();
    this.#heading = undefined;
    this.#hasBegun = false;
  }

  #align(cells: readonly string[]): string {
    const last = cells.length - 1;
    return cells.map((cell, index) => (index === last ? cell : padTo(cell, this.#widths[index] ?? 0))).join(GAP);
  }
}

function widthsOf(lines: readonly (readonly string[])[]): readonly number[] {
  const widths: number[] = [];
  for (const cells of lines) {
    for (const [index, cell] of cells.entries()) {
      widths[index] = Math.min(WIDEST_COLUMN, Math.max(widths[index] ?? 0, widthOf(cell)));
    }
  }
  return widths;
}
