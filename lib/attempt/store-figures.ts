/** How well the store answers in this process: how long logins wait for it, and how often it failed. Bounded, and never reset. */

const KEPT_CALLS = 512;
const MINUTE_MS = 60_000;
const MINUTES = 60;
const SHARE = 0.95;

export class StoreFigures {
  /** Milliseconds of the latest calls, in a ring. */
  readonly #ms = new Float64Array(KEPT_CALLS);
  #calls = 0;
  /** Failures of each of the last 60 minutes, in a ring. */
  readonly #errors = new Uint32Array(MINUTES);
  #minute = 0;

  /** Called with how long an answer took. */
  onAnswer(ms: number): void {
    this.#ms[this.#calls % KEPT_CALLS] = ms;
    this.#calls += 1;
  }

  onError(): void {
    const at = this.#moveOn() % MINUTES;
    this.#errors[at] = (this.#errors[at] as number) + 1;
  }

  /** The 95th percentile of the latest 512 calls, milliseconds; null without any. */
  get p95Ms(): number | null {
    const calls = Math.min(this.#calls, KEPT_CALLS);
    if (calls === 0) return null;
    const sorted = this.#ms.slice(0, calls).sort();
    return sorted[Math.ceil(SHARE * calls) - 1] as number;
  }

  /** Failed calls of the last hour. */
  get errorsLastHour(): number {
    this.#moveOn();
    return this.#errors.reduce((sum, count) => sum + count, 0);
  }

  /** Empties the minutes that have passed since the last call. */
  #moveOn(): number {
    const minute = Math.floor(performance.now() / MINUTE_MS);
    for (let next = Math.max(this.#minute + 1, minute - MINUTES + 1); next <= minute; next += 1) {
      this.#errors[next % MINUTES] = 0;
    }
    this.#minute = minute;
    return minute;
  }
}
