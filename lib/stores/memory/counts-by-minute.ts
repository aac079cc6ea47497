/** Counts per minute and outcome in this process's memory, for the last 8 days. */
import { COUNTS_KEPT_MS, type CountsQuery, type MinuteCounts, type NewAttemptEntry } from '../attempt-log.js';
import { HOUR_MS, MINUTE_MS } from '../count-outcomes.js';

const [FAILED, REFUSED, SUCCEEDED, LOCKS, COLUMNS] = [0, 1, 2, 3, 4] as const;
const MINUTES = HOUR_MS / MINUTE_MS;
/** The hours of 8 days, and the one under way. */
const MAX_HOURS = COUNTS_KEPT_MS / HOUR_MS + 1;

export class CountsByMinute {
  /** By the number of the hour: the counts of its minutes, one after the other. A whole day takes 23 KB. */
  readonly #hours = new Map<number, Uint32Array>();

  /** Allocates nothing but once an hour, and calls nothing of ours: each attempt passes here. */
  add(entry: NewAttemptEntry, at: number): void {
    const { outcome, count } = entry;
    if (outcome === 'logout') return;
    const hour = Math.floor(at / HOUR_MS);
    const counts = this.#hours.get(hour) ?? this.#begin(hour);
    const first = Math.floor((at - hour * HOUR_MS) / MINUTE_MS) * COLUMNS;
    const column = first + (outcome === 'failed' ? FAILED : outcome === 'refused' ? REFUSED : SUCCEEDED);
    counts[column] = (counts[column] ?? 0) + count;
    // As `didLock`.
    if (outcome === 'failed' && entry.dimension !== null) counts[first + LOCKS] = (counts[first + LOCKS] ?? 0) + 1;
  }

  find({ since, until }: CountsQuery): readonly MinuteCounts[] {
    const found: MinuteCounts[] = [];
    for (const hour of [...this.#hours.keys()].sort((a, b) => a - b)) {
      const counts = this.#hours.get(hour) as Uint32Array;
      for (let minute = 0; minute < MINUTES; minute += 1) {
        const at = hour * HOUR_MS + minute * MINUTE_MS;
        if (at < since || at >= until) continue;
        const [failed = 0, refused = 0, succeeded = 0, locks = 0] = counts.subarray(minute * COLUMNS);
        if (failed + refused + succeeded > 0) found.push({ at, failed, refused, succeeded, locks });
      }
    }
    return found;
  }

  #begin(hour: number): Uint32Array {
    const counts = new Uint32Array(MINUTES * COLUMNS);
    this.#hours.set(hour, counts);
    if (this.#hours.size > MAX_HOURS) this.#hours.delete(Math.min(...this.#hours.keys()));
    return counts;
  }
}
