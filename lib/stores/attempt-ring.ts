/** The access log in this process's memory: the newest entries, up to a bound. */
import type { AttemptEntry, AttemptLog, AttemptQuery, PendingEntry } from './attempt-log.js';

type Stored = AttemptEntry & { readonly expiresAt: number; readonly number: number };

export class AttemptRing implements AttemptLog {
  readonly #capacity: number;
  readonly #clock: () => number;
  readonly #entries: Stored[] = [];
  #count = 0;

  constructor(capacity: number, clock: () => number) {
    this.#capacity = capacity;
    this.#clock = clock;
  }

  /** How many entries are held, expired ones included until others take their room. */
  get size(): number {
    return this.#entries.length;
  }

  append(entries: readonly PendingEntry[], retentionMs: number): void {
    const now = this.#clock();
    for (const { entry, ageMs } of entries) {
      const at = now - ageMs;
      this.#entries[this.#count % this.#capacity] = {
        ...entry,
        id: this.#count.toString(36).padStart(11, '0'),
        at,
        expiresAt: at + retentionMs,
        number: this.#count,
      };
      this.#count += 1;
    }
  }

  query({ after, limit, ...filter }: AttemptQuery): readonly AttemptEntry[] {
    const now = this.#clock();
    const newestFirst = (a: Stored, b: Stored) => b.at - a.at || b.number - a.number;
    return this.#entries
      .filter((entry) => entry.expiresAt > now && matches(entry, filter))
      .filter((entry) => !after || entry.at < after.at || (entry.at === after.at && entry.id < after.id))
      .sort(newestFirst)
      .slice(0, limit)
      .map(({ expiresAt: _, number: __, ...entry }) => entry);
  }
}

function matches(entry: AttemptEntry, filter: Omit<AttemptQuery, 'after' | 'limit'>): boolean {
  const { outcome, username, ip, since, until } = filter;
  return (
    (outcome === undefined || entry.outcome === outcome) &&
    (username === undefined || entry.username === username) &&
    (ip === undefined || entry.ip === ip) &&
    (since === undefined || entry.at >= since) &&
    (until === undefined || entry.at < until)
  );
}
