/** The public cursor of a list of subjects: the store's own cursor, and which of several queries it belongs to. */

/** Where a page of a list begins. */
export interface ListPosition {
  /** A list by name is one query for each secret of `pseudonymize`, one after the other: the index of the query. */
  readonly match: number;
  /** The store's cursor within that query; null for its first page. */
  readonly cursor: string | null;
}

export const LIST_START: ListPosition = { match: 0, cursor: null };

/** Longer than a key of any parts that fit into a request. */
const MAX_CHARS = 65_536;
const POSITION = /^(0|[1-9]\d{0,3})(?::(.*))?$/s;

/** Not plain text, so that nobody builds one from a key or shows it to users. */
export function toListCursor({ match, cursor }: ListPosition): string {
  return Buffer.from(cursor === null ? `${match}` : `${match}:${cursor}`).toString('base64url');
}

/** Returns undefined for anything that `toListCursor` does not make. What the store says of its part is another matter. */
export function parseListCursor(text: unknown): ListPosition | undefined {
  if (typeof text !== 'string' || text.length > MAX_CHARS) return undefined;
  const [, index, cursor = null] = POSITION.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (index === undefined) return undefined;
  const position = { match: Number(index), cursor };
  const isStart = position.match === LIST_START.match && cursor === LIST_START.cursor;
  // Only one text means this position, and nothing in it is skipped.
  return isStart || toListCursor(position) !== text ? undefined : position;
}
