/** State in this process's memory: synchronous, bounded, without timers. */
import { getHeapStatistics } from 'node:v8';
import * as z from 'zod/mini';
import {
  type Block,
  block,
  type DeviceRevocation,
  erase,
  type Restoration,
  reset,
  resetLockedBy,
  restore,
  revokeDevices,
} from '../../policy/manage.js';
import type { BlockReply, ReserveReply, SettleReply, SubjectRecord } from '../../policy/replies.js';
import {
  toBlockReply,
  toReadReply,
  toRecord,
  toReserveReply,
  toSettleReply,
  toStoredRecord,
} from '../../policy/replies.js';
import { type ReserveRequest, reserveAll, type SettleRequest, settleAll } from '../../policy/several.js';
import {
  expiresAt,
  isLocked,
  type Lease,
  type Marks,
  type Policy,
  type SubjectState,
  UNKNOWN_SUBJECT,
  type Verdict,
} from '../../policy/state.js';
import type { Subject, SubjectParts } from '../../subject/key.js';
import { createMonotonicClock } from '../../util/monotonic-clock.js';
import { anObject, clock, wholeNumber } from '../../validation/fields.js';
import { type Guarding, guardFunction } from '../../validation/guard-function.js';
import { validateOptions } from '../../validation/validate.js';
import type { ActivityLog } from '../activity-log.js';
import { FirstInOrder } from '../first-in-order.js';
import { type PagePosition, parsePageCursor, toPageCursor } from '../page-cursor.js';
import type {
  LockedCount,
  LockoutStore,
  SlotRequest,
  SlotVerdict,
  StoreInspection,
  StoreMatch,
  StorePage,
  StoreQuery,
} from '../store.js';
import { BoundedRecords, type Change } from './bounded-records.js';
import { MemoryActivityLog } from './memory-activity-log.js';
import { AttemptRing } from './memory-attempt-log.js';

/** Options of a `MemoryStore`. */
export interface MemoryStoreOptions {
  /**
   * Returns the time in epoch milliseconds; pass your own in tests.
   * @default a clock that changes of the system's clock do not affect
   */
  readonly clock?: (() => number) | undefined;
  /**
   * How many subjects are kept at most, from 1. Beyond that, expired subjects go first, then those with the fewest failures,
   * and among these the ones due to be forgotten first; never those that are locked or being verified, or have revoked devices. If
   * there are no others, a new subject is refused as if the store had failed.
   * @default 1,000,000, or as many as fit into half of the heap (4 KiB each), if that is less
   */
  readonly maxSubjects?: number | undefined;
  /**
   * How many entries of the attempt log are kept at most, from 1; the oldest go first.
   * @default 10_000
   */
  readonly maxAttempts?: number | undefined;
}

const fromOne = wholeNumber(1, Number.MAX_SAFE_INTEGER, 'a whole number from 1');
const optionsSchema = z.strictObject(
  {
    clock: z.optional(clock),
    maxSubjects: z.optional(fromOne),
    maxAttempts: z.optional(fromOne),
  } satisfies Record<keyof MemoryStoreOptions, z.ZodMiniType>,
  anObject,
);

type WithEntry<T> = T & Pick<Change, 'entry'>;

/** A record that may be on a page. */
interface Listed extends PagePosition {
  readonly record: SubjectRecord;
}

/** If the time were not a number, no lock would hold. */
const CLOCK: Guarding = {
  name: 'MemoryStore options.clock',
  expected: 'epoch milliseconds',
  accepts: (value) => Number.isFinite(value),
};
const MAX_SUBJECTS = 1_000_000;
/** For the longest names with the most escapes; ordinary users take an eighth of it. */
const BYTES_PER_SUBJECT = 4_096;
const DEFAULT_MAX_ATTEMPTS = 10_000;

/**
 * The default store. Its state is lost when the process ends and is not shared with others: right for one process, for
 * development and for tests.
 *
 * @throws {LockoutConfigError} for a wrong option
 */
export class MemoryStore implements LockoutStore {
  readonly isLocal = true;
  readonly clock: () => number;
  readonly attemptLog: AttemptRing;
  readonly activityLog: ActivityLog;
  readonly #records: BoundedRecords;

  /**
   * Creates an empty store.
   *
   * @throws {LockoutConfigError} if an option is wrong
   */
  constructor(options: MemoryStoreOptions = {}) {
    const { clock, maxSubjects, maxAttempts } = validateOptions(optionsSchema, options, 'MemoryStore options');
    this.clock = clock ? guardFunction(clock, CLOCK) : createMonotonicClock();
    this.#records = new BoundedRecords(maxSubjects ?? defaultMaxSubjects());
    this.attemptLog = new AttemptRing(maxAttempts ?? DEFAULT_MAX_ATTEMPTS, this.clock);
    this.activityLog = new MemoryActivityLog(this.clock);
  }

  /** How many subjects are held now, including expired ones until their room is needed. */
  get size(): number {
    return this.#records.size;
  }

  reserve(subject: Subject, policy: Policy, leaseId: string | null): ReserveReply {
    return this.reserveAll([{ subject, policy, leaseId }])[0] as ReserveReply;
  }

  settle(subject: Subject, policy: Policy, lease: Lease, verdict: Verdict, marks?: Marks): SettleReply {
    return this.settleAll([{ subject, policy, lease, verdict, marks }])[0] as SettleReply;
  }

  reserveAll(requests: readonly SlotRequest[]): readonly ReserveReply[] {
    const now = this.clock();
    const asked: WithEntry<ReserveRequest>[] = [];
    for (const { subject, policy, leaseId } of requests) {
      const entry = this.#records.get(subject.key);
      asked.push({ entry, state: entry?.state ?? UNKNOWN_SUBJECT, policy, leaseId });
    }
    const replies: ReserveReply[] = [];
    const changes: Change[] = [];
    for (const reservation of reserveAll(asked, now)) {
      const index = replies.length;
      if (reservation.outcome === 'taken') {
        const { subject } = requests[index] as SlotRequest;
        const { entry, state: before } = asked[index] as WithEntry<ReserveRequest>;
        changes.push({ subject, entry, before, state: reservation.state });
      }
      replies.push(toReserveReply(reservation, now));
    }
    this.#records.saveLeased(changes, now);
    return replies;
  }

  settleAll(verdicts: readonly SlotVerdict[]): readonly SettleReply[] {
    const now = this.clock();
    const told: WithEntry<SettleRequest>[] = [];
    for (const { subject, policy, lease, verdict, marks } of verdicts) {
      const entry = this.#records.get(subject.key);
      told.push({ entry, state: entry?.state ?? UNKNOWN_SUBJECT, policy, lease, verdict, marks });
    }
    const replies: SettleReply[] = [];
    const changes: Change[] = [];
    for (const settlement of settleAll(told, now)) {
      const index = replies.length;
      const { subject } = verdicts[index] as SlotVerdict;
      const { entry, state: before } = told[index] as WithEntry<SettleRequest>;
      changes.push({ subject, entry, before, state: settlement.state });
      replies.push(toSettleReply(settlement, now));
    }
    this.#records.saveAll(changes, now);
    return replies;
  }

  read(key: string): SubjectRecord | null {
    const entry = this.#records.get(key);
    return entry ? toReadReply(entry, entry.state, this.clock()) : null;
  }

  readAll(keys: readonly string[]): readonly (SubjectRecord | null)[] {
    return keys.map((key) => this.read(key));
  }

  list({ dimension, lockedOnly, madeOf, withExpired, cursor, order = 'key', limit }: StoreQuery): StorePage {
    const after = cursor === null ? null : parsePageCursor(cursor, order);
    const now = this.clock();
    const toShown = withExpired ? toStoredRecord : toRecord;
    // One more than the page has, to know whether another follows.
    const first = new FirstInOrder<Listed>(limit + 1, order, after);
    for (const entry of lockedOnly ? this.#records.kept() : this.#records.entries()) {
      const { key } = entry;
      const { lockedUntil } = entry.state;
      if (dimension !== undefined && entry.dimension !== dimension) continue;
      if (lockedOnly && !isLocked(entry.state, now)) continue;
      if (!first.wants(key, lockedUntil)) continue;
      if (madeOf && !isMadeOf(entry.storedParts, madeOf)) continue;
      const record = toShown(entry, entry.state, now);
      if (record) first.add({ key, lockedUntil, record });
    }
    const page = first.items.slice(0, limit);
    const last = first.items.length > limit ? page.at(-1) : undefined;
    return { records: page.map(({ record }) => record), cursor: last ? toPageCursor(last, order) : null };
  }

  countLocked(dimension: string | undefined): LockedCount {
    const now = this.clock();
    let count = 0;
    for (const entry of this.#records.kept()) {
      if ((dimension === undefined || entry.dimension === dimension) && isLocked(entry.state, now)) count += 1;
    }
    return { count, isAtLeast: false };
  }

  block(subject: Subject, details: Block): BlockReply {
    const now = this.clock();
    const result = block(this.#stateOf(subject), now, details);
    this.#records.save(subject, result.state, now);
    return toBlockReply(subject, result, now);
  }

  reset(key: string): SubjectRecord | null {
    const entry = this.#records.get(key);
    if (!entry) return null;
    const now = this.clock();
    const before = toRecord(entry, entry.state, now);
    this.#records.save(entry, reset(entry.state, now).state, now);
    return before;
  }

  revokeDevices(subject: Subject, revocation: DeviceRevocation): number {
    const now = this.clock();
    const state = revokeDevices(this.#stateOf(subject), now, revocation);
    this.#records.save(subject, state, now);
    return state.revocation?.before ?? 0;
  }

  erase(key: string): SubjectRecord | null {
    const entry = this.#records.get(key);
    if (!entry) return null;
    const now = this.clock();
    const before = toStoredRecord(entry, entry.state, now);
    this.#records.save(entry, erase(entry.state, now).state, now);
    return before;
  }

  cleanup(key: string): boolean {
    const entry = this.#records.get(key);
    if (!entry || expiresAt(entry.state) > this.clock()) return false;
    this.#records.drop(entry);
    return true;
  }

  resetLockedBy(key: string, lockedBy: string): SubjectRecord | null {
    const entry = this.#records.get(key);
    const now = this.clock();
    const lifted = entry && resetLockedBy(entry.state, now, lockedBy);
    if (!lifted) return null;
    const before = toRecord(entry, entry.state, now);
    this.#records.save(entry, lifted.state, now);
    return before;
  }

  restore(subject: Subject, lifted: Restoration): SubjectRecord | null {
    const now = this.clock();
    const restored = restore(this.#stateOf(subject), now, lifted);
    if (!restored) return null;
    this.#records.save(subject, restored.state, now);
    return toBlockReply(subject, restored, now).record;
  }

  inspect(): StoreInspection {
    const clockSkewMs = this.clock() - Date.now();
    return { server: 'memory', clockSkewMs, missingIndexes: [], subjects: this.size, attempts: this.attemptLog.size };
  }

  close(): void {
    // Nothing is held that outlives the process: no timer, no handle.
  }

  #stateOf({ key }: Subject): SubjectState {
    return this.#records.get(key)?.state ?? UNKNOWN_SUBJECT;
  }
}

/** A process with a small heap would end before a fixed bound is reached. */
function defaultMaxSubjects(): number {
  return Math.min(MAX_SUBJECTS, Math.floor(getHeapStatistics().heap_size_limit / 2 / BYTES_PER_SUBJECT));
}

function isMadeOf(own: SubjectParts, { parts, match }: StoreMatch): boolean {
  const has = ([name, value]: readonly [string, string]) => own[name] === value;
  const wanted = Object.entries(parts);
  return match === 'all' ? wanted.every(has) : wanted.some(has);
}
