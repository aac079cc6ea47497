/** Single atomic operations on the documents of subjects, told at the time of the server. */
import type { mongo } from 'mongoose';
import { expiresAt, type Marks, type SubjectState, UNKNOWN_SUBJECT } from '../../policy/state.js';
import type { Subject } from '../../subject/key.js';
import { type LockoutDocument, type TimedDocument, toDocument, toState } from './lockout-document.js';
import { isDuplicateKey, LOCKOUT_FIELD_NAMES, type Models, prepareCollections } from './models.js';
import type { Now, Pipeline } from './pipelines/expressions.js';
import { READ, WRITE } from './read-write-concern.js';
import type { ServerClock } from './server-clock.js';
import { SourceTags } from './source-tags.js';

const EVERY_FIELD = Object.fromEntries(LOCKOUT_FIELD_NAMES.map((name) => [name, 1]));
/** Between finding no document and inserting one another process may be faster, or the TTL monitor. */
const MAX_ROUNDS = 5;

export class LockoutCollection {
  readonly #models: Models;
  readonly #serverClock: ServerClock;
  readonly #clock: (() => number) | undefined;
  readonly #tags: SourceTags;
  #preparation: Promise<void> | undefined;

  constructor(models: Models, serverClock: ServerClock, clock: (() => number) | undefined) {
    this.#models = models;
    this.#serverClock = serverClock;
    this.#clock = clock;
    this.#tags = new SourceTags(models);
  }

  /**
   * A step that the lease makes repeatable: where the connection breaks it may have been carried out, and asked again it
   * changes nothing and answers the same. Without that the event of a lock would be lost with the answer. The driver
   * itself repeats writes on replica sets only.
   */
  async repeatable<T>(step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      if (error instanceof this.#models.lockouts.base.mongo.MongoNetworkError) return step();
      throw error;
    }
  }

  /**
   * One step on one document.
   *
   * @param toPipeline - the step on a document that exists
   * @param toFirst - the state after the step where nothing is known of the subject
   * @returns the state before the step and the server's time of it
   */
  async update(
    subject: Subject,
    toPipeline: (now: Now) => Pipeline,
    toFirst: (now: number) => SubjectState,
  ): Promise<{ before: SubjectState; now: number }> {
    await this.prepared();
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const askedAt = performance.now();
      const document = await this.findAndUpdate(subject.key, toPipeline);
      if (document) return { before: toState(document), now: this.timeOf(document, askedAt) };

      const now = this.#serverClock.now();
      const first = toFirst(now);
      // Nothing to remember, e.g. a slot given back after its record was erased: no record comes back to life.
      if (expiresAt(first) <= now || (await this.#insert(toDocument(subject, first)))) {
        return { before: UNKNOWN_SUBJECT, now };
      }
    }
    throw new Error(`the record of a subject came and went ${MAX_ROUNDS} times in a row`);
  }

  /** The marks as the record of this key keeps them. */
  async tagged(key: string, marks: Marks): Promise<Marks> {
    await this.prepared();
    return this.#tags.marksOf(key, marks);
  }

  /** A document and the server's time of reading it. */
  async read(key: string): Promise<{ readonly document: LockoutDocument; readonly now: number } | null> {
    await this.prepared();
    const askedAt = performance.now();
    const projection = projectionWith(this.now());
    const document = await this.collection.findOne<TimedDocument>({ _id: key }, { projection, ...READ });
    return document && { document, now: this.timeOf(document, askedAt) };
  }

  /** Never an upsert: with a pipeline some servers lose updates when the first writers of a key race. */
  async findAndUpdate(key: string, toPipeline: (now: Now) => Pipeline): Promise<TimedDocument | null> {
    const now = this.now();
    const options = { returnDocument: 'before', projection: projectionWith(now), ...WRITE } as const;
    const pipeline = [...toPipeline(now)] as mongo.Document[];
    return (await this.collection.findOneAndUpdate({ _id: key }, pipeline, options)) as TimedDocument | null;
  }

  /** @returns false when the document is there already */
  async #insert(document: LockoutDocument): Promise<boolean> {
    try {
      await this.collection.insertOne(document, WRITE);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** The driver's collection behind the model: mongoose still buffers until the connection is open. */
  get collection(): mongo.Collection<LockoutDocument> {
    return this.#models.lockouts.collection as unknown as mongo.Collection<LockoutDocument>;
  }

  now(): Now {
    return this.#clock ? new Date(this.#clock()) : '$$NOW';
  }

  timeOf({ now }: TimedDocument, askedAt: number): number {
    this.#serverClock.learn(now, askedAt);
    return now.getTime();
  }

  /** Once per store, before its first operation; again with the next one when it failed. */
  prepared(): Promise<void> {
    this.#preparation ??= this.#prepare().catch((error: unknown) => {
      this.#preparation = undefined;
      throw error;
    });
    return this.#preparation;
  }

  async #prepare(): Promise<void> {
    await prepareCollections(this.#models);
    await this.#tags.prepare();
    const askedAt = performance.now();
    const hello = await this.#models.lockouts.db.db?.command({ hello: 1 });
    this.#serverClock.learn(hello?.['localTime'] as Date, askedAt);
  }
}

/** Every field, and the server's time of the operation under the same name as in the answer. */
function projectionWith(now: Now): mongo.Document {
  return { ...EVERY_FIELD, now: now instanceof Date ? { $literal: now } : now };
}
