/** What operators did, in this process's memory: the newest acts, up to a bound. */
import {
  type ActivityEntry,
  type ActivityLog,
  type ActivityQuery,
  type ActivityResult,
  concerns,
  FORGOTTEN,
  isUsersOwn,
  MAX_ACTIVITY,
  MAX_OWN_ACTIVITY,
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
  /** Those of users, in the same order. */
  readonly #own = new Set<string>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  append(activity: NewActivity, retentionMs: number): void {
    const at = this.#clock();
    this.#kept.set(activity.id, { entry: { ...activity, at }, expiresAt: at + retentionMs });
    if (isUsersOwn(activity)) this.#own.add(activity.id);
    this.#removeOldest(this.#own, MAX_OWN_ACTIVITY);
    this.#removeOldest(this.#kept, MAX_ACTIVITY);
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

  #removeOldest(ids: ReadonlyMap<string, Kept> | ReadonlySet<string>, max: number): void {
    for (const id of ids.keys()) {
      if (ids.size <= max) return;
      this.#kept.delete(id);
      this.#own.delete(id);
    }
  }

  #change(id: string, changes: Partial<ActivityEntry>): void {
    const kept = this.#kept.get(id);
    if (kept) this.#kept.set(id, { ...kept, entry: { ...kept.entry, ...changes } });
  }
}
