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

export class BoundedRecords {
  readonly #maxSubjects: number;
  readonly #entries = new Map<string, Entry>();
  /** May go when room is needed, those soonest forgotten first. */
  readonly #evictable = new ExpiryHeap<Entry>();
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

  drop(entry: Entry): void {
    entry.heap.remove(entry);
    this.#entries.delete(entry.key);
  }

  #makeRoom(now: number): void {
    this.#releaseKept(now);
    while ((this.#soonest()?.dueAt ?? Number.POSITIVE_INFINITY) <= now) {
      this.drop(this.#evictable.peek() as Entry);
    }
    if (this.#entries.size < this.#maxSubjects) return;
    const victim = this.#evictable.peek();
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
      this.#file(entry, dueAtOf(true, entry.state) > now ? this.#kept : this.#evictable);
    }
  }

  /** The first that may go, after those that got more time since they were filed have been filed anew. */
  #soonest(): Entry | undefined {
    for (let entry = this.#evictable.peek(); entry; entry = this.#evictable.peek()) {
      if (entry.dueAt >= dueAtOf(false, entry.state)) return entry;
      this.#evictable.remove(entry);
      this.#file(entry, this.#evictable);
    }
    return undefined;
  }
}

/** Until when an entry is kept (its lock or last lease), or is worth keeping at all. */
function dueAtOf(isKept: boolean, state: SubjectState): number {
  if (!isKept) return expiresAt(state);
  return state.leases.reduce((latest, lease) => Math.max(latest, lease.until), state.lockedUntil);
}
