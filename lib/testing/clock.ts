/** The time of a contract test. */

/**
 * Starts at the real time and never goes back, so that a server which removes old records by its own clock keeps the
 * ones of the tests.
 */
export class ContractClock {
  #now = Date.now();

  /** To be handed over as `clock`. */
  readonly read = (): number => this.#now;

  advance(ms: number): void {
    this.#now += ms;
  }
}
