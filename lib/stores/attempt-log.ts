/** The port of the attempt log: the engine writes attempts to it, and operators query it. */
import type { LockCause } from '../policy/state.js';
import type { Awaitable } from '../util/awaitable.js';

/** How an attempt ended; a logout is an entry as well. */
export type AttemptOutcome = 'failed' | 'succeeded' | 'refused' | 'logout';

/** The part of an attempt that is kept. Never a password, a token or a body; every string is bounded. */
export interface NewAttemptEntry {
  /** How the attempt ended. */
  readonly outcome: AttemptOutcome;
  /** How many attempts it stands for: 1, or more for repeated refusals. Fields in which these differ are null. */
  readonly count: number;
  /** Canonical, or a pseudonym. */
  readonly username: string | null;
  /** Canonical, or a pseudonym. */
  readonly ip: string | null;
  /** At most 256 characters; null if unknown. */
  readonly userAgent: string | null;
  /** The HTTP method; null if unknown. */
  readonly method: string | null;
  /** Without the query. */
  readonly path: string | null;
  /** The name of the strategy, or the `action` passed to `protect`; null if unknown. */
  readonly action: string | null;
  /** SHA-256 of the session's id, if known. */
  readonly sessionHash: string | null;
  /** Why it was refused, or null. */
  readonly reason: string | null;
  /** The dimension that refused, or that this failure locked; null otherwise. */
  readonly dimension: string | null;
  /** What set that lock; null if there is none. */
  readonly cause: LockCause | null;
  /** Index of the tier that refused, or that this failure reached; null otherwise. */
  readonly tier: number | null;
}

/** An entry as it is read back. */
export interface AttemptEntry extends NewAttemptEntry {
  /** Identifies the entry; of two with the same time, the one with the higher id is newer. */
  readonly id: string;
  /** Epoch milliseconds of the store's clock. */
  readonly at: number;
}

/** An entry and how long ago the attempt happened, in milliseconds. */
export interface PendingEntry {
  /** The entry to append. */
  readonly entry: NewAttemptEntry;
  /** How long ago the attempt happened, in milliseconds. */
  readonly ageMs: number;
}

/** Which entries `AttemptLog.query` returns. */
export interface AttemptQuery {
  /** Only entries with this outcome. */
  readonly outcome: AttemptOutcome | undefined;
  /** Only entries of this username, as the log keeps it. */
  readonly username: string | undefined;
  /** Only entries of this address, as the log keeps it. */
  readonly ip: string | undefined;
  /** Only entries from this instant on, epoch milliseconds. */
  readonly since: number | undefined;
  /** Only entries before this instant. */
  readonly until: number | undefined;
  /** Only entries after (older than) this one. */
  readonly after: AttemptPosition | undefined;
  /**
   * Returns only expired entries (older than `retentionMs`) that have not been removed yet, instead of the current ones.
   * @default false
   */
  readonly expiredOnly?: boolean | undefined;
  /** How many entries to return at most, from 1. */
  readonly limit: number;
  /** Aborted when nobody waits for the answer any more: a store that takes several steps takes no further one, and may reject. */
  readonly signal?: AbortSignal | undefined;
}

/** Where a page ended. */
export interface AttemptPosition {
  /** When the last attempt of the page happened, epoch milliseconds of the store's clock. */
  readonly at: number;
  /** The id of that entry. */
  readonly id: string;
}

/** Sorts a log newest first; of two entries with the same time, the one with the higher id is newer. */
export function newestFirst(a: AttemptPosition, b: AttemptPosition): number {
  return b.at - a.at || (a.id < b.id ? 1 : -1);
}

/** Which entries to remove: those that meet every condition, in any order. */
export interface AttemptRemoval {
  /** Only entries with one of these outcomes. */
  readonly outcomes: readonly AttemptOutcome[] | undefined;
  /** Only entries of this username, as the log keeps it. */
  readonly username: string | undefined;
  /** Only entries of this address, as the log keeps it. */
  readonly ip: string | undefined;
  /** Only entries that are at least this old. */
  readonly olderThanMs: number | undefined;
  /** Only expired entries (older than `retentionMs`) that have not been removed yet. */
  readonly expiredOnly: boolean;
  /** How many of the newest matching entries to keep. */
  readonly keepNewest: number;
  /** Where the previous call ended; undefined for the first call. */
  readonly after: AttemptPosition | undefined;
  /** How many to remove at most in this call, so that logins are not held up. */
  readonly limit: number;
}

/** How many entries a call removed, and where the next one continues. */
export interface RemovedAttempts {
  /** How many entries this call removed. */
  readonly removed: number;
  /** Where this call ended, even if it removed nothing there; null at the end of the log. */
  readonly last: AttemptPosition | null;
}

/** How many attempts ended how. An entry counts with its `count`. */
export interface OutcomeCounts {
  /** Attempts with wrong credentials. */
  readonly failed: number;
  /** Attempts that were refused. */
  readonly refused: number;
  /** Attempts with the right credentials. */
  readonly succeeded: number;
  /** Failed attempts that set a lock. */
  readonly locks: number;
}

export const NO_COUNTS: OutcomeCounts = { failed: 0, refused: 0, succeeded: 0, locks: 0 };

/** How long counts are kept: a week, and the same day of the week before. */
export const COUNTS_KEPT_MS = 8 * 24 * 3_600_000;

/** The counts of one minute. */
export interface MinuteCounts extends OutcomeCounts {
  /** When the minute begins, epoch milliseconds of the store's clock. */
  readonly at: number;
}

/** Which minutes are counted. */
export interface CountsQuery {
  /** Only minutes that begin at this instant or later, epoch milliseconds. */
  readonly since: number;
  /** Only minutes that begin before this instant. */
  readonly until: number;
}

/** Where a store keeps each decided attempt. */
export interface AttemptLog {
  /**
   * Whether the log is bounded as a whole and cannot bound what one username or address takes of it: the options
   * `attemptLogPerUsername` and `attemptLogPerAddress` are then refused.
   * @default false
   */
  readonly isCapped?: boolean;
  /** Appends entries, each of which is kept for `retentionMs`. */
  append(entries: readonly PendingEntry[], retentionMs: number): Awaitable<void>;
  /**
   * Optional: returns how many attempts were appended of each minute, by the time at which they happened; oldest first, without
   * minutes of nothing. Counted with `append`, so that it costs the same however long the log is. Kept for 8 days, whatever
   * `retentionMs` and whatever is removed: counts name nobody.
   */
  counts?(query: CountsQuery): Awaitable<readonly MinuteCounts[]>;
  /** Returns matching entries, newest first. */
  query(query: AttemptQuery): Awaitable<readonly AttemptEntry[]>;
  /** Removes entries regardless of their remaining retention; called repeatedly until `last` is null. */
  remove(removal: AttemptRemoval): Awaitable<RemovedAttempts>;
}
