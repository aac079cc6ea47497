/** The time that scripts go by. */

/** How long a key outlives its end: servers expire keys by a coarser clock than scripts read. */
const KEEP_MS = 1_000;
/** By a test's clock, time may stand still for long. */
const KEEP_BY_OWN_CLOCK_MS = 3_600_000;

export class ScriptTime {
  /** How long keys outlive their end. */
  readonly alsoMs: number;
  /** The same as an argument. */
  readonly keepMs: string;
  readonly #clock: (() => number) | undefined;

  constructor(clock: (() => number) | undefined) {
    this.alsoMs = clock ? KEEP_BY_OWN_CLOCK_MS : KEEP_MS;
    this.keepMs = String(this.alsoMs);
    this.#clock = clock;
  }

  /** Returns the time as an argument: empty for the server's clock. */
  now(): string {
    return this.#clock ? String(Math.floor(this.#clock())) : '';
  }
}
