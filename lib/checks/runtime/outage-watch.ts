/** Distinguishes the first failure of an outage from those that follow. */

/** After this long without a failure, the next one begins another outage. */
const QUIET_MS = 60_000;

/** The rule: failures that follow each other within a minute are one outage, however long it is. */
export class OutageWatch {
  readonly #now: () => number;
  #lastAt = Number.NEGATIVE_INFINITY;

  /** @param now - monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Must be called for each failure; returns whether it begins an outage. */
  begins(): boolean {
    const now = this.#now();
    const isFirst = now - this.#lastAt > QUIET_MS;
    this.#lastAt = now;
    return isFirst;
  }
}
