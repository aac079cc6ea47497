/** Comma-separated values (RFC 4180) that no spreadsheet runs. */

export type CsvCell = string | number | null;

/**
 * What begins a formula (OWASP, CSV Injection), also in the full width that some programs take for the same, and behind blanks, which
 * some remove. A name is what a client likes, and the file is opened by an operator.
 */
const FORMULA = /^(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])/;

/** Every cell is quoted: programs that expect semicolons or tabs must not find any between cells. */
export function toCsvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

function toCell(value: CsvCell): string {
  const text = String(value ?? '');
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
