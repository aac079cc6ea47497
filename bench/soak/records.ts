/**
 * The lines of a journal: what a process of the soak asked, and what it was answered. `at` is the machine's monotonic time in
 * milliseconds, which all its processes share; `until` is the store's time.
 */
import type { SubjectParts } from '../../lib/subject/key.js';

/** A subject of an attempt, with its count after it. */
export interface CountedOn {
  readonly key: string;
  readonly dimension: string;
  readonly parts: SubjectParts;
  readonly failures: number;
}

type Outcome = 'succeeded' | 'failed' | 'refused' | 'error';
export type ActName = 'block' | 'unblock' | 'reset';

interface Dated {
  readonly at: number;
}

interface OfAttempt extends Dated {
  readonly id: string;
}

export interface Begin extends OfAttempt {
  readonly t: 'begin';
  readonly name: string;
  readonly ip: string;
  readonly right: boolean;
  /** Whether it shows the cookie of a known device. */
  readonly cookie: boolean;
}

/** An event of a settled attempt. */
export interface Settled extends OfAttempt {
  readonly t: 'settled';
  readonly verdict: 'failure' | 'success';
  readonly subjects: readonly CountedOn[];
}

export interface Refused extends OfAttempt {
  readonly t: 'refused';
  readonly reason: string;
  /** Of the subject that refused. */
  readonly key?: string | undefined;
}

export interface Blocked extends Dated, CountedOn {
  readonly t: 'blocked';
  /** Of the attempt that reached the tier; null for an operator. */
  readonly id: string | null;
  readonly limit: number | null;
  /** Epoch milliseconds of the store; null until reset. */
  readonly until: number | null;
}

export interface Answer extends OfAttempt {
  readonly t: 'answer';
  readonly outcome: Outcome;
  /** Of a refusal, or of an unexpected error. */
  readonly code?: string | undefined;
}

export interface Act extends Dated {
  readonly t: 'act';
  readonly act: string;
  readonly what: ActName;
  /** The name, or the address, whose subjects it is about. */
  readonly part: 'username' | 'ip';
  readonly value: string;
  /** How long a block is to hold. */
  readonly forMs?: number | undefined;
}

export interface Acted extends Dated {
  readonly t: 'acted';
  readonly act: string;
  readonly failed: boolean;
  /** Epoch milliseconds of the store, of a block. */
  readonly until?: number | undefined;
}

export type Line =
  /** `wallMs`: epoch milliseconds of the store's clock at the monotonic time 0. */
  | (Dated & { readonly t: 'start'; readonly worker: string; readonly wallMs: number })
  | Begin
  | (OfAttempt & { readonly t: 'verify' })
  | (OfAttempt & { readonly t: 'verified' })
  | Settled
  | Refused
  | Blocked
  | Answer
  | Act
  | Acted
  | (Dated & { readonly t: 'store_error'; readonly operation: string })
  /** The process says that it could not write entries of the attempt log. */
  | (Dated & { readonly t: 'log_lost' })
  | (Dated & { readonly t: 'heap'; readonly bytes: number })
  /** The process has ended by itself, with its lockout closed. */
  | (Dated & { readonly t: 'end' });

/** What the driver did to a process or to the way to the store. */
export interface Fault {
  readonly what: string;
  readonly from: number;
  readonly to: number;
}

/** What the store says when all is over. */
export interface FinalRecord {
  readonly key: string;
  readonly failures: number;
  readonly verifying: number;
}

/** An entry of the attempt log. */
export interface LogEntry {
  readonly id: string;
  readonly outcome: string;
}

/** Everything the checker reads of one store, or of one life of a process whose store is its memory. */
export interface Evidence {
  /** The lines of each process, in the order in which they were written. */
  readonly journals: readonly (readonly Line[])[];
  readonly faults: readonly Fault[];
  /** Undefined if the store is gone with its process. */
  readonly final?: {
    readonly at: number;
    readonly records: readonly FinalRecord[];
    readonly log: readonly LogEntry[];
    /** Whether the store still has every entry that was ever written. */
    readonly isLogWhole: boolean;
  };
}
