/** The server's time, estimated between two answers that told it; immune to jumps of this process's own clock. */

/** The server tells whole milliseconds. */
const RESOLUTION_MS = 1;

/** What the monotonic time is off by, since when. */
interface Reckoning {
  readonly offsetMs: number;
  /** Monotonic. */
  readonly since: number;
  /** What the reckoning before it came to then: no time after it is earlier, none before it later. */
  readonly seam: number;
  /** Only the last one: nothing waits so long to be written that it came before two changes. */
  readonly before: Reckoning | undefined;
}

export class ServerClock {
  readonly #fixed: (() => number) | undefined;
  #reckoning: Reckoning | undefined;

  /** @param fixed - the clock given for specs; it then is the only time there is */
  constructor(fixed: (() => number) | undefined) {
    this.#fixed = fixed;
  }

  /**
   * What an answer is off by may be its own slowness: then nothing is learned, and the times of two entries of the attempt log
   * stay in order.
   *
   * @param serverTime - what the server said
   * @param askedAt - `performance.now()` when it was asked; half of the way there and back is taken for the way back
   */
  learn(serverTime: Date, askedAt: number): void {
    const now = performance.now();
    const halfMs = (now - askedAt) / 2;
    const offsetMs = serverTime.getTime() - (askedAt + halfMs);
    const known = this.#reckoning;
    if (known && Math.abs(offsetMs - known.offsetMs) <= halfMs + RESOLUTION_MS) return;
    const [since, seam] = known ? [now, timeBy(known, now)] : [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    this.#reckoning = { offsetMs, since, seam, before: known && { ...known, before: undefined } };
  }

  /** Epoch milliseconds; the process's own time until the server has told its. */
  now(): number {
    return this.at(performance.now());
  }

  /**
   * The same of a moment that is over. Of two moments the later one never has the earlier time.
   *
   * @param asOf - by `performance.now()`
   * @param ageMs - how long before that
   */
  at(asOf: number, ageMs = 0): number {
    if (this.#fixed) return this.#fixed() - ageMs;
    if (!this.#reckoning) return Math.round(Date.now() - (performance.now() - asOf) - ageMs);
    return Math.round(timeBy(this.#reckoning, asOf - ageMs));
  }
}

function timeBy({ offsetMs, since, seam, before }: Reckoning, moment: number): number {
  if (moment >= since) return Math.max(moment + offsetMs, seam);
  return Math.min(before ? timeBy(before, moment) : moment + offsetMs, seam);
}
