/** The first page of unsorted records, without sorting all of them. */
import type { PagePosition } from './page-cursor.js';
import type { StoreOrder } from './store.js';

export class FirstInOrder<T extends PagePosition> {
  readonly #limit: number;
  readonly #order: StoreOrder;
  readonly #after: PagePosition | null;
  readonly #items: T[] = [];

  /**
   * @param limit - how many items are kept, from 0
   * @param after - only what comes after this
   */
  constructor(limit: number, order: StoreOrder, after: PagePosition | null) {
    this.#limit = limit;
    this.#order = order;
    this.#after = after;
  }

  /** In order, at most `limit`. */
  get items(): readonly T[] {
    return this.#items;
  }

  /** Whether an item in this place would be on the page. */
  wants(key: string, lockedUntil: number): boolean {
    if (this.#after !== null && !this.#isBehind(this.#after, key, lockedUntil)) return false;
    if (this.#items.length < this.#limit) return true;
    const last = this.#items[this.#items.length - 1];
    return last !== undefined && !this.#isBehind(last, key, lockedUntil);
  }

  /** @param item - one that is wanted, in a place that no other item has */
  add(item: T): void {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#isBehind(this.#items[middle] as T, item.key, item.lockedUntil)) low = middle + 1;
      else high = middle;
    }
    this.#items.splice(low, 0, item);
    if (this.#items.length > this.#limit) this.#items.pop();
  }

  /** Takes the place in two arguments: an object for each of a million records would cost more than the comparison. */
  #isBehind(position: PagePosition, key: string, lockedUntil: number): boolean {
    if (this.#order === 'lockedUntil' && lockedUntil !== position.lockedUntil)
      return lockedUntil > position.lockedUntil;
    return key > position.key;
  }
}
