/** The server's time, estimated between two answers that told it; immune to jumps of this process's own clock. */

/** The server tells whole milliseconds. */
const RESOLUTION_MS = 1;

/** Changes that are remembered: while a process starts on a busy machine the first few answers differ most. */
const MAX_RECKONINGS = 16;

/** What the monotonic time is off by, from one moment on. */
interface Reckoning {
  readonly offsetMs: number;
  /** Monotonic. */
  readonly since: number;
  /** What the one before came to then: no time by this one is earlier. */
  readonly seam: number;
}

export class ServerClock {
  readonly #fixed: (() => number) | undefined;
  /** The newest first. */
  #reckonings: readonly Reckoning[] = [];

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
    const [known] = this.#reckonings;
    if (known && Math.abs(offsetMs - known.offsetMs) <= halfMs + RESOLUTION_MS) return;
    const [since, seam] = known ? [now, timeBy(known, now)] : [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    this.#reckonings = [{ offsetMs, since, seam }, ...this.#reckonings].slice(0, MAX_RECKONINGS);
  }

  /** Epoch milliseconds; the process's own time until the server has told its. */
  now(): number {
    return this.at(performance.now());
  }

  /** This moment, or one so much earlier, to be told once the server has told its time. */
  moment(): (ageMs: number) => number {
    const fixed = this.#fixed?.();
    const monotonic = performance.now();
    return (ageMs) => (fixed === undefined ? this.at(monotonic - ageMs) : fixed - ageMs);
  }

  /**
   * The same of a moment that is over, by `performance.now()`. Of two moments the later one never has the earlier time, whenever
   * they are asked for: each goes by what held then.
   */
  at(moment: number): number {
    if (this.#fixed) return this.#fixed();
    const reckoning = this.#reckonings.find(({ since }) => since <= moment) ?? this.#reckonings.at(-1);
    return Math.round(reckoning ? timeBy(reckoning, moment) : Date.now() - (performance.now() - moment));
  }
}

function timeBy({ offsetMs, seam }: Reckoning, moment: number): number {
  return Math.max(moment + offsetMs, seam);
}
