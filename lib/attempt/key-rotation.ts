/**
 * Subjects under a new secret of `pseudonymize` and those before it. Each attempt takes a slot under all of them: a process that
 * still has the old secret counts under that alone, and a subject must have one budget however records come and go.
 */
import { LockoutStoreError } from '../errors.js';
import type { SubjectRecord } from '../policy/replies.js';
import type { KeyMaker, Subject } from '../subject/key.js';
import type { Awaitable } from '../util/awaitable.js';
import { all, chain } from '../util/awaitable.js';
import type { GuardedStore } from './guarded-store.js';

export class KeyRotation {
  readonly #keys: KeyMaker;
  readonly #store: GuardedStore;

  constructor(keys: KeyMaker, store: GuardedStore) {
    this.#keys = keys;
    this.#store = store;
  }

  /** Whether there is more than one secret. */
  get isUnderWay(): boolean {
    return this.#keys.previous.length > 0;
  }

  /** The same subject under every secret, the current one first. */
  variantsOf(subject: Subject): readonly Subject[] {
    return this.#keys.all.map((keys) => keys.toSubject(subject.dimension, subject.parts));
  }

  /** Those that made the key of a subject. */
  keysOf({ dimension, parts, key }: Subject): KeyMaker {
    if (!this.isUnderWay) return this.#keys;
    return this.#keys.all.find((keys) => keys.toSubject(dimension, parts).key === key) ?? this.#keys;
  }

  /**
   * The subject under the secret whose record says most: a lock, else failures. It costs a read for each secret, and nothing
   * where there is one.
   *
   * @throws {LockoutStoreError} when one of the records cannot be read: half of them is no answer
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
   * Whether the lock that this subject has just reached is one already told of, under an older secret. Verdicts are told to the
   * oldest record first, so that whatever order they come in, that one has locked before this one can.
   *
   * @param store - where it was reached
   */
  isToldOf(subject: Subject, store: GuardedStore): Awaitable<boolean> {
    const variants = this.variantsOf(subject);
    const older = variants.slice(variants.findIndex(({ key }) => key === subject.key) + 1);
    return chain(readAll(store, older), (records) =>
      // What cannot be read tells nothing: better two events than none.
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
