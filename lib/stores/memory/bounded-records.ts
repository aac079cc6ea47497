/** The records of a memory store: a bounded number, evicting those that matter least first. */
import { LockoutStoreError } from '../../errors.js';
import type { StoredSubject } from '../../policy/replies.js';
import { expiresAt, isOnlyLeased, keptUntil, type SubjectState } from '../../policy/state.js';
import { ExpiryHeap, type HeapItem } from './expiry-heap.js';
import { KeyFilter } from './key-filter.js';

/** One object per subject; there may be a million. */
export interface Entry extends StoredSubject, HeapItem {
  state: SubjectState;
  heap: ExpiryHeap<Entry>;
}

/** The result of one step on a subject. */
export interface Change {
  readonly subject: StoredSubject;
  /** The record that was found at the start of the step, so that it need not be looked up again. It may have been evicted since, or added, for another subject. */
  readonly entry: Entry | undefined;
  readonly before: SubjectState;
  readonly state: SubjectState;
}

/**
 * Failure counts from which a record is evicted later: flooding the store with new names must not evict what is known about
 * others. There are few classes, so that room is found at once.
 */
const CLASSES = [0, 2, 3, 5, 10] as const;

/** From how many records on it pays to ask first whether a key is among them. */
const FILTERED_FROM = 65_536;

export class BoundedRecords {
  readonly #maxSubjects: number;
  /** The known records, a million perhaps. */
  readonly #entries = new Map<string, Entry>();
  #filter: KeyFilter | undefined;
  /**
   * Records of which nothing is known but that they are being verified; a good login leaves nothing else. They are few, and a map
   * and a heap of their own keep such a login out of the large ones, where each step misses the processor's cache. They are
   * never evicted: each is due when its last lease ends, and expires then.
   */
  readonly #leasedEntries = new Map<string, Entry>();
  readonly #leased = new ExpiryHeap<Entry>();
  /** Evictable records: the fewest failures first, and among these the ones that are forgotten first. */
  readonly #evictable = CLASSES.map(() => new ExpiryHeap<Entry>());
  /**
   * Records that are never evicted, or a flood of names would free them and grant their guesses again; each is due when it
   * becomes evictable. A record moves here when it is locked; a known one that is being verified moves only when it comes up for
   * eviction.
   */
  readonly #kept = new ExpiryHeap<Entry>();

  constructor(maxSubjects: number) {
    this.#maxSubjects = maxSubjects;
  }

  get size(): number {
    return this.#entries.size + this.#leasedEntries.size;
  }

  get(key: string): Entry | undefined {
    return this.#leasedEntries.get(key) ?? (this.#filter?.excludes(key) ? undefined : this.#entries.get(key));
  }

  *entries(): IterableIterator<Entry> {
    yield* this.#leasedEntries.values();
    yield* this.#entries.values();
  }

  /** Returns all that are locked, and others that are never evicted: far fewer than there are records, as a rule. */
  kept(): IterableIterator<Entry> {
    return this.#kept.values();
  }

  /**
   * Saves all records after slots were taken, or none if one does not fit. Nothing is due earlier than before, and most records
   * are saved again with the verdict.
   */
  saveLeased(changes: readonly Change[], now: number): void {
    try {
      for (const { subject, entry: found, state } of changes) {
        // One that was unknown when the step began can only be among the leased ones now.
        const known = found && found.heapIndex < 0 ? this.get(subject.key) : found;
        const entry = known ?? this.#leasedEntries.get(subject.key);
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
      for (const { subject, entry: found, state } of changes) {
        const entry = found && found.heapIndex >= 0 ? found : this.get(subject.key);
        this.#save(entry, subject, state, now);
      }
    } catch (error) {
      this.#undo(changes, now);
      throw error;
    }
  }

  /** Saves a state, or drops the record if it has expired. */
  save(subject: StoredSubject, state: SubjectState, now: number): void {
    this.#save(this.get(subject.key), subject, state, now);
  }

  drop(entry: Entry): void {
    entry.heap.remove(entry);
    if (entry.heap === this.#leased) {
      this.#leasedEntries.delete(entry.key);
    } else {
      this.#entries.delete(entry.key);
      this.#filter?.remove(entry.key);
    }
  }

  #save(entry: Entry | undefined, subject: StoredSubject, state: SubjectState, now: number): void {
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
    const staysLeased = entry.heap === this.#leased && isOnlyLeased(state);
    const heap = isLocked ? this.#kept : staysLeased ? this.#leased : this.#evictableFor(state);
    const dueAt = isLocked ? keptUntil(state) : until;
    // A later due time can wait until the entry comes up; only an earlier one has to move it now.
    if (entry.heap !== heap || dueAt < entry.dueAt) this.#file(entry, heap, dueAt);
  }

  #add({ key, dimension, storedParts }: StoredSubject, state: SubjectState, now: number): void {
    this.#makeRoom(now);
    const onlyLeased = isOnlyLeased(state);
    const isLocked = state.lockedUntil > now;
    const heap = isLocked ? this.#kept : onlyLeased ? this.#leased : this.#evictableFor(state);
    const dueAt = isLocked ? keptUntil(state) : expiresAt(state);
    const entry: Entry = { key, dimension, storedParts, state, heap, dueAt, heapIndex: -1 };
    if (onlyLeased) this.#leasedEntries.set(key, entry);
    else this.#know(entry);
    heap.push(entry);
  }

  #know(entry: Entry): void {
    this.#entries.set(entry.key, entry);
    if (this.#filter) this.#filter.add(entry.key);
    else if (this.#entries.size === FILTERED_FROM) {
      this.#filter = new KeyFilter(this.#maxSubjects);
      for (const key of this.#entries.keys()) this.#filter.add(key);
    }
  }

  /** A record that was dropped meanwhile has made room for another, and is not added again. */
  #undo(changes: readonly Change[], now: number): void {
    for (const { subject, before } of changes) {
      const entry = this.get(subject.key);
      if (entry) this.#save(entry, subject, before, now);
    }
  }

  #file(entry: Entry, heap: ExpiryHeap<Entry>, dueAt: number): void {
    entry.heap.remove(entry);
    if (entry.heap === this.#leased && heap !== this.#leased) {
      this.#leasedEntries.delete(entry.key);
      this.#know(entry);
    }
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
    for (let entry = this.#kept.peek(); entry && entry.dueAt <= now; entry = this.#kept.peek()) {
      const until = keptUntil(entry.state);
      // Locked again since it was filed: `kept` returns all that are locked.
      if (until > now) this.#file(entry, this.#kept, until);
      else this.#fileAnew(entry);
    }
    for (let entry = this.#leased.peek(); entry && entry.dueAt <= now; entry = this.#leased.peek()) {
      if (expiresAt(entry.state) <= now) this.drop(entry);
      else this.#file(entry, this.#leased, expiresAt(entry.state));
    }
    for (const heap of this.#evictable) {
      for (let entry = heap.peek(); entry && entry.dueAt <= now; entry = heap.peek()) {
        if (expiresAt(entry.state) <= now) this.drop(entry);
        else this.#fileAnew(entry);
      }
    }
    if (this.size < this.#maxSubjects) return;
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
