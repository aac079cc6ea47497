/** What is still to happen, by time; what is due at the same moment, as it was added. */
export class Agenda<T> {
  readonly #entries: { readonly at: number; readonly what: T }[] = [];

  /** The time of the next one; `Infinity` when there is none. */
  get nextAt(): number {
    return this.#entries.at(-1)?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Kept descending, so that the next one is taken from the end. */
  add(at: number, what: T): void {
    let from = 0;
    let to = this.#entries.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#entries[middle] as { readonly at: number }).at > at) from = middle + 1;
      else to = middle;
    }
    this.#entries.splice(from, 0, { at, what });
  }

  take(): T | undefined {
    return this.#entries.pop()?.what;
  }
}
