/** Lists in pages: awaiting one returns a page, iterating over it returns everything. */

export interface Page<T> {
  /** May be fewer than `limit`, even none, while `cursor` is not null. */
  readonly items: readonly T[];
  /** Where the next page begins; null after the last. */
  readonly cursor: string | null;
}

/**
 * Awaited, resolves to one page. Iterated with `for await`, yields every entry from there on: the next page is requested when
 * the previous one is used up, so nothing is read after a `break`; `limit` is then the size of a page.
 */
export interface Pages<T> extends Promise<Page<T>>, AsyncIterable<T> {}

/**
 * @param first - already requested, so that a wrong query rejects whether it is awaited or iterated
 * @param next - requests the page that begins at a cursor
 */
export function toPages<T>(first: Promise<Page<T>>, next: (cursor: string) => Promise<Page<T>>): Pages<T> {
  async function* iterate(): AsyncGenerator<T> {
    for (let page = await first; ; ) {
      yield* page.items;
      if (page.cursor === null) return;
      // A store in memory never leaves the current turn: let other work run.
      await new Promise(setImmediate);
      page = await next(page.cursor);
    }
  }
  return Object.assign(first, { [Symbol.asyncIterator]: iterate });
}
