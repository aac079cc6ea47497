/** The server's time, estimated between two of its answers; immune to jumps of this process's own clock. */

/** The server returns whole milliseconds. */
const RESOLUTION_MS = 1;

/** For how long an answer is relied on: a server's clock may be set, and most commands do not tell its time. */
const STALE_MS = 60_000;

const TOLERANCE_MS = 1_000;

/** How many changes are remembered: while a process starts on a busy machine, the first few answers differ most. */
const MAX_RECKONINGS = 16;

/** The offset of the monotonic time, from one moment on. */
interface Reckoning {
  readonly offsetMs: number;
  /** Monotonic. */
  readonly since: number;
  /** The time by the previous reckoning at that moment: no time by this one is earlier. */
  readonly seam: number;
}

export class ServerClock {
  readonly #fixed: (() => number) | undefined;
  /** Newest first. */
  #reckonings: readonly Reckoning[] = [];
  /** Monotonic. */
  #learnedAt = Number.NEGATIVE_INFINITY;

  /** @param fixed - the clock passed in by tests; if given, it alone is used */
  constructor(fixed: (() => number) | undefined) {
    this.#fixed = fixed;
  }

  /**
   * Adjusts the offset to an answer. A difference that the answer's own slowness may explain is ignored, so that entries of the
   * attempt log stay in order.
   *
   * @param serverTime - the server's answer
   * @param askedAt - `performance.now()` when it was asked; half of the round trip is taken for the way back
   */
  learn(serverTime: Date, askedAt: number): void {
    const now = performance.now();
    this.#learnedAt = now;
    const halfMs = (now - askedAt) / 2;
    const offsetMs = serverTime.getTime() - (askedAt + halfMs);
    const [known] = this.#reckonings;
    if (known && Math.abs(offsetMs - known.offsetMs) <= halfMs + RESOLUTION_MS) return;
    const [since, seam] = known ? [now, timeBy(known, now)] : [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    this.#reckonings = [{ offsetMs, since, seam }, ...this.#reckonings].slice(0, MAX_RECKONINGS);
  }

  /** Whether the server has not told its time for a while. */
  get isStale(): boolean {
    return !this.#fixed && performance.now() - this.#learnedAt > STALE_MS;
  }

  /** By how much an estimate may be wrong, in milliseconds: far more than it is, unless the server's clock was set. */
  get toleranceMs(): number {
    return this.#fixed ? 0 : TOLERANCE_MS;
  }

  /** Returns epoch milliseconds; the process's own time until the server's is known. */
  now(): number {
    return this.at(performance.now());
  }

  /** Returns a function for the time of this moment, or of an earlier one; to be called once the server's time is known. */
  moment(): (ageMs: number) => number {
    const fixed = this.#fixed?.();
    const monotonic = performance.now();
    return (ageMs) => (fixed === undefined ? this.at(monotonic - ageMs) : fixed - ageMs);
  }

  /**
   * Returns the time of a past moment, given as `performance.now()`. A later moment never gets an earlier time, whenever it is
   * asked for: each goes by the offset that held at that moment.
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
