/** The attempt log in this process's memory: the newest entries, up to a bound. */
import {
  type AttemptEntry,
  type AttemptLog,
  type AttemptPosition,
  type AttemptQuery,
  type AttemptRemoval,
  type CountsQuery,
  type MinuteCounts,
  type NewAttemptEntry,
  newestFirst,
  type PendingEntry,
  type RemovedAttempts,
} from '../attempt-log.js';
import { CountsByMinute } from './counts-by-minute.js';

/** Holds the entry itself: copying its fields would take longer than the rest of a login. */
interface Stored {
  readonly entry: NewAttemptEntry;
  readonly number: number;
  readonly at: number;
  readonly expiresAt: number;
}

/** With its public id, which is made only on request. */
interface Placed extends AttemptPosition {
  readonly stored: Stored;
}

export class AttemptRing implements AttemptLog {
  readonly #capacity: number;
  readonly #clock: () => number;
  readonly #counts = new CountsByMinute();
  /** In the order of appending, from `#first` on and then from the start. */
  #entries: Stored[] = [];
  #first = 0;
  #count = 0;

  constructor(capacity: number, clock: () => number) {
    this.#capacity = capacity;
    this.#clock = clock;
  }

  /** How many entries are held, including expired ones until others take their place. */
  get size(): number {
    return this.#entries.length;
  }

  append(entries: readonly PendingEntry[], retentionMs: number): void {
    const now = this.#clock();
    for (const { entry, ageMs } of entries) {
      const at = now - ageMs;
      const stored = { entry, number: this.#count, at, expiresAt: at + retentionMs };
      this.#count += 1;
      this.#counts.add(entry, at);
      if (this.#entries.length < this.#capacity) this.#entries.push(stored);
      else {
        this.#entries[this.#first] = stored;
        this.#first = (this.#first + 1) % this.#capacity;
      }
    }
  }

  counts(query: CountsQuery): readonly MinuteCounts[] {
    return this.#counts.find(query);
  }

  query({ after, limit, expiredOnly = false, ...filter }: AttemptQuery): readonly AttemptEntry[] {
    const now = this.#clock();
    return this.#entries
      .filter((stored) => stored.expiresAt <= now === expiredOnly && matches(stored, filter))
      .map(toPlaced)
      .filter((placed) => !after || isOlder(placed, after))
      .sort(newestFirst)
      .slice(0, limit)
      .map(({ stored, ...position }) => ({ ...stored.entry, ...position }));
  }

  remove(removal: AttemptRemoval): RemovedAttempts {
    const { keepNewest, after, limit } = removal;
    const now = this.#clock();
    const meant = this.#entries
      .filter((stored) => isMeant(stored, removal, now))
      .map(toPlaced)
      .sort(newestFirst)
      .slice(keepNewest)
      .filter((placed) => !after || isOlder(after, placed))
      .reverse();
    const removed = new Set(meant.slice(0, limit).map(({ stored }) => stored));
    if (removed.size > 0) this.#drop(removed);
    const last = meant.length > limit ? meant[limit - 1] : undefined;
    return { removed: removed.size, last: last ? { at: last.at, id: last.id } : null };
  }

  #drop(removed: ReadonlySet<Stored>): void {
    const inOrder = [...this.#entries.slice(this.#first), ...this.#entries.slice(0, this.#first)];
    this.#entries = inOrder.filter((entry) => !removed.has(entry));
    this.#first = 0;
  }
}

function toPlaced(stored: Stored): Placed {
  return { stored, at: stored.at, id: stored.number.toString(36).padStart(11, '0') };
}

function isOlder(entry: AttemptPosition, than: AttemptPosition): boolean {
  return entry.at < than.at || (entry.at === than.at && entry.id < than.id);
}

function matches({ entry, at }: Stored, filter: Omit<AttemptQuery, 'after' | 'expiredOnly' | 'limit'>): boolean {
  const { outcome, username, ip, since, until } = filter;
  return (
    (outcome === undefined || entry.outcome === outcome) &&
    (username === undefined || entry.username === username) &&
    (ip === undefined || entry.ip === ip) &&
    (since === undefined || at >= since) &&
    (until === undefined || at < until)
  );
}

function isMeant({ entry, at, expiresAt }: Stored, removal: AttemptRemoval, now: number): boolean {
  const { outcomes, username, ip, olderThanMs, expiredOnly } = removal;
  return (
    (outcomes === undefined || outcomes.includes(entry.outcome)) &&
    (username === undefined || entry.username === username) &&
    (ip === undefined || entry.ip === ip) &&
    (olderThanMs === undefined || at <= now - olderThanMs) &&
    (!expiredOnly || expiresAt <= now)
  );
}
