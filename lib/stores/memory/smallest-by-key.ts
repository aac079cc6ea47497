/** The first page of unsorted records, without sorting all of them. */
export class SmallestByKey<T extends { readonly key: string }> {
  readonly #limit: number;
  readonly #items: T[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Ascending by key, at most `limit`. */
  get items(): readonly T[] {
    return this.#items;
  }

  /** Whether a record with this key would be on the page. */
  wants(key: string): boolean {
    return this.#items.length < this.#limit || key < (this.#items[this.#items.length - 1]?.key ?? '');
  }

  add(item: T): void {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#items[middle] as T).key < item.key) low = middle + 1;
      else high = middle;
    }
    this.#items.splice(low, 0, item);
    if (this.#items.length > this.#limit) this.#items.pop();
  }
}
