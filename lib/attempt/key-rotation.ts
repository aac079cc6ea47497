/**
 * Subjects under the current secret of `pseudonymize` and its predecessors. Each attempt takes a slot under all of them: a
 * process that still has the old secret counts under that one only, and a subject must have one budget however records come and go.
 */
import { LockoutStoreError } from '../errors.js';
import type { SubjectRecord } from '../policy/replies.js';
import type { Policy } from '../policy/state.js';
import type { KeyMaker, Subject } from '../subject/key.js';
import type { Awaitable } from '../util/awaitable.js';
import { all, chain } from '../util/awaitable.js';
import type { GuardedStore } from './guarded-store.js';
import type { Candidate, Hold } from './slots.js';

export class KeyRotation {
  /** Whether there is more than one secret. */
  readonly isUnderWay: boolean;
  readonly #keys: KeyMaker;
  readonly #store: GuardedStore;

  constructor(keys: KeyMaker, store: GuardedStore) {
    this.isUnderWay = keys.previous.length > 0;
    this.#keys = keys;
    this.#store = store;
  }

  /** Returns what an attempt must reserve: a slot of the subject under every secret, the current one first. */
  candidatesOf(subject: Subject, policy: Policy): readonly Candidate[] {
    if (!this.isUnderWay) return [{ subject, policy, keys: this.#keys }];
    return this.#keys.all.map((keys) => ({ subject: keys.toSubject(subject.dimension, subject.parts), policy, keys }));
  }

  /** Returns the same subject under every secret, the current one first. */
  variantsOf(subject: Subject): readonly Subject[] {
    if (!this.isUnderWay) return [subject];
    return this.#keys.all.map((keys) => keys.toSubject(subject.dimension, subject.parts));
  }

  /** Groups the slots of an attempt in the order in which its verdict is passed to the store: {@link isToldOf}. */
  oldestFirst<T extends { readonly hold: Hold }>(held: readonly T[]): readonly (readonly T[])[] {
    return this.#keys.all.toReversed().map((keys) => held.filter(({ hold }) => hold.keys === keys));
  }

  /**
   * Returns the subject under the secret with the most significant record: a lock, else failures. Costs one read per secret, or
   * none if there is only one.
   *
   * @throws {LockoutStoreError} if one of the records cannot be read: a partial view is no answer
   */
  locate(subject: Subject): Awaitable<Subject> {
    if (!this.isUnderWay) return subject;
    const variants = this.variantsOf(subject);
    return chain(readAll(this.#store, variants), (records) => {
      const failed = records.find((record) => record instanceof LockoutStoreError);
      if (failed) throw failed;
      const known = records as readonly (SubjectRecord | null)[];
      const best = variants.reduce((most, _, at) => (saysMore(known[at], known[most]) ? at : most), 0);
      return variants[best] as Subject;
    });
  }

  /**
   * Whether the lock this subject has just reached was already reported under an older secret. The oldest record is settled
   * first, so in whatever order verdicts arrive, it locks before this one can.
   *
   * @param store - the store that locked the subject
   */
  isToldOf(subject: Subject, store: GuardedStore): Awaitable<boolean> {
    const variants = this.variantsOf(subject);
    const older = variants.slice(variants.findIndex(({ key }) => key === subject.key) + 1);
    return chain(readAll(store, older), (records) =>
      // An unreadable record does not count: better two events than none.
      records.some((record) => record !== null && !(record instanceof LockoutStoreError) && record.lock !== null),
    );
  }
}

function readAll(
  store: GuardedStore,
  subjects: readonly Subject[],
): Awaitable<readonly (SubjectRecord | null | LockoutStoreError)[]> {
  return all(subjects.map(({ key }) => store.call('read', (port) => port.read(key))));
}

function saysMore(record: SubjectRecord | null | undefined, than: SubjectRecord | null | undefined): boolean {
  if (!record || !than) return Boolean(record);
  const [left, leftThan] = [record.lock?.remainingMs ?? 0, than.lock?.remainingMs ?? 0];
  if (left !== leftThan) return left > leftThan;
  if (record.failures !== than.failures) return record.failures > than.failures;
  return record.takenBack > than.takenBack;
}
