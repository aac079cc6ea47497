/**
 * Time that only moves when a spec advances it. It starts far in the future: the TTL monitor of a real server goes by the real
 * time, and would remove what a spec wrote in the past.
 */
export class ManualClock {
  #now: number;

  constructor(start = Date.UTC(2100, 0, 1)) {
    this.#now = start;
  }

  /** To be handed over as `clock`. */
  readonly read = (): number => this.#now;

  advance({ days = 0, hours = 0, minutes = 0, seconds = 0, ms = 0 }: Readonly<Record<string, number>>): void {
    this.#now += (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + ms;
  }
}
