/** What the page of one subject shows, as plain data. */
import type { Step } from '../../charts/ladder.js';
import type { LineAct, LineAttempt, LineLock } from '../../charts/time-line.js';
import type { LogState } from '../../core/log-state.js';
import type { LockInfo, SubjectRef } from '../../view/subject-ref.js';
import type { LoggedParts } from './logged.js';

export interface SubjectSnapshot {
  /** When it was taken, epoch milliseconds. */
  readonly at: number;
  readonly subject: SubjectRef;
  /** Whether attempts count on it: not if its dimension is not among those of the lockout. */
  readonly isCounted: boolean;
  /** Null while it is not locked. */
  readonly lock: (LockInfo & { readonly since: number | null }) | null;
  readonly failures: number;
  /** Failures in a row, for the hard stop; 0 without one. */
  readonly consecutiveFailures: number;
  /** From how many places the failures came: addresses of a name, names of an address. */
  readonly places: number;
  /** Failures that successful logins took back within 24 hours. */
  readonly takenBack: number;
  /** Attempts being verified right now. */
  readonly verifying: number;
  readonly firstFailureAt: number | null;
  readonly lastFailureAt: number | null;
  /** The ladder of its dimension, ascending; empty if it is not counted. */
  readonly steps: readonly Step[];
  /** The failures in a row that lock until reset; null without a hard stop. */
  readonly hardStop: number | null;
  readonly line: SubjectLine;
  readonly related: readonly RelatedList[];
  /** Known devices; null for a subject without a username, and if none are issued. */
  readonly devices: Devices | null;
  /** Browsers that logged in, newest first, at most 8; null for a subject without a username. */
  readonly browsers: readonly Browser[] | null;
  /** Where the attempts on a username came from, most first, at most 8; null for a subject without one. */
  readonly networks: readonly Place[] | null;
}

/** What the attempt log has of it, the newest entries up to a bound. */
export interface SubjectLine {
  readonly from: number;
  readonly to: number;
  readonly attempts: readonly LineAttempt[];
  readonly locks: readonly LineLock[];
  readonly acts: readonly LineAct[];
  /** Whether there are more entries than were read. */
  readonly isCut: boolean;
  /** `unanswered` if the log failed just now. */
  readonly log: LogState | 'unanswered';
  /** The parts that the log records, and by which it was read. */
  readonly logged: LoggedParts;
  /** The other parts: the attempts are those with any value of them. */
  readonly unlogged: readonly string[];
}

/** Subjects that met this one in an attempt. */
export interface RelatedList {
  /** `names` tried from this address, `addresses` that tried this username, others of the `network`. */
  readonly kind: 'names' | 'addresses' | 'network';
  /** Most failures first, at most 8. */
  readonly rows: readonly RelatedSubject[];
  /** How many there are in all, as far as entries were read. */
  readonly total: number;
  /** How many of the newest entries were read, if there are more; null if all were. */
  readonly newest: number | null;
}

export interface RelatedSubject {
  readonly subject: SubjectRef;
  /** Failed and refused attempts. */
  readonly failures: number;
  readonly succeeded: number;
  readonly lastAt: number;
  readonly isLocked: boolean;
}

/** What is stored about the known devices of a username. A device that never failed leaves nothing in the store. */
export interface Devices {
  /** Tokens issued before are worth nothing; null if none were revoked. */
  readonly revokedAt: number | null;
  /** Devices with failures or a lock, at most 8. */
  readonly records: readonly DeviceRecord[];
}

export interface DeviceRecord {
  readonly subject: SubjectRef;
  readonly failures: number;
  readonly isLocked: boolean;
}

export interface Browser {
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
