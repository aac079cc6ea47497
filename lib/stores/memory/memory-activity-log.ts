/** What operators did, in this process's memory: the newest acts, up to a bound. */
import {
  type ActivityEntry,
  type ActivityLog,
  type ActivityQuery,
  type ActivityResult,
  concerns,
  FORGOTTEN,
  MAX_ACTIVITY,
  matchesActivity,
  type NewActivity,
} from '../activity-log.js';
import { newestFirst } from '../attempt-log.js';

interface Kept {
  readonly entry: ActivityEntry;
  readonly expiresAt: number;
}

export class MemoryActivityLog implements ActivityLog {
  readonly #clock: () => number;
  /** In the order of appending. */
  readonly #kept = new Map<string, Kept>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  append(activity: NewActivity, retentionMs: number): void {
    const at = this.#clock();
    this.#kept.set(activity.id, { entry: { ...activity, at }, expiresAt: at + retentionMs });
    for (const id of this.#kept.keys()) {
      if (this.#kept.size <= MAX_ACTIVITY) break;
      this.#kept.delete(id);
    }
  }

  amend(id: string, result: Partial<ActivityResult>): void {
    this.#change(id, result);
  }

  read(id: string): ActivityEntry | null {
    const kept = this.#kept.get(id);
    return kept && kept.expiresAt > this.#clock() ? kept.entry : null;
  }

  query({ limit, ...filter }: ActivityQuery): readonly ActivityEntry[] {
    const now = this.#clock();
    return [...this.#kept.values()]
      .filter(({ entry, expiresAt }) => expiresAt > now && matchesActivity(entry, filter))
      .map(({ entry }) => entry)
      .sort(newestFirst)
      .slice(0, limit);
  }

  forget(username: string): void {
    for (const [id, { entry }] of this.#kept) {
      if (concerns(entry, username)) this.#change(id, FORGOTTEN);
    }
  }

  #change(id: string, changes: Partial<ActivityEntry>): void {
    const kept = this.#kept.get(id);
    if (kept) this.#kept.set(id, { ...kept, entry: { ...kept.entry, ...changes } });
  }
}
