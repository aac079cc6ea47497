/**
 * Preparation for the first operation. A login waits for what it cannot do without: that the collection exists and is ours,
 * and the server's time. It can do without indexes and the key of the sources; it is counted all the same.
 */
import type { StoreTrouble } from '../store.js';
import { Housekeeping } from './housekeeping.js';
import { createIndexes } from './indexes.js';
import { assertOurs } from './mark.js';
import { makeCollection, type OwnCollections } from './own-collections.js';
import type { ServerClock } from './server-clock.js';
import type { SourceTags } from './source-tags.js';
import { ForeignCollectionError, foreignCollection, noCounts, noIndexes, noSourceKey } from './trouble.js';

export type CollectionName = 'lockouts' | 'attempts' | 'counts' | 'activity';

/**
 * Reading the key of the sources takes one round trip; a login that cannot wait for it is counted, and takes nothing back. Well
 * below the default of `storeTimeout`, so that a login that waits this long is still answered.
 */
const KEY_PATIENCE_MS = 1_000;
/** How often a failing server causes another preparation at most. */
const DOUBT_EVERY_MS = 1_000;

type Tell = (trouble: StoreTrouble) => void;

export interface PreparationParts {
  readonly collections: () => OwnCollections;
  readonly serverClock: ServerClock;
  readonly tags: SourceTags;
}

export class Preparation {
  readonly #parts: PreparationParts;
  readonly #listeners = new Set<Tell>();
  readonly #tell: Tell;
  readonly #indexes: Readonly<Record<CollectionName, Housekeeping>>;
  readonly #sourceKey: Housekeeping;
  readonly #prepared = new Map<CollectionName, Promise<void>>();
  /** Monotonic. */
  #doubtAgainAt = 0;

  constructor(parts: PreparationParts) {
    this.#parts = parts;
    const { collections, tags } = parts;
    const tell: Tell = (trouble) => {
      for (const listen of this.#listeners) listen(trouble);
    };
    const indexesOf = (name: CollectionName) =>
      new Housekeeping({
        work: () => createIndexes(collections()[name]),
        toTrouble: (error) => noIndexes(collections()[name].collection.name, error),
        tell,
      });
    this.#tell = tell;
    this.#indexes = {
      lockouts: indexesOf('lockouts'),
      attempts: indexesOf('attempts'),
      counts: indexesOf('counts'),
      activity: indexesOf('activity'),
    };
    this.#sourceKey = new Housekeeping({
      work: () => tags.prepare(collections()),
      toTrouble: (error) => noSourceKey(collections().settings.collectionName, error),
      tell,
      patienceMs: KEY_PATIENCE_MS,
    });
  }

  /** @param listen - called for each current failure, and for each later one */
  watch(listen: Tell): void {
    this.#listeners.add(listen);
    for (const { trouble } of this.#housekeeping) if (trouble) listen(trouble);
  }

  /** Resolves when an operation on the records may begin. */
  async forRecords(): Promise<void> {
    await this.#prepare('lockouts');
    await this.#sourceKey.tidy();
  }

  /** Called when the server refused an operation on the records: the collection may be gone. The next one prepares it again. */
  doubt(): void {
    const now = performance.now();
    if (now < this.#doubtAgainAt) return;
    this.#doubtAgainAt = now + DOUBT_EVERY_MS;
    this.#prepared.delete('lockouts');
    this.#indexes.lockouts.makeDue();
  }

  /** Called when indexes were found missing: the next operation creates them. */
  doubtIndexes(names: readonly CollectionName[]): void {
    for (const name of names) this.#indexes[name].makeDue();
  }

  /** Resolves when an operation on the attempt log may begin. */
  forLog(): Promise<void> {
    return this.#prepare('attempts');
  }

  /** Resolves when an operation on the counts per minute may begin. */
  forCounts(): Promise<void> {
    return this.#prepare('counts');
  }

  /** Resolves when an operation on the acts of operators may begin. */
  forActivity(): Promise<void> {
    return this.#prepare('activity');
  }

  /** Called when the counts of a batch could not be written. The batch itself was. */
  onCountsLost(error: unknown): void {
    if (error instanceof ForeignCollectionError) return;
    this.#tell(noCounts(this.#parts.collections().counts.collection.name, error));
  }

  /**
   * Tries once more what has failed, and returns what still cannot be done.
   *
   * @throws the server's error if it answers nothing at all
   */
  async inspect(): Promise<{ readonly troubles: readonly StoreTrouble[]; readonly ours: readonly CollectionName[] }> {
    const names = Object.keys(this.#indexes) as CollectionName[];
    const foreign = await Promise.all(names.map((name) => this.#foreign(name)));
    const ours = names.filter((_, index) => !foreign[index]);
    await Promise.all([this.#sourceKey, ...ours.map((name) => this.#indexes[name])].map((work) => work.again()));
    const troubles = [...foreign, ...this.#housekeeping.map(({ trouble }) => trouble)];
    return { troubles: troubles.filter((trouble) => trouble !== undefined), ours };
  }

  async close(): Promise<void> {
    await Promise.all(this.#housekeeping.map((work) => work.close()));
  }

  get #housekeeping(): readonly Housekeeping[] {
    return [...Object.values(this.#indexes), this.#sourceKey];
  }

  async #foreign(name: CollectionName): Promise<StoreTrouble | undefined> {
    try {
      await this.#prepare(name);
      return undefined;
    } catch (error) {
      if (error instanceof ForeignCollectionError) return foreignCollection(error);
      throw error;
    }
  }

  /** Prepares once; again with the next operation if it failed. */
  async #prepare(name: CollectionName): Promise<void> {
    const known = this.#prepared.get(name);
    const prepared = known ?? this.#begin(name);
    if (!known) this.#prepared.set(name, prepared);
    try {
      await prepared;
    } catch (error) {
      if (this.#prepared.get(name) === prepared) this.#prepared.delete(name);
      if (error instanceof ForeignCollectionError) this.#tell(foreignCollection(error));
      throw error;
    }
    void this.#indexes[name].tidy();
  }

  async #begin(name: CollectionName): Promise<void> {
    const own = this.#parts.collections()[name];
    await assertOurs(own);
    await Promise.all([makeCollection(own), this.#learnTime()]);
  }

  async #learnTime(): Promise<void> {
    const { collections, serverClock } = this.#parts;
    const askedAt = performance.now();
    const hello = await collections().lockouts.db.db?.command({ hello: 1 });
    serverClock.learn(hello?.['localTime'] as Date, askedAt);
  }
}
