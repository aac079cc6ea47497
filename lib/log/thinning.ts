/**
 * Merges repeated refusals: a locked client may try thousands of times a second. In each minute the first refusals by one subject
 * are logged one by one; the rest become one entry with their count.
 */
import { LRUCache } from 'lru-cache';
import type { NewAttemptEntry } from '../stores/attempt-log.js';

const WINDOW_MS = 60_000;
const LOGGED_ONE_BY_ONE = 10;
/** Beyond this, the subject that refused longest ago is dropped and its merged entry is logged. */
const MAX_SUBJECTS = 10_000;

type Merged = { -readonly [K in keyof NewAttemptEntry]: NewAttemptEntry[K] };

interface Minute {
  readonly endsAt: number;
  refusals: number;
  /** The merged entry of the further refusals. */
  further: Merged | undefined;
  /** When the last of them happened. */
  lastAt: number;
}

export class Thinning {
  readonly #log: (entry: NewAttemptEntry, at: number) => void;
  /** In the order in which they end; created late, because it allocates all its room at once. */
  #minutes: LRUCache<string, Minute> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param log - receives the merged entries, with the monotonic time of the last refusal */
  constructor(log: (entry: NewAttemptEntry, at: number) => void) {
    this.#log = log;
  }

  /**
   * @param subject - the subject that refused
   * @returns whether to log this refusal by itself
   */
  see(subject: string, entry: NewAttemptEntry): boolean {
    const now = performance.now();
    this.#minutes ??= new LRUCache({ max: MAX_SUBJECTS, dispose: (minute) => this.#end(minute) });
    let minute = this.#minutes.peek(subject);
    if (!minute || minute.endsAt <= now) {
      // Deleted first, to keep the order and so that it is disposed of.
      this.#minutes.delete(subject);
      minute = { endsAt: now + WINDOW_MS, refusals: 0, further: undefined, lastAt: now };
      this.#minutes.set(subject, minute);
    }
    minute.refusals += 1;
    if (minute.refusals <= LOGGED_ONE_BY_ONE) return true;
    if (minute.further) merge(minute.further, entry);
    else minute.further = { ...entry };
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

const MERGED = [
  'username',
  'ip',
  'userAgent',
  'method',
  'path',
  'action',
  'sessionHash',
  'reason',
  'dimension',
  'cause',
  'tier',
] as const;

/** Adds an entry to a merged one of the same outcome; fields that differ become null. */
function merge(merged: Merged, entry: NewAttemptEntry): void {
  merged.count += entry.count;
  for (const name of MERGED) if (merged[name] !== entry[name]) merged[name] = null;
}
