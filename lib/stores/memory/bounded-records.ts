/** The records of a memory store: a bounded number, evicting those that matter least first. */
import { LockoutStoreError } from '../../errors.js';
import type { StoredSubject } from '../../policy/replies.js';
import { expiresAt, keptUntil, type SubjectState, UNKNOWN_SUBJECT } from '../../policy/state.js';
import { ExpiryHeap, type HeapItem } from './expiry-heap.js';

/** One object per subject; there may be a million. */
export interface Entry extends StoredSubject, HeapItem {
  state: SubjectState;
  heap: ExpiryHeap<Entry>;
}

/** The result of one step on a subject. */
export interface Change {
  readonly subject: StoredSubject;
  readonly before: SubjectState;
  readonly state: SubjectState;
}

/**
 * Failure counts from which a record is evicted later: flooding the store with new names must not evict what is known about
 * others. There are few classes, so that room is found at once.
 */
const CLASSES = [0, 2, 3, 5, 10] as const;

export class BoundedRecords {
  readonly #maxSubjects: number;
  readonly #entries = new Map<string, Entry>();
  /** Evictable records: the fewest failures first, and among these the ones that are forgotten first. */
  readonly #evictable = CLASSES.map(() => new ExpiryHeap<Entry>());
  /**
   * Records that are never evicted, or a flood of names would free them and grant their guesses again; each is due when it
   * becomes evictable. A known record moves here when it is locked; one that is being verified, or was locked at once, moves
   * only when it comes up for eviction.
   */
  readonly #kept = new ExpiryHeap<Entry>();

  constructor(maxSubjects: number) {
    this.#maxSubjects = maxSubjects;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  entries(): IterableIterator<[string, Entry]> {
    return this.#entries.entries();
  }

  stateOf(key: string): SubjectState {
    return this.#entries.get(key)?.state ?? UNKNOWN_SUBJECT;
  }

  /**
   * Saves all records after slots were taken, or none if one does not fit. Nothing is due earlier than before, and most records
   * are saved again with the verdict.
   */
  saveLeased(changes: readonly Change[], now: number): void {
    try {
      for (const { subject, state } of changes) {
        const entry = this.#entries.get(subject.key);
        if (entry) entry.state = state;
        else this.#add(subject, state, now);
      }
    } catch (error) {
      this.#undo(changes, now);
      throw error;
    }
  }

  /** Saves all of them, or none if one does not fit. */
  saveAll(changes: readonly Change[], now: number): void {
    try {
      for (const { subject, state } of changes) this.save(subject, state, now);
    } catch (error) {
      this.#undo(changes, now);
      throw error;
    }
  }

  /** Saves a state, or drops the record if it has expired. */
  save(subject: StoredSubject, state: SubjectState, now: number): void {
    const entry = this.#entries.get(subject.key);
    const until = expiresAt(state);
    if (!entry) {
      if (until > now) this.#add(subject, state, now);
      return;
    }
    if (until <= now) {
      this.drop(entry);
      return;
    }
    entry.state = state;
    const isLocked = state.lockedUntil > now;
    const heap = isLocked ? this.#kept : this.#evictableFor(state);
    const dueAt = isLocked ? keptUntil(state) : until;
    // A later due time can wait until the entry comes up; only an earlier one has to move it now.
    if (entry.heap !== heap || dueAt < entry.dueAt) this.#file(entry, heap, dueAt);
  }

  drop(entry: Entry): void {
    entry.heap.remove(entry);
    this.#entries.delete(entry.key);
  }

  #add({ key, dimension, storedParts }: StoredSubject, state: SubjectState, now: number): void {
    this.#makeRoom(now);
    const heap = this.#evictableFor(state);
    const entry: Entry = { key, dimension, storedParts, state, heap, dueAt: expiresAt(state), heapIndex: -1 };
    this.#entries.set(key, entry);
    heap.push(entry);
  }

  /** A record that was dropped meanwhile has made room for another, and is not added again. */
  #undo(changes: readonly Change[], now: number): void {
    for (const { subject, before } of changes) {
      if (this.#entries.has(subject.key)) this.save(subject, before, now);
    }
  }

  #file(entry: Entry, heap: ExpiryHeap<Entry>, dueAt: number): void {
    entry.heap.remove(entry);
    entry.heap = heap;
    entry.dueAt = dueAt;
    heap.push(entry);
  }

  #fileAnew(entry: Entry): void {
    this.#file(entry, this.#evictableFor(entry.state), expiresAt(entry.state));
  }

  /** A failure that was taken back weighs as much as any other: if it were evicted, one more could be taken back today. */
  #evictableFor({ failures, consecutiveFailures, takenBackAt }: SubjectState): ExpiryHeap<Entry> {
    const weight = Math.max(failures, consecutiveFailures) + takenBackAt.length;
    let at = CLASSES.length - 1;
    while (weight < (CLASSES[at] as number)) at -= 1;
    return this.#evictable[at] as ExpiryHeap<Entry>;
  }

  #makeRoom(now: number): void {
    for (let entry = this.#kept.peek(); entry && entry.dueAt <= now; entry = this.#kept.peek()) this.#fileAnew(entry);
    for (const heap of this.#evictable) {
      for (let entry = heap.peek(); entry && entry.dueAt <= now; entry = heap.peek()) {
        if (expiresAt(entry.state) <= now) this.drop(entry);
        else this.#fileAnew(entry);
      }
    }
    if (this.#entries.size < this.#maxSubjects) return;
    const victim = this.#findVictim(now);
    if (!victim)
      throw new LockoutStoreError(
        'ERR_LOCKOUT_STORE_FULL',
        `all ${this.#maxSubjects} subjects are locked or being verified, or have revoked devices`,
      );
    this.drop(victim);
  }

  /**
   * Finds the first evictable record; refiles those before it that are not evictable, or whose time was extended after filing.
   */
  #findVictim(now: number): Entry | undefined {
    for (const heap of this.#evictable) {
      for (let entry = heap.peek(); entry; entry = heap.peek()) {
        if (keptUntil(entry.state) > now) this.#file(entry, this.#kept, keptUntil(entry.state));
        else if (expiresAt(entry.state) > entry.dueAt) this.#fileAnew(entry);
        else return entry;
      }
    }
    return undefined;
  }
}
