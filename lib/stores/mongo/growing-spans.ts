/**
 * The newest documents of a log. Given only an order, some servers read and sort everything that matches, which takes seconds for a
 * million entries. So the newest second is queried first, and a longer span only if that has too few: seven queries at most. An
 * attack fills a minute with more than is sorted in a moment.
 */
const FIRST_SPAN_MS = 1_000;
const SPAN_GROWTH = 60;

export interface SpansParts<T> {
  /** Returns the newest documents since an instant, newest first. */
  readonly page: (since: number) => Promise<readonly T[]>;
  /** When the newest document may have been written. */
  readonly newest: number;
  /** No document is older. */
  readonly since: number | undefined;
  /** How many are wanted. */
  readonly limit: number;
}

export async function newestInSpans<T>({ page, newest, since = 0, limit }: SpansParts<T>): Promise<readonly T[]> {
  for (let spanMs = FIRST_SPAN_MS; newest - spanMs > since; spanMs *= SPAN_GROWTH) {
    const found = await page(newest - spanMs);
    if (found.length >= limit) return found;
  }
  return page(since);
}
