/** What operators ask for and get: status, list, block, unblock, reset. */
import type { Duration } from 'luxon';
import type { LockCause } from '../policy/state.js';
import type { SubjectFacts } from '../subject/facts.js';
import type { CooloffInput } from '../util/durations.js';
import type { LongRunningOptions } from '../validation/long-running.js';

/** All that is known of one subject now. */
export interface SubjectStatus extends SubjectFacts {
  readonly locked: boolean;
  readonly failures: number;
  /**
   * From how many places those came, at most 64: from how many addresses, where the subject is made of a username; else from
   * how many names.
   */
  readonly places: number;
  /** How many failures right logins have taken back within the last 24 hours. */
  readonly takenBack: number;
  /** Since the last success or reset, for the hard stop; 0 without one. */
  readonly consecutiveFailures: number;
  /** Attempts being verified right now. */
  readonly verifying: number;
  /** Null when not locked, and when locked until reset. */
  readonly lockedUntil: Date | null;
  /** The time left; null when not locked, and when locked until reset. */
  readonly remaining: Duration | null;
  /** What locked; null when not locked (and for a lock of 0.1.0, which did not say). */
  readonly cause: LockCause | null;
  /** Index in the ladder of the tier that locked; null when no tier did. */
  readonly tier: number | null;
  /** The threshold of that tier, or of the hard stop, whatever the ladder of this process; null when neither locked. */
  readonly limit: number | null;
  /** Why, as an operator gave it to `block`; null otherwise. */
  readonly reason: string | null;
  /** Who blocked it, as given to `block`. */
  readonly by: string | null;
  readonly firstFailureAt: Date | null;
  readonly lastFailureAt: Date | null;
}

export interface SingleStatus extends SubjectStatus {
  /** How many more failures until the next lock; 0 while locked. */
  readonly attemptsLeft: number;
}

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
  /** Only subjects made of this username, in any spelling. */
  readonly username?: string | undefined;
  /** Only subjects made of this address. */
  readonly ip?: string | undefined;
  /**
   * How many at most, 1 to 1,000.
   * @default 100
   */
  readonly limit?: number | undefined;
  /** The `cursor` of the page before; null for the first page. */
  readonly cursor?: string | null | undefined;
}

export interface BlockOptions {
  /** How long; this or `until`. */
  readonly for?: CooloffInput | undefined;
  /** Until when, by this process's clock; this or `for`. */
  readonly until?: Date | undefined;
  /** Kept with the lock; 1 to 1,000 characters. What is not safe to log is told as escapes. */
  readonly reason?: string | undefined;
  /** Who blocks; kept with the lock; 1 to 1,000 characters. */
  readonly by?: string | undefined;
}

export interface ActorOptions {
  /** Who does it; passed on in the event; 1 to 1,000 characters. */
  readonly by?: string | undefined;
}

export interface ResetQuery extends ActorOptions, LongRunningOptions {
  readonly ip?: string | undefined;
  readonly username?: string | undefined;
  /**
   * Both given: records of this username from this address (`'all'`), or of either (`'any'`).
   * @default 'all'
   */
  readonly match?: 'all' | 'any' | undefined;
  /** Instead of names: every subject there is. */
  readonly all?: true | undefined;
}

export interface EraseQuery extends ActorOptions, LongRunningOptions {
  /** Whose records are erased, in any spelling. */
  readonly username: string;
}

/** How many records and how many entries of the attempt log were removed. */
export interface RemovalResult {
  readonly subjects: number;
  readonly attempts: number;
}

export interface ResetResult {
  /** Subjects of which something was known. */
  readonly reset: number;
  /** Those among them that were locked. */
  readonly unblocked: number;
}
