/** Tells the first failure of an outage from those that follow it. */

/** So long without a failure, and the next one is another outage. */
const QUIET_MS = 60_000;

/** The rule: failures that follow each other within a minute are one outage, however long it is. */
export class OutageWatch {
  readonly #now: () => number;
  #lastAt = Number.NEGATIVE_INFINITY;

  /** @param now - monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** To be asked at each failure. */
  begins(): boolean {
    const now = this.#now();
    const isFirst = now - this.#lastAt > QUIET_MS;
    this.#lastAt = now;
    return isFirst;
  }
}
