/** The server's time, estimated between two answers that told it; immune to jumps of this process's own clock. */
export class ServerClock {
  readonly #fixed: (() => number) | undefined;
  #offsetMs: number | undefined;

  /** @param fixed - the clock given for specs; it then is the only time there is */
  constructor(fixed: (() => number) | undefined) {
    this.#fixed = fixed;
  }

  /**
   * @param serverTime - what the server said
   * @param askedAt - `performance.now()` when it was asked; half of the way there and back is taken for the way back
   */
  learn(serverTime: Date, askedAt: number): void {
    this.#offsetMs = serverTime.getTime() - (askedAt + performance.now()) / 2;
  }

  /** Epoch milliseconds; the process's own time until the server has told its. */
  now(): number {
    if (this.#fixed) return this.#fixed();
    return this.#offsetMs === undefined ? Date.now() : Math.round(performance.now() + this.#offsetMs);
  }
}
