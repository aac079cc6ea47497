/** Queries and results of the operators' methods: status, list, block, unblock, reset. */
import type { Duration } from 'luxon';
import type { LockCause } from '../policy/state.js';
import type { StoreOrder } from '../stores/store.js';
import type { SubjectFacts } from '../subject/facts.js';
import type { CooloffInput } from '../util/durations.js';
import type { LongRunningOptions } from '../validation/long-running.js';

/** Everything currently known about one subject. */
export interface SubjectStatus extends SubjectFacts {
  /** Whether the subject is locked now. */
  readonly locked: boolean;
  /** The failures that are not forgotten or taken back. */
  readonly failures: number;
  /**
   * From how many places the failures came, at most 64: the number of addresses if the subject contains a username, otherwise
   * the number of names.
   */
  readonly places: number;
  /** How many failures successful logins have taken back within the last 24 hours. */
  readonly takenBack: number;
  /** Failures since the last success or reset, for the hard stop; 0 without one. */
  readonly consecutiveFailures: number;
  /** Attempts being verified right now. */
  readonly verifying: number;
  /** Null when not locked, and when locked until reset. */
  readonly lockedUntil: Date | null;
  /** The time left; null when not locked, and when locked until reset. */
  readonly remaining: Duration | null;
  /** What caused the lock; null when not locked (and for a lock written by 0.1.0, which did not record it). */
  readonly cause: LockCause | null;
  /** Index in the ladder of the tier that locked; null when no tier did. */
  readonly tier: number | null;
  /** The threshold of that tier or of the hard stop, whatever the ladder of this process; null when neither locked. */
  readonly limit: number | null;
  /** The reason that an operator gave to `block`; null otherwise. */
  readonly reason: string | null;
  /** The operator's name, as given to `block`; null otherwise. */
  readonly by: string | null;
  /** When the first of the failures happened; null if there is none. */
  readonly firstFailureAt: Date | null;
  /** When the last of them happened; null if there is none. */
  readonly lastFailureAt: Date | null;
}

export interface SingleStatus extends SubjectStatus {
  /** How many more failures until the next lock; 0 while locked. */
  readonly attemptsLeft: number;
}

/** Which subjects `list` returns. */
export interface ListQuery {
  /**
   * Only this dimension.
   * @default all
   */
  readonly dimension?: string | undefined;
  /**
   * Only subjects that are locked now.
   * @default true
   */
  readonly locked?: boolean | undefined;
  /** Only subjects that contain this username, in any spelling. */
  readonly username?: string | undefined;
  /** Only subjects that contain this address. */
  readonly ip?: string | undefined;
  /**
   * `'key'`: ascending by key. `'lockedUntil'`: the lock that ends soonest first, locks until reset last; for locked subjects only.
   * After a change of the secret of `pseudonymize`, a list by `username` or `ip` is in order for each secret.
   * @default the store's own order: by key in `MemoryStore` and `MongoStore`
   */
  readonly order?: StoreOrder | undefined;
  /**
   * The size of a page, 1 to 1,000. A page may be smaller although others follow.
   * @default 100
   */
  readonly limit?: number | undefined;
  /** The `cursor` of the previous page of the same query; null for the first page. */
  readonly cursor?: string | null | undefined;
}

/** How long `block` locks, by whom and why. Give either `for` or `until`. */
export interface BlockOptions {
  /** How long the lock holds; this or `until`. */
  readonly for?: CooloffInput | undefined;
  /** When the lock ends, by this process's clock; this or `for`. */
  readonly until?: Date | undefined;
  /** Kept with the lock; 1 to 1,000 characters. Characters that are not safe to log are shown as escapes. */
  readonly reason?: string | undefined;
  /** The operator's name; kept with the lock; 1 to 1,000 characters. */
  readonly by?: string | undefined;
}

/** Who acts, and why. */
export interface ActorOptions {
  /** The operator's name, for the event and the activity log; 1 to 1,000 characters. */
  readonly by?: string | undefined;
  /** Why, for the event and the activity log; 1 to 1,000 characters. */
  readonly reason?: string | undefined;
}

/** Which subjects `reset` frees. */
export interface ResetQuery extends ActorOptions, LongRunningOptions {
  /** Only subjects that contain this address. */
  readonly ip?: string | undefined;
  /** Only subjects that contain this username, in any spelling. */
  readonly username?: string | undefined;
  /**
   * If both are given: subjects that contain both (`'all'`), or either (`'any'`).
   * @default 'all'
   */
  readonly match?: 'all' | 'any' | undefined;
  /** Resets every subject; alone, without `ip` and `username`. */
  readonly all?: true | undefined;
}

/** Whose data `erase` removes. */
export interface EraseQuery extends ActorOptions, LongRunningOptions {
  /** The user whose data is erased, in any spelling. */
  readonly username: string;
}

/** How many records and attempt log entries were removed. */
export interface RemovalResult {
  /** Records of subjects. */
  readonly subjects: number;
  /** Entries of the attempt log. */
  readonly attempts: number;
}

/** What `reset` did. */
export interface ResetResult {
  /** Subjects that had failures or a lock. */
  readonly reset: number;
  /** How many of them were locked. */
  readonly unblocked: number;
}
