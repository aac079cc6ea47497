/** What the page Now shows, as plain data: one snapshot serves all viewers. */
import type { Bucket } from '../../charts/bucket.js';
import type { LockInfo, SubjectRef } from '../../view/subject-ref.js';

export interface NowSnapshot {
  /** When it was taken, epoch milliseconds. Every number and list is of this instant. */
  readonly at: number;
  /**
   * The last 60 minutes, oldest first, without holes; the last is the current minute, which is not complete. Empty if attempts are
   * not counted.
   */
  readonly minutes: readonly Bucket[];
  /** The same 60 minutes a day before; empty while counts do not reach that far back. */
  readonly yesterday: readonly Bucket[];
  /** Failed and refused attempts in a usual minute of the day before this hour; null while unknown. */
  readonly usualPerMinute: number | null;
  /** Since when this lockout itself suspects an attack (`attackSuspected`); null while it does not. */
  readonly suspectedSince: number | null;
  readonly chart: NowChart;
  /** Null if it is not known. */
  readonly locked: LockedCounts | null;
  /** Null if there is no attempt log, or if it cannot be read. */
  readonly top: TopLists | null;
  /** The locks that end soonest, at most 8; those until reset last. Null if they are not known. */
  readonly ending: readonly EndingLock[] | null;
  readonly health: Health;
  /** What is missing or old, and why. Empty if all is well. */
  readonly gaps: readonly Gap[];
}

/** Something that the page cannot show as of now. */
export interface Gap {
  readonly part: 'counts' | 'log' | 'locks' | 'findings';
  /** Whether the store failed; otherwise nothing of the kind is kept. */
  readonly hasFailed: boolean;
  /** What is wrong, or what to do, as a sentence. */
  readonly message: string;
  /** Of when what is shown in its place is, epoch milliseconds; null if nothing is. */
  readonly asOf: number | null;
}

/** The bars, for the span that the viewer selected. */
export interface NowChart {
  /** `hour`: 60 minutes; `day`: 96 quarters of an hour; `week`: 168 hours. */
  readonly span: 'hour' | 'day' | 'week';
  readonly bucketMs: number;
  readonly buckets: readonly Bucket[];
}

interface LockedCounts {
  /** Subjects locked now. */
  readonly subjects: number;
  /** Whether counting stopped there. */
  readonly isAtLeast: boolean;
  /** Of these, usernames: people who cannot log in, if the name is one. */
  readonly names: number;
  /** How many of these were looked at for the next: those whose locks end first. */
  readonly lookedAt: number;
  /** Of these, usernames that logged in before, as far as the attempt log reaches: real users. */
  readonly knownNames: number;
}

/** Who makes the failures, of the entries of the last hour among the newest 5,000 of the attempt log. */
export interface TopLists {
  /** How many entries these are. */
  readonly entries: number;
  /** When the oldest of them was written; null without any. */
  readonly since: number | null;
  /** Failed and refused attempts in them. */
  readonly failures: number;
  /** Different names and addresses of these failures. */
  readonly distinctNames: number;
  readonly distinctAddresses: number;
  /** Most failures first, at most 8 each. */
  readonly addresses: readonly TopAddress[];
  readonly networks: readonly TopNetwork[];
  readonly names: readonly TopName[];
}

interface Top {
  readonly subject: SubjectRef;
  /** Failed and refused attempts. */
  readonly failures: number;
  readonly succeeded: number;
  /** Null if it is not known. */
  readonly isLocked: boolean | null;
}

export interface TopAddress extends Top {
  /** Different names that it tried. */
  readonly names: number;
}

export interface TopNetwork {
  /** In CIDR notation: a /24 or a /64. */
  readonly network: string;
  readonly failures: number;
  /** Different addresses and names in these failures. */
  readonly addresses: number;
  readonly names: number;
}

export interface TopName extends Top {
  /** Different addresses that tried it. */
  readonly addresses: number;
}

export interface EndingLock {
  readonly subject: SubjectRef;
  readonly failures: number;
  readonly lock: LockInfo;
}

export interface Health {
  /** `MemoryStore`, `MongoStore`, `RedisStore`, or the name of another class. */
  readonly store: string;
  /** The 95th percentile of how long logins waited for the store lately, milliseconds; null without calls, and in memory. */
  readonly storeMs: number | null;
  /** Failed store calls of this process's last hour. */
  readonly storeErrors: number;
  /** Entries of the attempt log that wait to be written; null if no log is kept. */
  readonly logBacklog: number | null;
  /** What `check()` found within the last minute. */
  readonly findings: readonly { readonly code: string; readonly message: string }[];
}
