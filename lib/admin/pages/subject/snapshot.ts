/** What the page of one subject shows, as plain data. */
import type { Step } from '../../charts/ladder.js';
import type { LineAct, LineAttempt, LineLock } from '../../charts/time-line.js';
import type { LockInfo, SubjectRef } from '../../view/subject-ref.js';

export interface SubjectSnapshot {
  /** When it was taken, epoch milliseconds. */
  readonly at: number;
  readonly subject: SubjectRef;
  /** Null while it is not locked. */
  readonly lock: (LockInfo & { readonly since: number | null }) | null;
  readonly failures: number;
  /** Failures in a row, for the hard stop; 0 without one. */
  readonly consecutiveFailures: number;
  /** How many more failures lock; null while locked. */
  readonly attemptsLeft: number | null;
  /** From how many places the failures came: addresses of a name, names of an address. */
  readonly places: number;
  /** Failures that successful logins took back within 24 hours. */
  readonly takenBack: number;
  /** Attempts being verified right now. */
  readonly verifying: number;
  readonly firstFailureAt: number | null;
  readonly lastFailureAt: number | null;
  /** The ladder of its dimension, ascending. */
  readonly steps: readonly Step[];
  /** The failures in a row that lock until reset; null without a hard stop. */
  readonly hardStop: number | null;
  readonly line: SubjectLine;
  readonly related: readonly RelatedList[];
  /** Browsers that logged in; null for a subject without a username. */
  readonly devices: readonly KnownDevice[] | null;
  /** Where its attempts came from, most first, at most 8. */
  readonly networks: readonly Place[];
}

/** What the attempt log has of it, newest 500 entries at most. */
export interface SubjectLine {
  readonly from: number;
  readonly to: number;
  readonly attempts: readonly LineAttempt[];
  readonly locks: readonly LineLock[];
  readonly acts: readonly LineAct[];
  /** Whether there are more entries than are drawn. */
  readonly isCut: boolean;
}

/** Subjects that met this one in an attempt. */
export interface RelatedList {
  /** `names` tried from this address, `addresses` that tried this username, others of the `network`. */
  readonly kind: 'names' | 'addresses' | 'network';
  /** Most failures first, at most 8. */
  readonly rows: readonly RelatedSubject[];
  /** How many there are in all, as far as entries were read. */
  readonly total: number;
}

export interface RelatedSubject {
  readonly subject: SubjectRef;
  /** Failed and refused attempts. */
  readonly failures: number;
  readonly succeeded: number;
  readonly lastAt: number;
  readonly isLocked: boolean;
}

export interface KnownDevice {
  readonly userAgent: string | null;
  readonly address: string | null;
  readonly logins: number;
  readonly lastAt: number;
}

export interface Place {
  /** In CIDR notation: a /24 or a /64. */
  readonly network: string;
  readonly failures: number;
  readonly succeeded: number;
  readonly lastAt: number;
}
