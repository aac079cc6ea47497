/** Counts by text, for a bounded number of texts: under a flood of new ones, those not counted for longest are forgotten. */

const GENERATION = 5_000;

/**
 * Two generations of counts: when the newer is full, it becomes the older, whose counts are dropped unless they were counted on
 * meanwhile. A list of all by age would be kept in order at every failed login, most of which never come back.
 */
export class RecentCounts {
  #newer = new Map<string, number>();
  #older = new Map<string, number>();

  /** @returns the count, including this time */
  add(text: string): number {
    const known = this.#newer.get(text);
    const count = (known ?? this.#older.get(text) ?? 0) + 1;
    if (known === undefined && this.#newer.size >= GENERATION) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(text, count);
    return count;
  }

  delete(text: string): void {
    this.#newer.delete(text);
    this.#older.delete(text);
  }
}
