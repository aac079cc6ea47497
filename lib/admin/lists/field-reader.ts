/** Reads the fields of a filter from an address, and notes beside each what is wrong with it. */
import { parseInstant } from './instants.js';

export class FieldReader<Field extends string> {
  /** What is wrong, for people; empty if nothing is. */
  readonly mistakes: Partial<Record<Field, string>> = {};
  readonly #query: URLSearchParams;
  readonly #maxChars: number;

  constructor(query: URLSearchParams, maxChars: number) {
    this.#query = query;
    this.#maxChars = maxChars;
  }

  /** Returns undefined for an empty field. */
  text(field: Field): string | undefined {
    const value = this.#query.get(field)?.trim() ?? '';
    if (value.length <= this.#maxChars) return value === '' ? undefined : value;
    this.mistakes[field] = `At most ${this.#maxChars} characters.`;
    return undefined;
  }

  oneOf<Value extends string>(field: Field, values: readonly Value[]): Value | undefined {
    const given = this.text(field);
    const value = values.find((known) => known === given);
    if (given !== undefined && value === undefined) this.mistakes[field] = `One of ${values.join(', ')}.`;
    return value;
  }

  /** @returns epoch milliseconds */
  instant(field: Field): number | undefined {
    const text = this.text(field);
    const at = text === undefined ? undefined : parseInstant(text);
    if (text !== undefined && at === undefined) this.mistakes[field] = 'A time in UTC, such as 2026-11-26T14:03:22Z.';
    return at;
  }
}

export interface TimeRange {
  /** Epoch milliseconds. */
  readonly since?: number | undefined;
  /** Epoch milliseconds; not included. */
  readonly until?: number | undefined;
}

export function readTimeRange(fields: FieldReader<'since' | 'until'>): TimeRange {
  const [since, until] = [fields.instant('since'), fields.instant('until')];
  if (since !== undefined && until !== undefined && since >= until) fields.mistakes.until = 'Must be later than From.';
  return { since, until };
}
