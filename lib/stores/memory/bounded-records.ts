/** The records of a memory store: at most so many, those that matter least go first. */
import { LockoutStoreError } from '../../errors.js';
import type { StoredSubject } from '../../policy/replies.js';
import { expiresAt, isLocked, type SubjectState, UNKNOWN_SUBJECT } from '../../policy/state.js';
import { ExpiryHeap, type HeapItem } from './expiry-heap.js';

/** One object per subject: a million of them may be held. */
export interface Entry extends StoredSubject, HeapItem {
  state: SubjectState;
  heap: ExpiryHeap<Entry>;
}

/**
 * From so many failures on a record goes later: whoever floods the store with new names must not push out what is known of
 * others. Few classes, so that room is found at once.
 */
const CLASSES = [0, 2, 3, 5, 10] as const;

export class BoundedRecords {
  readonly #maxSubjects: number;
  readonly #entries = new Map<string, Entry>();
  /** May go when room is needed: those with the fewest failures first, of these those soonest forgotten. */
  readonly #evictable = CLASSES.map(() => new ExpiryHeap<Entry>());
  /** Locked or being verified: never evicted, or a flood of names would free them and grant their guesses again. */
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

  /** Drops what no longer matters. */
  save(subject: StoredSubject, state: SubjectState, now: number): void {
    const entry = this.#entries.get(subject.key);
    if (expiresAt(state) <= now) {
      if (entry) this.drop(entry);
      return;
    }
    const heap = isLocked(state, now) || state.leases.length > 0 ? this.#kept : this.#evictableFor(state);
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

  drop(entry: Entry): void {
    entry.heap.remove(entry);
    this.#entries.delete(entry.key);
  }

  #makeRoom(now: number): void {
    this.#releaseKept(now);
    for (const heap of this.#evictable) {
      for (let entry = this.#soonest(heap); entry && entry.dueAt <= now; entry = this.#soonest(heap)) this.drop(entry);
    }
    if (this.#entries.size < this.#maxSubjects) return;
    const victim = this.#evictable.find((heap) => heap.peek())?.peek();
    if (!victim)
      throw new LockoutStoreError(
        'ERR_LOCKOUT_STORE_FULL',
        `all ${this.#maxSubjects} subjects are locked or being verified`,
      );
    this.drop(victim);
  }

  /** Those whose lock or last lease is over may be evicted like any other. */
  #releaseKept(now: number): void {
    for (let entry = this.#kept.peek(); entry && entry.dueAt <= now; entry = this.#kept.peek()) {
      this.#kept.remove(entry);
      this.#file(entry, dueAtOf(true, entry.state) > now ? this.#kept : this.#evictableFor(entry.state));
    }
  }

  /** The first that is forgotten, after those that got more time since they were filed have been filed anew. */
  #soonest(heap: ExpiryHeap<Entry>): Entry | undefined {
    for (let entry = heap.peek(); entry; entry = heap.peek()) {
      if (entry.dueAt >= dueAtOf(false, entry.state)) return entry;
      heap.remove(entry);
      this.#file(entry, heap);
    }
    return undefined;
  }

  /** A failure that was taken back weighs as one that was not: without it, one more may be today. */
  #evictableFor({ failures, consecutiveFailures, takenBackAt }: SubjectState): ExpiryHeap<Entry> {
    const weight = Math.max(failures, consecutiveFailures) + takenBackAt.length;
    return this.#evictable[CLASSES.findLastIndex((least) => weight >= least)] as ExpiryHeap<Entry>;
  }
}

/** Until when an entry is kept (its lock or last lease), or is worth keeping at all. */
function dueAtOf(isKept: boolean, state: SubjectState): number {
  if (!isKept) return expiresAt(state);
  return state.leases.reduce((latest, lease) => Math.max(latest, lease.until), state.lockedUntil);
}
