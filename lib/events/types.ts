/** The events of a `Lockout` and their payloads. */
import type { Duration } from 'luxon';
import type { RefusalReason } from '../attempt/refusal.js';
import type { LockoutWarningCode } from '../errors.js';
import type { LockCause } from '../policy/state.js';
import type { AttemptFacts } from '../subject/attempt.js';
import type { SubjectFacts } from '../subject/facts.js';

export interface BlockedEvent extends SubjectFacts {
  /** What caused the lock. Null only for a lock written by 0.1.0, which did not record it. */
  readonly cause: LockCause | null;
  /** Index in the ladder, from 0, of the tier that locked; null for the hard stop and for an operator. */
  readonly tier: number | null;
  /** The threshold of that tier or of the hard stop; null when an operator blocked. */
  readonly limit: number | null;
  /** The failures of the subject when it was locked. */
  readonly failures: number;
  /** From how many places the failures came, at most 64: addresses if the subject contains a username, otherwise names. */
  readonly places: number;
  /** Failures since the last success or reset, for the hard stop; 0 without one. */
  readonly consecutiveFailures: number;
  /** Null if locked until reset. */
  readonly lockedUntil: Date | null;
  /** The time left; null if locked until reset. */
  readonly remaining: Duration | null;
  /** The reason that an operator gave to `block`; null otherwise. */
  readonly reason: string | null;
  /** The operator's name, as given to `block`; null otherwise. */
  readonly by: string | null;
  /** The attempt that crossed the tier; null when an operator blocked. */
  readonly attempt: AttemptFacts | null;
  /** False in `mode: 'monitor'`: nobody is refused. */
  readonly enforced: boolean;
  /** Whether this is the first lock of the subject within 24 hours, for mails; a success or a reset starts anew. */
  readonly firstToday: boolean;
}

export interface UsernameBlockedEvent extends BlockedEvent {
  /** As in `parts`: canonical, and in clear text even with `pseudonymize`. */
  readonly username: string;
}

export interface IpBlockedEvent extends BlockedEvent {
  /** As in `parts`: an address or a network, in clear text even with `pseudonymize`. */
  readonly ip: string;
}

export interface UnblockedEvent extends SubjectFacts {
  /** The failures that were forgotten with the lock. */
  readonly failures: number;
  /** Who freed it, as the operator or the application gave it; null if not given. */
  readonly by: string | null;
  /** Why, as the operator gave it; null if they did not. */
  readonly reason: string | null;
}

export interface CountedSubject extends SubjectFacts {
  /** After this attempt. */
  readonly failures: number;
  /**
   * The number of failures that locks: the next tier, or fewer if the hard stop is nearer; while it is locked, the one that locked.
   * Null if no number does: on a known device without a hard stop, or after an operator's block.
   */
  readonly limit: number | null;
}

/** The payload of `attempt_succeeded`, and what the other events about an attempt extend. */
export interface AttemptEvent {
  /** Who tried, from where. */
  readonly attempt: AttemptFacts;
  /** Every subject the attempt was counted on. */
  readonly subjects: readonly CountedSubject[];
}

/** The payload of `attempt_failed`. */
export interface AttemptFailedEvent extends AttemptEvent {
  /** True if the same wrong guess was among the last ones of its subject, and was not counted again. */
  readonly repeated?: boolean;
}

/** Many usernames fail at one address. */
export interface SprayDetectedEvent {
  /** The address. */
  readonly subject: SubjectFacts;
  /** The number of usernames that failed there and have not logged in since. */
  readonly usernames: number;
  /** The failures of the address. */
  readonly failures: number;
  /** The attempt that made it a spray. */
  readonly attempt: AttemptFacts;
}

/** Failures of unknown devices in this process: far more than usual, or no longer. */
export interface AttackEvent {
  /** Within the last hour. */
  readonly failures: number;
  /** In the usual hour: the mean of the 24 hours before. */
  readonly usual: number;
  /** When the attack was first suspected. */
  readonly since: Date;
}

/** The payload of `attempt_refused`. */
export interface AttemptRefusedEvent {
  /** Who tried, from where. */
  readonly attempt: AttemptFacts;
  /** Why it was refused. */
  readonly reason: RefusalReason;
  /** The subject that refused; undefined for a list or a failing store. */
  readonly refusedBy: SubjectFacts | undefined;
  /** Whole seconds until a retry makes sense, as in the header `Retry-After`; null when there is no such time. */
  readonly retryAfter: number | null;
  /** False in `mode: 'monitor'`: the attempt was let pass. */
  readonly enforced: boolean;
}

/** The payload of `store_error`: a call to the store failed. */
export interface StoreErrorEvent {
  /** The store's method that failed, such as `reserve`. */
  readonly operation: string;
  /** A `LockoutStoreError`; its `cause` is the error of the store. */
  readonly error: Error;
}

/** The payload of `warning`: something that an operator should fix. */
export interface WarningEvent {
  /** Stable; each is explained in docs/checks.md. */
  readonly code: LockoutWarningCode;
  /** What is wrong and how to fix it, on one line and safe to log. */
  readonly message: string;
  /** The error that led to it; missing if there was none. */
  readonly cause?: unknown;
  /** The option it is about, where there is one. */
  readonly option?: string;
  /** Where the code is explained: a file of this package and a heading in it. */
  readonly help: string;
}

/** A warning as it is raised, before `help` is added. */
export type NewWarning = Omit<WarningEvent, 'help'>;

/** Events and the arguments of their listeners. No event is named `error`, which would throw without a listener. */
export interface LockoutEvents {
  /** A subject of the `ip` dimension was locked; emitted once per lock, in only one of the processes. */
  ip_blocked: [IpBlockedEvent];
  /** The same for the `username` dimension. */
  username_blocked: [UsernameBlockedEvent];
  /** The same for any dimension, these two included. */
  blocked: [BlockedEvent];
  /** A locked subject was freed by `unblock`, `reset`, `erase` or an unlock token. */
  unblocked: [UnblockedEvent];
  /** The credentials of an attempt were wrong. */
  attempt_failed: [AttemptFailedEvent];
  /** The credentials of an attempt were right. */
  attempt_succeeded: [AttemptEvent];
  /** An attempt was not verified, or its verdict is withheld. */
  attempt_refused: [AttemptRefusedEvent];
  /** Many usernames fail at one address; once per record, in one process of all, and again after the number fell below half. */
  spray_detected: [SprayDetectedEvent];
  /** Unknown devices fail far more often than usual in this process; at most once an hour. */
  attack_suspected: [AttackEvent];
  /** They fail less than half as often as was suspicious. */
  attack_over: [AttackEvent];
  /** The store failed or was too slow. */
  store_error: [StoreErrorEvent];
  /** Something should be fixed. Without a listener, it becomes a warning of the process. */
  warning: [WarningEvent];
}

/** What a channel of `node:diagnostics_channel` publishes of an event. */
export interface PublishedEvent<K extends keyof LockoutEvents = keyof LockoutEvents> {
  /** The name of the event. */
  readonly event: K;
  /** What listeners of the event receive: without passwords, and masked as the option `sensitive` says. */
  readonly payload: LockoutEvents[K][0];
  /** The `Lockout` that emits it. */
  readonly lockout: object;
}
