/** The port of the activity log: what operators did, and why. */
import type { LockCause } from '../policy/state.js';
import type { SubjectParts } from '../subject/key.js';
import type { Awaitable } from '../util/awaitable.js';

/** The method that acted; for the admin pages also `look` (somebody opened them) and `export`. */
export type ActivityAction =
  | 'block'
  | 'unblock'
  | 'reset'
  | 'undo'
  | 'erase'
  | 'removeAttempts'
  | 'revokeDevices'
  | 'passwordChanged'
  | 'redeemUnlockToken'
  | 'look'
  | 'export';

/** How much an act changed, by what is counted, such as `unblocked`. */
export type ActivityCounts = Readonly<Record<string, number>>;

/** A lock that an act lifted, to set it again. */
export interface LiftedLock {
  /** The subject's key, as the store keeps it. */
  readonly key: string;
  /** The subject's dimension, such as `username`. */
  readonly dimension: string;
  /** The values that make up the subject, as the store keeps them. */
  readonly parts: SubjectParts;
  /** The failures that were forgotten with the lock. */
  readonly failures: number;
  /** Epoch milliseconds of the store's clock; null until reset. */
  readonly lockedUntil: number | null;
  /** What had locked; null if that was not recorded. */
  readonly cause: LockCause | null;
  /** Index in the ladder of the tier that had locked, from 0; null if none had. */
  readonly tier: number | null;
  /** The threshold that had been reached; null if an operator had locked. */
  readonly limit: number | null;
  /** The reason that an operator had given to `block`; null otherwise. */
  readonly reason: string | null;
  /** The operator who had locked; null otherwise. */
  readonly by: string | null;
  /** The id of the lease whose failure had locked; null for an operator's lock. */
  readonly lockedBy: string | null;
  /** Epoch milliseconds of the store's clock; null if there was no failure. */
  readonly firstFailureAt: number | null;
  /** Epoch milliseconds of the store's clock; null if there was no failure. */
  readonly lastFailureAt: number | null;
}

/** What is known of an act once it has ended. */
export interface ActivityResult {
  /** Null until the act has ended, and for good if it failed or its process did not survive it. */
  readonly counts: ActivityCounts | null;
  /**
   * The locks that it lifted, if all were of one subject, which has a record for each secret of `pseudonymize`; null if it freed nobody,
   * or several subjects.
   */
  readonly lifted: readonly LiftedLock[] | null;
  /** Whether an `undo` has taken it back. */
  readonly undone: boolean;
}

/** An act, as it is appended. */
export interface NewActivity extends ActivityResult {
  /** 24 hexadecimal digits. */
  readonly id: string;
  /** What was done. */
  readonly action: ActivityAction;
  /** The operator's name; null if none was given. */
  readonly by: string | null;
  /** Why, as the operator gave it; null if they gave none. */
  readonly reason: string | null;
  /** Of the subject; null for acts on several, or on none. */
  readonly dimension: string | null;
  /** The key of the subject; null for acts on several, or on none. */
  readonly key: string | null;
  /** The values that the subjects are made of, as stores keep them; empty for everything, or nothing. */
  readonly parts: SubjectParts;
  /** The act that an `undo` takes back. */
  readonly undoOf: string | null;
}

export interface ActivityEntry extends NewActivity {
  /** When it began, epoch milliseconds of the store's clock. */
  readonly at: number;
}

/** A place in the activity log, from which the next page is read. */
export interface ActivityPosition {
  /** When the last act of the page began, epoch milliseconds of the store's clock. */
  readonly at: number;
  /** The id of that act. */
  readonly id: string;
}

/** Which acts `ActivityLog.query` returns. */
export interface ActivityQuery {
  /** Only what this operator did. */
  readonly by: string | undefined;
  /** Only acts of this kind. */
  readonly action: ActivityAction | undefined;
  /** Only acts on this subject. */
  readonly key: string | undefined;
  /** Only acts from this instant on, epoch milliseconds. */
  readonly since: number | undefined;
  /** Only acts before this instant. */
  readonly until: number | undefined;
  /** Only acts after (older than) this one. */
  readonly after: ActivityPosition | undefined;
  /** How many acts to return at most, from 1. */
  readonly limit: number;
}

/** What stores that bound the number of acts keep at least: the newest. */
export const MAX_ACTIVITY = 10_000;
/** How many of these may be acts of users, so that nobody pushes an operator's act out by changing a password again and again. */
export const MAX_OWN_ACTIVITY = 5_000;

/** Whether any user can cause the act, as often as they like. */
export function isUsersOwn({ action }: Pick<NewActivity, 'action'>): boolean {
  return action === 'passwordChanged' || action === 'redeemUnlockToken';
}

export const NOT_ENDED: ActivityResult = { counts: null, lifted: null, undone: false };

/** Where a store keeps what operators did. */
export interface ActivityLog {
  /** Appends an act, which is kept for `retentionMs`, or until newer ones take its place. */
  append(activity: NewActivity, retentionMs: number): Awaitable<void>;
  /** Sets what is known of an act by now; nothing if it is no longer kept. */
  amend(id: string, result: Partial<ActivityResult>): Awaitable<void>;
  /** Returns the entry with this id, or null. */
  read(id: string): Awaitable<ActivityEntry | null>;
  /** Returns matching acts, newest first; of two at the same time, the one with the higher id. */
  query(query: ActivityQuery): Awaitable<readonly ActivityEntry[]>;
  /**
   * Removes a person from the acts that concern them: subject, reason and lifted locks of each act whose `parts.username` is this
   * name, or that lifted a lock of it. What was done, when and by whom remains.
   */
  forget(username: string): Awaitable<void>;
}

/** What remains of an act whose subject is forgotten. */
export const FORGOTTEN = { reason: null, key: null, parts: {}, lifted: null } as const;

/** Whether the act names this person: one on an address, or on everything, may have lifted a lock of theirs. */
export function concerns({ parts, lifted }: Pick<ActivityEntry, 'parts' | 'lifted'>, username: string): boolean {
  return [{ parts }, ...(lifted ?? [])].some((named) => named.parts['username'] === username);
}

export function matchesActivity(entry: ActivityEntry, query: Omit<ActivityQuery, 'limit'>): boolean {
  const { by, action, key, since, until, after } = query;
  return (
    (by === undefined || entry.by === by) &&
    (action === undefined || entry.action === action) &&
    (key === undefined || entry.key === key) &&
    (since === undefined || entry.at >= since) &&
    (until === undefined || entry.at < until) &&
    (after === undefined || entry.at < after.at || (entry.at === after.at && entry.id < after.id))
  );
}
