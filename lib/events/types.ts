/** What a `Lockout` tells its listeners. */
import type { Duration } from 'luxon';
import type { RefusalReason } from '../attempt/refusal.js';
import type { AttemptFacts } from '../subject/attempt.js';
import type { SubjectFacts } from '../subject/facts.js';

export interface BlockedEvent extends SubjectFacts {
  /** Index in the ladder, from 0, one past its end for the hard stop; null when an operator blocked. */
  readonly tier: number | null;
  /** The threshold of that tier, or of the hard stop; null when an operator blocked. */
  readonly limit: number | null;
  readonly failures: number;
  /** From how many places those came, at most 64: addresses, where the subject is made of a username; else names. */
  readonly places: number;
  /** Since the last success or reset, for the hard stop; 0 without one. */
  readonly consecutiveFailures: number;
  /** Null: until reset. */
  readonly lockedUntil: Date | null;
  /** The time left; null: until reset. */
  readonly remaining: Duration | null;
  /** As given to `block`; `'hard stop'` for that; null for a tier. */
  readonly reason: string | null;
  /** Who blocked, as given to `block`; null for a tier. */
  readonly by: string | null;
  /** The attempt that crossed the tier; null when an operator blocked. */
  readonly attempt: AttemptFacts | null;
  /** False in `mode: 'monitor'`: nobody is refused. */
  readonly enforced: boolean;
}

export interface UnblockedEvent extends SubjectFacts {
  readonly failures: number;
  readonly by: string | null;
}

export interface CountedSubject extends SubjectFacts {
  /** After this attempt. */
  readonly failures: number;
}

export interface AttemptEvent {
  readonly attempt: AttemptFacts;
  /** Every subject the attempt was counted on. */
  readonly subjects: readonly CountedSubject[];
}

export interface AttemptRefusedEvent {
  readonly attempt: AttemptFacts;
  readonly reason: RefusalReason;
  /** The subject that refused; undefined for a list or a failing store. */
  readonly refusedBy: SubjectFacts | undefined;
  /** Null when there is no time after which a retry makes sense. */
  readonly retryAfter: Duration | null;
  readonly enforced: boolean;
}

export interface StoreErrorEvent {
  readonly operation: string;
  readonly error: Error;
}

export interface WarningEvent {
  /** Stable, `WARN_LOCKOUT_...`; docs/checks.md explains each. */
  readonly code: string;
  readonly message: string;
  readonly cause?: unknown;
  /** The option that it is about, where there is one. */
  readonly option?: string;
}

/** Events and what their listeners are given. No event is named `error`, so that no listener can be missing. */
export interface LockoutEvents {
  /** A subject of the `ip` dimension was locked; once per lock, in one process of all. */
  ip_blocked: [BlockedEvent];
  /** The same for the `username` dimension. */
  username_blocked: [BlockedEvent];
  /** The same for any dimension, these two included. */
  blocked: [BlockedEvent];
  /** A locked subject was freed by `unblock`, `reset`, `erase` or an unlock token. */
  unblocked: [UnblockedEvent];
  attempt_failed: [AttemptEvent];
  attempt_succeeded: [AttemptEvent];
  attempt_refused: [AttemptRefusedEvent];
  store_error: [StoreErrorEvent];
  warning: [WarningEvent];
}
