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

  /** The same subject under every secret, the current one first. */
  variantsOf(subject: Subject): readonly Subject[] {
    return this.#keys.all.map((keys) => keys.toSubject(subject.dimension, subject.parts));
  }

  /** Those that made the key of a subject. */
  keysOf({ dimension, parts, key }: Subject): KeyMaker {
    if (this.#keys.previous.length === 0) return this.#keys;
    return this.#keys.all.find((keys) => keys.toSubject(dimension, parts).key === key) ?? this.#keys;
  }

  /**
   * The subject under the secret whose record says most: a lock, else failures. It costs a read for each secret, and nothing
   * where there is one.
   */
  locate(subject: Subject): Awaitable<Subject> {
    if (this.#keys.previous.length === 0) return subject;
    const variants = this.variantsOf(subject);
    const records = variants.map(({ key }) => this.#store.call('read', (store) => store.read(key)));
    return chain(all(records), (found) => {
      // What a failing store means is decided by who asks it next.
      const known = found.map((record) => (record instanceof LockoutStoreError ? null : record));
      const best = variants.reduce((most, _, at) => (saysMore(known[at], known[most]) ? at : most), 0);
      return variants[best] as Subject;
    });
  }
}

function saysMore(record: SubjectRecord | null | undefined, than: SubjectRecord | null | undefined): boolean {
  if (!record || !than) return Boolean(record);
  const [left, leftThan] = [record.lock?.remainingMs ?? 0, than.lock?.remainingMs ?? 0];
  if (left !== leftThan) return left > leftThan;
  if (record.failures !== than.failures) return record.failures > than.failures;
  return record.takenBack > than.takenBack;
}
