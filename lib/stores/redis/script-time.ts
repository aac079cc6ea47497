/** The time that scripts go by. */
export class ScriptTime {
  readonly #clock: (() => number) | undefined;

  constructor(clock: (() => number) | undefined) {
    this.#clock = clock;
  }

  /** Returns the time as an argument: empty for the server's clock. */
  now(): string {
    return this.#clock ? String(Math.floor(this.#clock())) : '';
  }
}
