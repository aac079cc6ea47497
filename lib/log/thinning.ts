/**
 * Refusals that repeat: a locked client may try thousands of times a second. The first of a minute by one subject are logged one
 * by one, the further ones become one entry that says how many they were.
 */
import { LRUCache } from 'lru-cache';
import type { NewAttemptEntry } from '../stores/attempt-log.js';

const WINDOW_MS = 60_000;
const LOGGED_ONE_BY_ONE = 10;
/** Whoever refuses longest ago gives way, and its further refusals are logged at once. */
const MAX_SUBJECTS = 10_000;

interface Minute {
  readonly endsAt: number;
  refusals: number;
  /** What the further ones have in common. */
  further: NewAttemptEntry | undefined;
  /** When the last of them was refused. */
  lastAt: number;
}

export class Thinning {
  readonly #log: (entry: NewAttemptEntry, at: number) => void;
  /** In the order in which they end; made late, as it takes its room at once. */
  #minutes: LRUCache<string, Minute> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param log - gets the entries that stand for several refusals, with the monotonic time of the last one */
  constructor(log: (entry: NewAttemptEntry, at: number) => void) {
    this.#log = log;
  }

  /**
   * @param subject - who refused
   * @returns whether this refusal is to be logged by itself
   */
  see(subject: string, entry: NewAttemptEntry): boolean {
    const now = performance.now();
    this.#minutes ??= new LRUCache({ max: MAX_SUBJECTS, dispose: (minute) => this.#end(minute) });
    let minute = this.#minutes.peek(subject);
    if (!minute || minute.endsAt <= now) {
      // Deleted first, for the order, and so that it is disposed of.
      this.#minutes.delete(subject);
      minute = { endsAt: now + WINDOW_MS, refusals: 0, further: undefined, lastAt: now };
      this.#minutes.set(subject, minute);
    }
    minute.refusals += 1;
    if (minute.refusals <= LOGGED_ONE_BY_ONE) return true;
    minute.further = minute.further ? join(minute.further, entry) : entry;
    minute.lastAt = now;
    this.#schedule(minute.endsAt - now);
    return false;
  }

  /** Logs what has been counted so far. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#minutes?.clear();
  }

  #end({ further, lastAt }: Minute): void {
    if (further) this.#log(further, lastAt);
  }

  /** Unreferenced: the log alone must not keep a process alive; `close` writes what is left. */
  #schedule(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#endPast();
    }, Math.ceil(ms)).unref();
  }

  #endPast(): void {
    const now = performance.now();
    const minutes = this.#minutes;
    for (const subject of [...(minutes?.rkeys() ?? [])]) {
      const minute = minutes?.peek(subject);
      if (minute && minute.endsAt <= now) minutes?.delete(subject);
      else if (minute?.further) this.#schedule(minute.endsAt - now);
    }
  }
}

/** One entry for both; what they do not have in common is null. */
function join(one: NewAttemptEntry, other: NewAttemptEntry): NewAttemptEntry {
  const same = <K extends keyof NewAttemptEntry>(name: K) => (one[name] === other[name] ? one[name] : null);
  return {
    outcome: one.outcome,
    count: one.count + other.count,
    username: same('username'),
    ip: same('ip'),
    userAgent: same('userAgent'),
    method: same('method'),
    path: same('path'),
    action: same('action'),
    sessionHash: same('sessionHash'),
    reason: same('reason'),
    dimension: same('dimension'),
    cause: same('cause'),
    tier: same('tier'),
  };
}
