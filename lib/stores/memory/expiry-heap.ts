/** A binary heap by due time whose items know their position, so that any of them can be removed at once. */

export interface HeapItem {
  /** Never later than the item really expires. */
  dueAt: number;
  /** Index in the heap; -1 if the item is in no heap. */
  heapIndex: number;
}

export class ExpiryHeap<T extends HeapItem> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** Returns the item that is due first. */
  peek(): T | undefined {
    return this.#items[0];
  }

  /** Returns all items, in no order; none may be added or removed meanwhile. */
  values(): IterableIterator<T> {
    return this.#items.values();
  }

  /** @param start - the position from which it rises; the end for a new item */
  push(item: T, start = this.#items.push(item) - 1): void {
    const items = this.#items;
    let index = start;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = items[above] as T;
      if (parent.dueAt <= item.dueAt) break;
      items[index] = parent;
      parent.heapIndex = index;
      index = above;
    }
    items[index] = item;
    item.heapIndex = index;
  }

  remove(item: T): void {
    const index = item.heapIndex;
    const last = this.#items.pop();
    item.heapIndex = -1;
    if (last === undefined || last === item) return;
    this.#sink(last, index);
    this.push(last, last.heapIndex);
  }

  #sink(item: T, start: number): void {
    let index = start;
    for (;;) {
      let below = index * 2 + 1;
      if (below >= this.#items.length) break;
      const right = this.#items[below + 1];
      if (right && right.dueAt < (this.#items[below] as T).dueAt) below += 1;
      const child = this.#items[below] as T;
      if (child.dueAt >= item.dueAt) break;
      this.#place(child, index);
      index = below;
    }
    this.#place(item, index);
  }

  #place(item: T, index: number): void {
    this.#items[index] = item;
    item.heapIndex = index;
  }
}
