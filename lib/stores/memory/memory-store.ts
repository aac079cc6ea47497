/** State in this process's memory: synchronous, bounded, without timers. */
import * as z from 'zod';
import { type Block, block, clear, lift } from '../../policy/manage.js';
import {
  type StoredSubject,
  toBlockReply,
  toRecord,
  toReserveReply,
  toSettleReply,
  toStoredRecord,
} from '../../policy/replies.js';
import { reserve } from '../../policy/reserve.js';
import { settle } from '../../policy/settle.js';
import {
  expiresAt,
  isLocked,
  type Lease,
  type Policy,
  type SubjectState,
  UNKNOWN_SUBJECT,
  type Verdict,
} from '../../policy/state.js';
import type { Subject, SubjectParts } from '../../subject/key.js';
import { validateOptions } from '../../validation/validate.js';
import type {
  BlockReply,
  LockoutStore,
  ReserveReply,
  SettleReply,
  StoreInspection,
  StoreMatch,
  StoreQuery,
  SubjectRecord,
} from '../store.js';
import { ExpiryHeap, type HeapItem } from './expiry-heap.js';
import { AttemptRing } from './memory-attempt-log.js';
import { SmallestByKey } from './smallest-by-key.js';

export interface MemoryStoreOptions {
  /** The time in epoch milliseconds. Default `Date.now`; give your own in tests. */
  readonly clock?: () => number;
  /**
   * How many subjects are kept at most, from 1. Default 1,000,000 (some 500 MiB). Beyond it expired subjects go first,
   * then those nearest to being forgotten, locked ones last.
   */
  readonly maxSubjects?: number;
  /** How many entries of the access log are kept at most, from 1. Default 10,000; the oldest go first. */
  readonly maxAttempts?: number;
}

const optionsSchema = z.strictObject(
  {
    clock: z
      .custom<() => number>((value) => typeof value === 'function', 'a function that returns epoch milliseconds')
      .optional(),
    maxSubjects: z.int('a whole number from 1').min(1, 'a whole number from 1').optional(),
    maxAttempts: z.int('a whole number from 1').min(1, 'a whole number from 1').optional(),
  },
  'an object of options',
);

const DEFAULT_MAX_SUBJECTS = 1_000_000;
const DEFAULT_MAX_ATTEMPTS = 10_000;

/** One object per subject: a million of them may be held. */
interface Entry extends StoredSubject, HeapItem {
  state: SubjectState;
  heap: ExpiryHeap<Entry>;
}

/**
 * The default store. State is lost with the process and not shared with others: right for one process, for development
 * and for tests.
 *
 * @throws {LockoutConfigError} for a wrong option
 */
export class MemoryStore implements LockoutStore {
  readonly isLocal = true;
  readonly clock: () => number;
  readonly attempts: AttemptRing;
  readonly #maxSubjects: number;
  readonly #entries = new Map<string, Entry>();
  /** May go when room is needed, those soonest forgotten first. */
  readonly #evictable = new ExpiryHeap<Entry>();
  /** Locked or being verified: evicted last, or a flood of names would free them. */
  readonly #kept = new ExpiryHeap<Entry>();

  constructor(options: MemoryStoreOptions = {}) {
    const { clock, maxSubjects, maxAttempts } = validateOptions(optionsSchema, options, 'MemoryStore options');
    this.clock = clock ?? Date.now;
    this.#maxSubjects = maxSubjects ?? DEFAULT_MAX_SUBJECTS;
    this.attempts = new AttemptRing(maxAttempts ?? DEFAULT_MAX_ATTEMPTS, this.clock);
  }

  /** How many subjects are held now, expired ones included until their room is needed. */
  get size(): number {
    return this.#entries.size;
  }

  reserve(subject: Subject, policy: Policy, leaseId: string): ReserveReply {
    const now = this.clock();
    const result = reserve(this.#stateOf(subject.key), policy, now, leaseId);
    if (result.outcome === 'taken') this.#save(subject, result.state, now);
    return toReserveReply(result, policy, now);
  }

  settle(subject: Subject, policy: Policy, lease: Lease, verdict: Verdict): SettleReply {
    const now = this.clock();
    const result = settle(this.#stateOf(subject.key), policy, now, lease, verdict);
    this.#save(subject, result.state, now);
    return toSettleReply(result, policy, now);
  }

  read(key: string): SubjectRecord | null {
    const entry = this.#entries.get(key);
    return entry ? toRecord(entry, entry.state, this.clock()) : null;
  }

  list({ dimension, lockedOnly, match, withExpired, after, limit }: StoreQuery): readonly SubjectRecord[] {
    const now = this.clock();
    const toShown = withExpired ? toStoredRecord : toRecord;
    const smallest = new SmallestByKey<SubjectRecord>(limit);
    for (const [key, entry] of this.#entries) {
      if (after !== undefined && key <= after) continue;
      if (dimension !== undefined && entry.dimension !== dimension) continue;
      if (lockedOnly && !isLocked(entry.state, now)) continue;
      if (match && !isMadeOf(entry.storedParts, match)) continue;
      if (!smallest.wants(key)) continue;
      const record = toShown(entry, entry.state, now);
      if (record) smallest.add(record);
    }
    return smallest.items;
  }

  block(subject: Subject, details: Block): BlockReply {
    const now = this.clock();
    const result = block(this.#stateOf(subject.key), now, details);
    this.#save(subject, result.state, now);
    return toBlockReply(subject, result, now);
  }

  clear(key: string): SubjectRecord | null {
    const entry = this.#entries.get(key);
    if (!entry) return null;
    const now = this.clock();
    const before = toRecord(entry, entry.state, now);
    this.#save(entry, clear(entry.state, now).state, now);
    return before;
  }

  erase(key: string): SubjectRecord | null {
    const entry = this.#entries.get(key);
    if (!entry) return null;
    const now = this.clock();
    const before = toStoredRecord(entry, entry.state, now);
    this.#save(entry, clear(entry.state, now).state, now);
    return before;
  }

  sweep(key: string): boolean {
    const entry = this.#entries.get(key);
    if (!entry || expiresAt(entry.state) > this.clock()) return false;
    this.#drop(entry);
    return true;
  }

  lift(key: string, lockedBy: string): SubjectRecord | null {
    const entry = this.#entries.get(key);
    const now = this.clock();
    const lifted = entry && lift(entry.state, now, lockedBy);
    if (!lifted) return null;
    const before = toRecord(entry, entry.state, now);
    this.#save(entry, lifted.state, now);
    return before;
  }

  inspect(): StoreInspection {
    const clockSkewMs = this.clock() - Date.now();
    return { server: 'memory', clockSkewMs, missingIndexes: [], subjects: this.size, attempts: this.attempts.size };
  }

  close(): void {
    // Nothing is held that outlives the process: no timer, no handle.
  }

  #stateOf(key: string): SubjectState {
    return this.#entries.get(key)?.state ?? UNKNOWN_SUBJECT;
  }

  #save(subject: StoredSubject, state: SubjectState, now: number): void {
    const entry = this.#entries.get(subject.key);
    if (expiresAt(state) <= now) {
      if (entry) this.#drop(entry);
      return;
    }
    const heap = isLocked(state, now) || state.leases.length > 0 ? this.#kept : this.#evictable;
    if (!entry) {
      this.#makeRoom(now);
      const { key, dimension, storedParts } = subject;
      const added: Entry = { key, dimension, storedParts, state, heap, dueAt: 0, heapIndex: -1 };
      this.#entries.set(key, added);
      this.#file(added, heap);
      return;
    }
    entry.state = state;
    // A later due time can wait until the entry comes up; only an earlier one has to move it now.
    if (entry.heap === heap && dueAtOf(heap === this.#kept, state) >= entry.dueAt) return;
    entry.heap.remove(entry);
    this.#file(entry, heap);
  }

  #file(entry: Entry, heap: ExpiryHeap<Entry>): void {
    entry.heap = heap;
    entry.dueAt = dueAtOf(heap === this.#kept, entry.state);
    heap.push(entry);
  }

  #drop(entry: Entry): void {
    entry.heap.remove(entry);
    this.#entries.delete(entry.key);
  }

  #makeRoom(now: number): void {
    this.#releaseKept(now);
    while ((this.#soonest(this.#evictable)?.dueAt ?? Number.POSITIVE_INFINITY) <= now) {
      this.#drop(this.#evictable.peek() as Entry);
    }
    if (this.#entries.size < this.#maxSubjects) return;
    const victim = this.#evictable.peek() ?? this.#soonest(this.#kept);
    if (victim) this.#drop(victim);
  }

  /** Those whose lock or last lease is over may be evicted like any other. */
  #releaseKept(now: number): void {
    for (let entry = this.#kept.peek(); entry && entry.dueAt <= now; entry = this.#kept.peek()) {
      this.#kept.remove(entry);
      this.#file(entry, dueAtOf(true, entry.state) > now ? this.#kept : this.#evictable);
    }
  }

  /** The head of a heap, after those that got more time since they were filed have been filed anew. */
  #soonest(heap: ExpiryHeap<Entry>): Entry | undefined {
    for (let entry = heap.peek(); entry; entry = heap.peek()) {
      if (entry.dueAt >= dueAtOf(heap === this.#kept, entry.state)) return entry;
      heap.remove(entry);
      this.#file(entry, heap);
    }
    return undefined;
  }
}

function isMadeOf(own: SubjectParts, { parts, match }: StoreMatch): boolean {
  const has = ([name, value]: readonly [string, string]) => own[name] === value;
  const wanted = Object.entries(parts);
  return match === 'all' ? wanted.every(has) : wanted.some(has);
}

/** Until when an entry is kept (its lock or last lease), or is worth keeping at all. */
function dueAtOf(isKept: boolean, state: SubjectState): number {
  if (!isKept) return expiresAt(state);
  return state.leases.reduce((latest, lease) => Math.max(latest, lease.until), state.lockedUntil);
}
