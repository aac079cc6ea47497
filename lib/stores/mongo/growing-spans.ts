/**
 * The newest documents of a log. Given only an order, some servers read and sort everything that matches, which takes seconds for a
 * million entries. So a short span is queried first, and a longer one only if that has too few: as much longer as these few suggest.
 */
const MIN_GROWTH = 8;
const MAX_GROWTH = 60;

export interface SpansParts<T> {
  /** Returns the newest documents since an instant, newest first. */
  readonly page: (since: number) => Promise<readonly T[]>;
  /** When the newest document may have been written. */
  readonly newest: number;
  /** No document is older. */
  readonly since: number | undefined;
  /** How many are wanted. */
  readonly limit: number;
  /** So short that what matches in it is sorted in a moment. */
  readonly firstSpanMs: number;
}

export async function newestInSpans<T>(parts: SpansParts<T>): Promise<readonly T[]> {
  const { page, newest, since = 0, limit, firstSpanMs } = parts;
  // A span of more than half of all would cost about as much as all of it.
  for (let spanMs = firstSpanMs; newest - 2 * spanMs > since; ) {
    const found = await page(newest - spanMs);
    if (found.length >= limit) return found;
    // Twice as long as it takes if they keep coming like this.
    spanMs *= Math.min(MAX_GROWTH, Math.max(MIN_GROWTH, (2 * limit) / found.length));
  }
  return page(since);
}
