/** Queues entries for the attempt log, in order and bounded. Refusals are dropped first: anyone can cause any number. */
import type { NewAttemptEntry, PendingEntry } from '../stores/attempt-log.js';

const MAX_QUEUED = 10_000;
/** The rest of the queue is reserved for other entries. */
const MAX_REFUSED = 5_000;

interface Queued {
  readonly entry: NewAttemptEntry;
  /** Monotonic milliseconds. */
  readonly at: number;
}

export class EntryQueue {
  #refused: Queued[] = [];
  #others: Queued[] = [];
  #lost = 0;

  get length(): number {
    return this.#refused.length + this.#others.length;
  }

  add(entry: NewAttemptEntry, at: number): void {
    const isRefused = entry.outcome === 'refused';
    const isFull = this.length >= MAX_QUEUED;
    if (isRefused ? isFull || this.#refused.length >= MAX_REFUSED : isFull && !this.#dropRefused()) {
      this.#lost += entry.count;
      return;
    }
    (isRefused ? this.#refused : this.#others).push({ entry, at });
  }

  /** Removes and returns the oldest `count` entries, with their age. */
  take(count: number, now: number): readonly PendingEntry[] {
    const batch: PendingEntry[] = [];
    let [refused, others] = [0, 0];
    while (batch.length < count) {
      const [one, other] = [this.#refused[refused], this.#others[others]];
      const next = one && (!other || one.at < other.at) ? one : other;
      if (!next) break;
      if (next === one) refused += 1;
      else others += 1;
      batch.push({ entry: next.entry, ageMs: Math.round(now - next.at) });
    }
    this.#refused = this.#refused.slice(refused);
    this.#others = this.#others.slice(others);
    return batch;
  }

  /** Drops all remaining entries. */
  drop(): void {
    for (const { entry } of [...this.#refused.splice(0), ...this.#others.splice(0)]) this.#lost += entry.count;
  }

  /** Returns how many attempts were lost since the last call. */
  takeLost(): number {
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }

  #dropRefused(): boolean {
    const dropped = this.#refused.pop();
    this.#lost += dropped?.entry.count ?? 0;
    return dropped !== undefined;
  }
}
