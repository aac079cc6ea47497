/** The subjects that one call frees, each reported once, though it has a record for each secret of `pseudonymize`. */
import type { SubjectRecord } from '../policy/replies.js';
import type { KeyMaker, SubjectParts } from '../subject/key.js';

export class FreedSubjects {
  readonly #tell: (record: SubjectRecord) => void;
  /** The named parts by their stored form. Other pseudonyms stay as they are: nobody knows their names. */
  readonly #named = new Map<string, string>();
  readonly #told = new Set<string>();
  /** As they were stored, until there is a second subject. */
  #ofFirst: SubjectRecord[] = [];

  constructor(keys: KeyMaker, named: SubjectParts, tell: (record: SubjectRecord) => void) {
    this.#tell = tell;
    for (const [name, value] of Object.entries(named)) {
      for (const secret of keys.all) this.#named.set(`${name}=${secret.toStored(value)}`, value);
    }
  }

  /** The number of freed subjects. */
  get size(): number {
    return this.#told.size;
  }

  /** The locked records of the freed subject, as they were stored, if there is only one. */
  get only(): readonly SubjectRecord[] {
    return this.size === 1 ? this.#ofFirst : [];
  }

  /** @param record - as it was before it was reset */
  add(record: SubjectRecord): void {
    if (!record.lock) return;
    const given = Object.entries(record.parts).map(([name, value]) => [
      name,
      this.#named.get(`${name}=${value}`) ?? value,
    ]);
    const subject = JSON.stringify([record.dimension, given]);
    const isKnown = this.#told.has(subject);
    this.#told.add(subject);
    if (this.size === 1) this.#ofFirst.push(record);
    else this.#ofFirst = [];
    if (isKnown) return;
    this.#tell({ ...record, parts: Object.fromEntries(given) as SubjectParts });
  }
}
