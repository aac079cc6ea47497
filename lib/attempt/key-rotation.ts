/** Subjects whose record was begun under an earlier secret of `pseudonymize`. */
import { LockoutStoreError } from '../errors.js';
import type { KeyMaker, Subject } from '../subject/key.js';
import type { Awaitable } from '../util/awaitable.js';
import { all, chain } from '../util/awaitable.js';
import type { GuardedStore } from './guarded-store.js';
import type { LockCache } from './lock-cache.js';

export class KeyRotation {
  readonly #keys: KeyMaker;
  readonly #store: GuardedStore;
  readonly #locks: LockCache;

  constructor(keys: KeyMaker, store: GuardedStore, locks: LockCache) {
    this.#keys = keys;
    this.#store = store;
    this.#locks = locks;
  }

  /** The same subject under every secret, the current one first. */
  variantsOf(subject: Subject): readonly Subject[] {
    return this.#keys.all.map((keys) => keys.toSubject(subject.dimension, subject.parts));
  }

  /**
   * The subject under the secret under which something is known of it: an earlier one for as long as its record matters,
   * so that a new secret neither frees anybody nor grants new guesses; else the current one. It costs a read for each
   * earlier secret, and nothing without one.
   */
  locate(subject: Subject): Awaitable<Subject> {
    if (this.#keys.previous.length === 0) return subject;
    const [, ...earlier] = this.variantsOf(subject);
    const locked = earlier.find(({ key }) => this.#locks.get(key));
    if (locked) return locked;
    const records = earlier.map(({ key }) => this.#store.call('read', (store) => store.read(key)));
    return chain(
      all(records),
      // What a failing store means is decided where the slot is asked for.
      (found) => earlier.find((_, index) => found[index] && !(found[index] instanceof LockoutStoreError)) ?? subject,
    );
  }
}
