/** Single atomic operations on the documents of subjects, told at the time of the server. */
import type { mongo } from 'mongoose';
import { expiresAt, type Marks, type SubjectState, UNKNOWN_SUBJECT } from '../../policy/state.js';
import type { Subject } from '../../subject/key.js';
import type { StoreTrouble } from '../store.js';
import { type LockoutDocument, type TimedDocument, toDocument, toState } from './lockout-document.js';
import { isDuplicateKey, LOCKOUT_FIELD_NAMES, type OwnCollections } from './own-collections.js';
import type { Now, Pipeline } from './pipelines/expressions.js';
import { resetPipeline } from './pipelines/steps.js';
import type { Preparation } from './preparation.js';
import { READ, WRITE } from './read-write-concern.js';
import type { ServerClock } from './server-clock.js';
import type { SourceTags } from './source-tags.js';
import { unwritable } from './trouble.js';

const EVERY_FIELD = Object.fromEntries(LOCKOUT_FIELD_NAMES.map((name) => [name, 1]));
let questions = 0;
/** A key names its dimension. */
const NO_KEY = '';
/** Between finding no document and inserting one another process may be faster, or the TTL monitor. */
const MAX_ROUNDS = 5;

export interface CollectionParts {
  readonly collections: () => OwnCollections;
  readonly serverClock: ServerClock;
  /** The clock given for specs. */
  readonly clock: (() => number) | undefined;
  readonly tags: SourceTags;
  readonly preparation: Preparation;
}

type AnsweredDocument = TimedDocument & { readonly question: number };

export class LockoutCollection {
  readonly #parts: CollectionParts;

  constructor(parts: CollectionParts) {
    this.#parts = parts;
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
      if (error instanceof this.#parts.collections().lockouts.base.mongo.MongoNetworkError) return step();
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

      const now = this.#parts.serverClock.now();
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
    return this.#parts.tags.marksOf(key, marks);
  }

  /** A document and the server's time of reading it. */
  async read(key: string): Promise<{ readonly document: LockoutDocument; readonly now: number } | null> {
    await this.prepared();
    const askedAt = performance.now();
    const question = nextQuestion();
    const projection = projectionWith(this.now(), question);
    const document = await this.collection.findOne<AnsweredDocument>({ _id: key }, { projection, ...READ });
    return document && { document: asAsked(document, question), now: this.timeOf(document, askedAt) };
  }

  /** What the server says to a step on a record that there is not: it writes nothing, and is refused where a login is. */
  async whyUnwritable(): Promise<StoreTrouble | undefined> {
    try {
      await this.findAndUpdate(NO_KEY, resetPipeline);
      return undefined;
    } catch (error) {
      if (!this.#isOfServer(error)) throw error;
      return unwritable(this.#parts.collections().lockouts.collection.name, error);
    }
  }

  /** Never an upsert: with a pipeline some servers lose updates when the first writers of a key race. */
  async findAndUpdate(key: string, toPipeline: (now: Now) => Pipeline): Promise<TimedDocument | null> {
    const now = this.now();
    const question = nextQuestion();
    const options = { returnDocument: 'before', projection: projectionWith(now, question), ...WRITE } as const;
    const pipeline = [...toPipeline(now)] as mongo.Document[];
    const document = await this.#orDoubt(this.collection.findOneAndUpdate({ _id: key }, pipeline, options));
    return document && asAsked(document as AnsweredDocument, question);
  }

  /** Where the server refuses a step, the collection may be gone. */
  async #orDoubt<T>(step: Promise<T>): Promise<T> {
    try {
      return await step;
    } catch (error) {
      if (this.#isOfServer(error)) this.#parts.preparation.doubt();
      throw error;
    }
  }

  #isOfServer(error: unknown): boolean {
    return error instanceof this.#parts.collections().lockouts.base.mongo.MongoServerError;
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

  /** The driver's collection behind the own: mongoose still buffers until the connection is open. */
  get collection(): mongo.Collection<LockoutDocument> {
    return this.#parts.collections().lockouts.collection as unknown as mongo.Collection<LockoutDocument>;
  }

  now(): Now {
    const { clock } = this.#parts;
    return clock ? new Date(clock()) : '$$NOW';
  }

  timeOf({ now }: TimedDocument, askedAt: number): number {
    this.#parts.serverClock.learn(now, askedAt);
    return now.getTime();
  }

  prepared(): Promise<void> {
    return this.#parts.preparation.forRecords();
  }
}

/** Of this process, which is enough to tell the answers on one connection apart. */
function nextQuestion(): number {
  questions += 1;
  return questions;
}

/**
 * The driver takes what comes next on a connection for the answer. Where one is there twice, each further answer is that of the
 * question before, and attempts would be judged by the records of others.
 */
function asAsked({ question, ...document }: AnsweredDocument, asked: number): TimedDocument {
  if (question === asked) return document;
  throw new Error(
    'the server gave the answer to another question; restart this process, for its connection is out of step',
  );
}

/** Every field, the server's time of the operation, and which question this is. */
function projectionWith(now: Now, question: number): mongo.Document {
  return { ...EVERY_FIELD, now: now instanceof Date ? { $literal: now } : now, question: { $literal: question } };
}
