/** Lists that come page by page: one page for whoever awaits, everything for whoever iterates. */

export interface Page<T> {
  readonly items: readonly T[];
  /** For the next page; null after the last. */
  readonly cursor: string | null;
}

/**
 * Awaited, it is one page. Iterated with `for await`, it is every entry from there on: the next page is asked for when the one
 * before is used up, so that what is left after a `break` costs nothing; `limit` is then the size of a page.
 */
export interface Pages<T> extends Promise<Page<T>>, AsyncIterable<T> {}

/**
 * @param first - asked for already, so that a wrong query rejects whether it is awaited or iterated
 * @param next - asks for the page that begins at a cursor
 */
export function toPages<T>(first: Promise<Page<T>>, next: (cursor: string) => Promise<Page<T>>): Pages<T> {
  async function* iterate(): AsyncGenerator<T> {
    for (let page = await first; ; ) {
      yield* page.items;
      if (page.cursor === null) return;
      // A store in memory answers in the same turn: others must get theirs.
      await new Promise(setImmediate);
      page = await next(page.cursor);
    }
  }
  return Object.assign(first, { [Symbol.asyncIterator]: iterate });
}
