/** The port: what the engine asks of a store, and nothing more. */
import type { LockoutWarningCode } from '../errors.js';
import type { Block, DeviceRevocation } from '../policy/manage.js';
import type { BlockReply, ReserveReply, SettleReply, SubjectRecord } from '../policy/replies.js';
import type { Lease, Marks, Policy, Verdict } from '../policy/state.js';
import type { Subject, SubjectParts } from '../subject/key.js';
import type { Awaitable } from '../util/awaitable.js';
import type { AttemptLog } from './attempt-log.js';

export interface StoreQuery {
  /** Only this dimension. */
  readonly dimension: string | undefined;
  /** Only those that are locked now. */
  readonly lockedOnly: boolean;
  /**
   * Only records made of these values.
   * @default all
   */
  readonly madeOf?: StoreMatch | undefined;
  /**
   * Also records of which nothing matters any more, as far as they are still stored.
   * @default false
   */
  readonly withExpired?: boolean;
  /** Only keys after this one. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** Which records are meant: by the values they are made of. */
export interface StoreMatch {
  readonly parts: SubjectParts;
  /** `all`: the record has each of the parts; `any`: at least one. */
  readonly match: 'all' | 'any';
}

/** What a store says of itself, for `Lockout.check()`. */
export interface StoreInspection {
  /** `memory`, `MongoDB 7.0.5`, `FerretDB 2.7.0 (MongoDB 7.0.77)`. */
  readonly server: string;
  /** The store's time minus that of this process. */
  readonly clockSkewMs: number;
  /** Those that the store should have and has not. */
  readonly missingIndexes: readonly string[];
  /**
   * What else it cannot do.
   * @default none
   */
  readonly troubles?: readonly StoreTrouble[];
  /** How many subjects there are, about; expired ones may be among them. Null where the store may not count them. */
  readonly subjects: number | null;
  /** How many entries the attempt log has, about; null for a store without one, or where it may not count them. */
  readonly attempts: number | null;
}

/** What keeps a store from its work, for an operator: a finding of `check()` and, where the store has `watch`, a warning. */
export interface StoreTrouble {
  /** The nearest of the codes that there are. */
  readonly code: LockoutWarningCode;
  /** What cannot be done, why, and what it means for logins. */
  readonly message: string;
}

/** One of the slots that an attempt asks for together. */
export interface SlotRequest {
  readonly subject: Subject;
  readonly policy: Policy;
  /** Null to look only: nothing changes, and a lock that is found keeps none of the others from being taken. */
  readonly leaseId: string | null;
}

/** One of the slots that an attempt gives back together. */
export interface SlotVerdict {
  readonly subject: Subject;
  readonly policy: Policy;
  readonly lease: Lease;
  readonly verdict: Verdict;
  /** As of `settle`. */
  readonly marks?: Marks | undefined;
}

/**
 * Where the state of subjects lives. Each method that changes something is ONE atomic step on ONE record, `reserveAll` and
 * `settleAll` on one record each of several subjects; the rules are those of `lib/policy`, and `now` is always the store's own clock.
 */
export interface LockoutStore {
  /** True when every method answers in the same turn from this process's memory; the engine then needs no lock cache. */
  readonly isLocal?: boolean;
  /** The clock given for specs, so that the engine's lock cache moves with it. */
  readonly clock?: (() => number) | undefined;
  /** The attempt log; a store without one cannot be used with an `attemptLog` option other than `'off'`. */
  readonly attemptLog?: AttemptLog | undefined;
  /** @param leaseId - null to look only: `free` or `locked` is answered, and nothing changes */
  reserve(subject: Subject, policy: Policy, leaseId: string | null): Awaitable<ReserveReply>;
  /**
   * @param marks - what to remember of a failure, and which failures a success takes back; the texts of a source are at most
   *   86 characters, and digests of 22 where the lockout makes pseudonyms
   */
  settle(subject: Subject, policy: Policy, lease: Lease, verdict: Verdict, marks?: Marks): Awaitable<SettleReply>;
  /**
   * Optional, together with `settleAll`: what an attempt asks of its subjects, no two of them the same, in ONE atomic step. All or
   * nothing: where one of them is `busy` or `locked`, no slot is taken, and what would have been taken is `free`. Only a lease that
   * was granted before under the same id is `taken` all the same; it is the caller's to give back. A store without the two is asked
   * for one after the other by `reserve` and `settle`.
   *
   * @returns a reply to each request, in their order
   */
  reserveAll?(requests: readonly SlotRequest[]): Awaitable<readonly ReserveReply[]>;
  /** Optional, together with `reserveAll`: as `settle` for each of several subjects, no two of them the same, in ONE atomic step. */
  settleAll?(verdicts: readonly SlotVerdict[]): Awaitable<readonly SettleReply[]>;
  /** Null where nothing is known; what was taken back today is. */
  read(key: string): Awaitable<SubjectRecord | null>;
  /** Ascending by key. */
  list(query: StoreQuery): Awaitable<readonly SubjectRecord[]>;
  block(subject: Subject, block: Block): Awaitable<BlockReply>;
  /** Lifts the lock and forgets the failures; answers what was there before, or null. */
  reset(key: string): Awaitable<SubjectRecord | null>;
  /**
   * From now on the tokens of known devices issued before are worth nothing: remembered as long as it matters, whatever else
   * becomes of the record; only `erase` ends it. Returns the instant that `devicesSince` then is.
   */
  revokeDevices(subject: Subject, revocation: DeviceRevocation): Awaitable<number>;
  /**
   * As `reset`, and nothing of the record stays stored, unless attempts are being verified right now: then their leases
   * stay, so that no more are verified than the limit. Answers every record that was stored, also one of which nothing
   * mattered any more.
   */
  erase(key: string): Awaitable<SubjectRecord | null>;
  /** Removes a record of which nothing matters any more; answers whether it did. One that still matters stays as it is. */
  cleanup(key: string): Awaitable<boolean>;
  /**
   * As `reset`, but only if the lock that holds now was set by this lease; answers null and changes nothing otherwise. Of
   * several calls at once one lifts it.
   */
  resetLockedBy(key: string, lockedBy: string): Awaitable<SubjectRecord | null>;
  /** Optional: what `Lockout.check()` looks at. Changes nothing, and costs no more the more is stored. */
  inspect?(): Awaitable<StoreInspection>;
  /** Optional: tells of every trouble from now on, and of those that there are. Each lockout that uses the store asks once. */
  watch?(tell: (trouble: StoreTrouble) => void): void;
  /**
   * Optional: what the store knows of why it does not answer, as a sentence for the error of a call that timed out; null where it
   * knows nothing.
   */
  whyUnanswered?(): string | null;
  /** Gives back what the store itself holds, never what the caller owns. May be called twice. */
  close(): Awaitable<void>;
}
