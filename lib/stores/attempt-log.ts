/** The port of the attempt log: what the engine writes of attempts, and what operators ask of it. */
import type { LockCause } from '../policy/state.js';
import type { Awaitable } from '../util/awaitable.js';

export type AttemptOutcome = 'failed' | 'succeeded' | 'refused' | 'logout';

/** What is kept of an attempt. Never a password, a token or a body; every text is bounded. */
export interface NewAttemptEntry {
  readonly outcome: AttemptOutcome;
  /** How many attempts it stands for: 1, or more for refusals that repeat. What these do not have in common is null. */
  readonly count: number;
  /** Canonical, or a pseudonym. */
  readonly username: string | null;
  /** Canonical, or a pseudonym. */
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly method: string | null;
  /** Without the query. */
  readonly path: string | null;
  readonly action: string | null;
  /** SHA-256 of the session's id, where one is known. */
  readonly sessionHash: string | null;
  /** Why it was refused, or null. */
  readonly reason: string | null;
  /** The dimension that refused, or that this failure locked; null otherwise. */
  readonly dimension: string | null;
  /** What set that lock; null where there is none. */
  readonly cause: LockCause | null;
  /** Index of the tier that refused, or that this failure reached; null otherwise. */
  readonly tier: number | null;
}

/** An entry as it is read back. */
export interface AttemptEntry extends NewAttemptEntry {
  readonly id: string;
  /** Epoch milliseconds of the store's clock. */
  readonly at: number;
}

/** An entry with the time at which it happened, as milliseconds before now. */
export interface PendingEntry {
  readonly entry: NewAttemptEntry;
  readonly ageMs: number;
}

export interface AttemptQuery {
  readonly outcome: AttemptOutcome | undefined;
  readonly username: string | undefined;
  readonly ip: string | undefined;
  /** From this instant on, epoch milliseconds. */
  readonly since: number | undefined;
  /** Before this instant. */
  readonly until: number | undefined;
  /** Only entries after (older than) this one. */
  readonly after: AttemptPosition | undefined;
  /**
   * Instead of those that count, only entries whose time (`retentionMs`) is over, as far as they are still stored.
   * @default false
   */
  readonly expiredOnly?: boolean | undefined;
  readonly limit: number;
}

/** Where a page ended. */
export interface AttemptPosition {
  readonly at: number;
  readonly id: string;
}

/** The order of a log: of entries of the same time, the one with the higher id is the newer one. */
export function newestFirst(a: AttemptPosition, b: AttemptPosition): number {
  return b.at - a.at || (a.id < b.id ? 1 : -1);
}

/** Which entries to remove: all that meet every condition, in any order. */
export interface AttemptRemoval {
  readonly outcomes: readonly AttemptOutcome[] | undefined;
  readonly username: string | undefined;
  readonly ip: string | undefined;
  /** Only entries that happened at least so long before now. */
  readonly olderThanMs: number | undefined;
  /** Only entries whose time (`retentionMs`) is over, where such are still stored. */
  readonly expiredOnly: boolean;
  /** The newest so many of those that meet the conditions stay. */
  readonly keepNewest: number;
  /** Where the call before ended; undefined for the first. */
  readonly after: AttemptPosition | undefined;
  /** How many at most in this call, so that logins are not held up. */
  readonly limit: number;
}

export interface RemovedAttempts {
  readonly removed: number;
  /** Where this call ended, also if it found nothing to remove there; null when it came to the end. */
  readonly last: AttemptPosition | null;
}

export interface AttemptLog {
  /** Appends entries, each kept for `retentionMs`. */
  append(entries: readonly PendingEntry[], retentionMs: number): Awaitable<void>;
  /** Newest first. */
  query(query: AttemptQuery): Awaitable<readonly AttemptEntry[]>;
  /** Removes entries, whatever retention they have left; called again and again until `last` is null. */
  remove(removal: AttemptRemoval): Awaitable<RemovedAttempts>;
}
