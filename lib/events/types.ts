/** What a `Lockout` tells its listeners. */
import type { Duration } from 'luxon';
import type { RefusalReason } from '../attempt/refusal.js';
import type { LockoutWarningCode } from '../errors.js';
import type { LockCause } from '../policy/state.js';
import type { AttemptFacts } from '../subject/attempt.js';
import type { SubjectFacts } from '../subject/facts.js';

export interface BlockedEvent extends SubjectFacts {
  /** What locked. Null only where a process of 0.1.0 did, which did not say. */
  readonly cause: LockCause | null;
  /** Index in the ladder, from 0, of the tier that locked; null for the hard stop and for an operator. */
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
  /** Why, as an operator gave it to `block`; null otherwise. */
  readonly reason: string | null;
  /** The operator, as given to `block`; null otherwise. */
  readonly by: string | null;
  /** The attempt that crossed the tier; null when an operator blocked. */
  readonly attempt: AttemptFacts | null;
  /** False in `mode: 'monitor'`: nobody is refused. */
  readonly enforced: boolean;
}

export interface UsernameBlockedEvent extends BlockedEvent {
  /** As in `parts`: canonical, and in clear also with `pseudonymize`. */
  readonly username: string;
}

export interface IpBlockedEvent extends BlockedEvent {
  /** As in `parts`: an address or a network, in clear also with `pseudonymize`. */
  readonly ip: string;
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
  /** Whole seconds, as in the header `Retry-After`; null when there is no time after which a retry makes sense. */
  readonly retryAfter: number | null;
  readonly enforced: boolean;
}

export interface StoreErrorEvent {
  readonly operation: string;
  readonly error: Error;
}

export interface WarningEvent {
  readonly code: LockoutWarningCode;
  readonly message: string;
  readonly cause?: unknown;
  /** The option that it is about, where there is one. */
  readonly option?: string;
  /** Where the code is explained: a file of this package, and the heading in it. */
  readonly help: string;
}

/** As whoever warns puts it. */
export type NewWarning = Omit<WarningEvent, 'help'>;

/** Events and what their listeners are given. No event is named `error`, so that no listener can be missing. */
export interface LockoutEvents {
  /** A subject of the `ip` dimension was locked; once per lock, in one process of all. */
  ip_blocked: [IpBlockedEvent];
  /** The same for the `username` dimension. */
  username_blocked: [UsernameBlockedEvent];
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
