/** The port: all that the engine needs from a store. */
import type { LockoutWarningCode } from '../errors.js';
import type { Block, DeviceRevocation, Restoration } from '../policy/manage.js';
import type { BlockReply, ReserveReply, SettleReply, SubjectRecord } from '../policy/replies.js';
import type { Lease, Marks, Policy, Verdict } from '../policy/state.js';
import type { Subject, SubjectParts } from '../subject/key.js';
import type { Awaitable } from '../util/awaitable.js';
import type { ActivityLog } from './activity-log.js';
import type { AttemptLog } from './attempt-log.js';

/** Which records `LockoutStore.list` returns. */
export interface StoreQuery {
  /** Only this dimension. */
  readonly dimension: string | undefined;
  /** Only subjects that are locked now. */
  readonly lockedOnly: boolean;
  /**
   * Only records made of these values.
   * @default all
   */
  readonly madeOf?: StoreMatch | undefined;
  /**
   * Includes expired records that have not been removed yet.
   * @default false
   */
  readonly withExpired?: boolean;
  /** The `cursor` of the previous page of the same query; null for the first page. */
  readonly cursor: string | null;
  /**
   * `key`: ascending by key. `lockedUntil`: the lock that ends soonest first, locks until reset last, ties by key; only together
   * with `lockedOnly`.
   * @default the store's cheapest order, which may be none
   */
  readonly order?: StoreOrder | undefined;
  /** How many records a page has at most, from 1. */
  readonly limit: number;
  /** Aborted when nobody waits for the answer any more: a store that takes several steps takes no further one, and may reject. */
  readonly signal?: AbortSignal | undefined;
}

/** By what a list is sorted: the key, or the end of the lock. */
export type StoreOrder = 'key' | 'lockedUntil';

/** One page of a store's `list`. */
export interface StorePage {
  /** At most `limit`; may be fewer, even none, while `cursor` is not null. */
  readonly records: readonly SubjectRecord[];
  /** Where the next page begins, in a form that only the store knows; null after the last page. */
  readonly cursor: string | null;
}

/** How many subjects are locked. */
export interface LockedCount {
  /** How many were counted. */
  readonly count: number;
  /** Whether there may be more: counting stopped there. */
  readonly isAtLeast: boolean;
}

/** Selects records by the values they are made of. */
export interface StoreMatch {
  /** The values by part, as the store keeps them. */
  readonly parts: SubjectParts;
  /** `all`: the record has each of the parts; `any`: at least one. */
  readonly match: 'all' | 'any';
}

/** What a store reports about itself, for `Lockout.check()`. */
export interface StoreInspection {
  /** `memory`, `MongoDB 7.0.5`, `FerretDB 2.7.0 (MongoDB 7.0.77)`. */
  readonly server: string;
  /** The store's time minus that of this process. */
  readonly clockSkewMs: number;
  /** Indexes that the store should have but does not. */
  readonly missingIndexes: readonly string[];
  /**
   * Anything else that the store cannot do.
   * @default none
   */
  readonly troubles?: readonly StoreTrouble[];
  /** Approximate number of subjects, possibly including expired ones. Null if the store is not allowed to count them. */
  readonly subjects: number | null;
  /** Approximate number of entries in the attempt log; null if there is no log, or the store is not allowed to count them. */
  readonly attempts: number | null;
}

/** A problem that keeps a store from its work, for an operator: a finding of `check()` and, if the store has `watch`, a warning. */
export interface StoreTrouble {
  /** The existing code that fits best. */
  readonly code: LockoutWarningCode;
  /** What cannot be done, why, and what it means for logins. */
  readonly message: string;
}

/** One of the slots that an attempt asks for together. */
export interface SlotRequest {
  /** The subject of which a slot is asked. */
  readonly subject: Subject;
  /** The rules of the subject's dimension for this attempt. */
  readonly policy: Policy;
  /** Null to look only: nothing changes, and a lock that is found keeps none of the others from being taken. */
  readonly leaseId: string | null;
}

/** One of the slots that an attempt gives back together. */
export interface SlotVerdict {
  /** The subject to which the slot is given back. */
  readonly subject: Subject;
  /** The rules of the subject's dimension for this attempt. */
  readonly policy: Policy;
  /** The lease that `reserveAll` returned. */
  readonly lease: Lease;
  /** How the attempt ended. */
  readonly verdict: Verdict;
  /** As of `settle`. */
  readonly marks?: Marks | undefined;
}

/**
 * Holds the state of subjects. Each method that changes something is ONE atomic step on ONE record (`reserveAll` and `settleAll` on
 * one record each of several subjects); the rules are those of `lib/policy`, and `now` is always the store's own clock.
 */
export interface LockoutStore {
  /** Whether every method answers in the same turn from this process's memory; the engine then needs no lock cache. */
  readonly isLocal?: boolean;
  /** The clock passed in by tests, so that the engine's lock cache follows it. */
  readonly clock?: (() => number) | undefined;
  /** The attempt log; a store without one cannot be used with an `attemptLog` option other than `'off'`. */
  readonly attemptLog?: AttemptLog | undefined;
  /** Optional: what operators did. Without it nothing of that is recorded, and `Lockout.activity()` throws. */
  readonly activityLog?: ActivityLog | undefined;
  /**
   * Takes one of the slots that are left until the next lock, in one atomic operation.
   *
   * @param leaseId - null to look only: returns `free` or `locked` and changes nothing
   */
  reserve(subject: Subject, policy: Policy, leaseId: string | null): Awaitable<ReserveReply>;
  /**
   * Gives a slot back with its verdict, in one atomic operation.
   *
   * @param marks - what to remember about a failure, and which failures a success takes back; the strings of a source have at
   *   most 86 characters, or are digests of 22 if the lockout pseudonymizes
   * @throws any error; with `isUnanswered: true` if the step may have been carried out although its answer was lost: the verdict is then
   *   passed again marked `mayBeSettled`, even after its lease
   */
  settle(subject: Subject, policy: Policy, lease: Lease, verdict: Verdict, marks?: Marks): Awaitable<SettleReply>;
  /**
   * Optional, together with `settleAll`: requests slots for all subjects of an attempt, each a different one, in ONE atomic step.
   * All or nothing: if one of them is `busy` or `locked`, no slot is taken, and those that would have been taken are `free`. Only a
   * lease that was granted before under the same id is still `taken`; the caller gives it back. A store without these two methods
   * gets a call of `reserve` and `settle` for each subject.
   *
   * @returns a reply to each request, in the same order; `freeSlots` may be fewer than there are, as long as it is above 0 while
   *   there are any
   */
  reserveAll?(requests: readonly SlotRequest[]): Awaitable<readonly ReserveReply[]>;
  /**
   * Optional, together with `reserveAll`: like `settle` for several subjects, each a different one, in ONE atomic step. `freeSlots`
   * is as of `reserveAll`.
   */
  settleAll?(verdicts: readonly SlotVerdict[]): Awaitable<readonly SettleReply[]>;
  /** Returns null if nothing is known of the subject; failures taken back today count as known. */
  read(key: string): Awaitable<SubjectRecord | null>;
  /**
   * Optional: `read` for several keys in one call, for pages of operators. A store without it gets a call of `read` for each.
   *
   * @returns what `read` returns for each key, in the same order
   */
  readAll?(keys: readonly string[]): Awaitable<readonly (SubjectRecord | null)[]>;
  /**
   * Returns a page of the records that match. Over all pages, each record that matches and keeps its place in the order is
   * returned, whatever happens to others meanwhile; a store that scans may return one twice if no order is requested. Rejects with a
   * `LockoutConfigError` of code `ERR_LOCKOUT_OPTION_INVALID`, before it reads anything, for a cursor that it did not make for this
   * order.
   */
  list(query: StoreQuery): Awaitable<StorePage>;
  /**
   * Optional, for `Lockout.countLocked`: counts the subjects that are locked now. May stop at 10,000 or later, so that a page of
   * operators costs the same under any attack. Without it, up to 1,000 are counted with `list`.
   *
   * @param dimension - undefined for all
   */
  countLocked?(dimension: string | undefined): Awaitable<LockedCount>;
  /** Sets a lock, in one atomic operation. */
  block(subject: Subject, block: Block): Awaitable<BlockReply>;
  /** Lifts the lock and forgets the failures; returns the record as it was before, or null. */
  reset(key: string): Awaitable<SubjectRecord | null>;
  /**
   * Invalidates the tokens of known devices issued until now, for as long as they would have been accepted. Only `erase` forgets
   * this. Returns the new `devicesSince`.
   */
  revokeDevices(subject: Subject, revocation: DeviceRevocation): Awaitable<number>;
  /**
   * Like `reset`, but deletes the record. Leases of attempts that are still being verified are kept, so the limit still
   * holds. Returns any record that was stored, even an expired one.
   */
  erase(key: string): Awaitable<SubjectRecord | null>;
  /** Removes an expired record and returns whether it did. A record that still matters stays as it is. */
  cleanup(key: string): Awaitable<boolean>;
  /**
   * Like `reset`, but only if the current lock was set by this lease; otherwise changes nothing and returns null. Of several
   * parallel calls, exactly one lifts the lock.
   */
  resetLockedBy(key: string, lockedBy: string): Awaitable<SubjectRecord | null>;
  /**
   * Optional, for `Lockout.undo`: sets a lifted lock again. Returns the record then, or null if the subject is locked now or that lock
   * would have ended; nothing is locked then. Of several parallel calls, exactly one sets it.
   */
  restore?(subject: Subject, lifted: Restoration): Awaitable<SubjectRecord | null>;
  /** Optional: what `Lockout.check()` looks at. Changes nothing, and its cost does not grow with what is stored. */
  inspect?(): Awaitable<StoreInspection>;
  /** Optional: calls `tell` for every current trouble and for each later one. Called once by each lockout that uses the store. */
  watch?(tell: (trouble: StoreTrouble) => void): void;
  /**
   * Optional: returns why the store does not answer, as a sentence for the error of a call that timed out; null if it does not
   * know.
   */
  whyUnanswered?(): string | null;
  /** Releases the store's own resources, never what the caller owns. May be called twice. */
  close(): Awaitable<void>;
}
