/** Single atomic operations on the documents of subjects, at the server's time. */
import type { mongo } from 'mongoose';
import { expiresAt, type Marks, type SubjectState, UNKNOWN_SUBJECT } from '../../policy/state.js';
import type { Subject } from '../../subject/key.js';
import { unanswered } from '../../util/unanswered.js';
import type { StoreTrouble } from '../store.js';
import { type LockoutDocument, type TimedDocument, toDocument, toState } from './lockout-document.js';
import { mayBeDone, OutOfStepError } from './may-be-done.js';
import { isDuplicateKey, LOCKOUT_FIELD_NAMES, type OwnCollections } from './own-collections.js';
import type { Now, Pipeline } from './pipelines/expressions.js';
import { resetPipeline } from './pipelines/steps.js';
import type { Preparation } from './preparation.js';
import { readUpTo, WRITE } from './read-write-concern.js';
import type { ServerClock } from './server-clock.js';
import type { SourceTags } from './source-tags.js';
import { unwritable } from './trouble.js';

const EVERY_FIELD = Object.fromEntries(LOCKOUT_FIELD_NAMES.map((name) => [name, 1]));
let questions = 0;
/** No subject has it: every key begins with its dimension. */
const NO_KEY = '';
/** Between finding no document and inserting one, another process or the TTL monitor may be faster. */
const MAX_ROUNDS = 5;

export interface CollectionParts {
  readonly collections: () => OwnCollections;
  readonly serverClock: ServerClock;
  /** The clock passed in by tests. */
  readonly clock: (() => number) | undefined;
  readonly tags: SourceTags;
  readonly preparation: Preparation;
}

/** A document and the server's time of reading it. */
interface ReadDocument {
  readonly document: LockoutDocument;
  readonly now: number;
}

type AnsweredDocument = TimedDocument & { readonly question: number };

export class LockoutCollection {
  readonly #parts: CollectionParts;

  constructor(parts: CollectionParts) {
    this.#parts = parts;
  }

  /**
   * Repeats a step after a broken connection. The step may already have been carried out; its lease then makes the second run
   * change nothing and return the same. Otherwise the event of a lock would be lost with the reply. The driver itself retries
   * writes only on replica sets.
   *
   * @param step - is told whether it is the second run
   * @throws what the step throws, marked as `unanswered` unless it is certain that it was not carried out
   */
  async repeatable<T>(step: (isResent: boolean) => Promise<T>): Promise<T> {
    const classes = this.#parts.collections().lockouts.base.mongo;
    try {
      return await step(false);
    } catch (error) {
      if (!mayBeDone(error, classes)) throw error;
      if (!(error instanceof classes.MongoNetworkError)) throw unanswered(error);
    }
    try {
      return await step(true);
    } catch (error) {
      // Whatever this says, the first run may have been carried out.
      throw unanswered(error);
    }
  }

  /**
   * Runs one step on one document.
   *
   * @param toPipeline - returns the step on an existing document
   * @param toFirst - returns the state after the step if nothing is known of the subject
   * @returns the state before the step, its document if there was one, and the server's time of the step
   */
  async update(
    subject: Subject,
    toPipeline: (now: Now) => Pipeline,
    toFirst: (now: number) => SubjectState,
  ): Promise<{ before: SubjectState; document: LockoutDocument | null; now: number }> {
    await this.prepared();
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const askedAt = performance.now();
      const document = await this.findAndUpdate(subject.key, toPipeline);
      if (document) return { before: toState(document), document, now: this.timeOf(document, askedAt) };

      const now = this.#parts.serverClock.now();
      const first = toFirst(now);
      // Nothing to remember, e.g. a slot given back after its record was erased: no record comes back to life.
      if (expiresAt(first) <= now || (await this.#insert(toDocument(subject, first)))) {
        return { before: UNKNOWN_SUBJECT, document: null, now };
      }
    }
    throw new Error(`the record of a subject came and went ${MAX_ROUNDS} times in a row`);
  }

  /** Returns the marks as the record of this key stores them. */
  async tagged(key: string, marks: Marks): Promise<Marks> {
    await this.prepared();
    return this.#parts.tags.marksOf(key, marks);
  }

  async read(key: string): Promise<ReadDocument | null> {
    const [found] = await this.readAll([key]);
    return found ?? null;
  }

  /** Returns those of the documents that exist, in any order. */
  async readAll(keys: readonly string[]): Promise<readonly ReadDocument[]> {
    if (keys.length === 0) return [];
    await this.prepared();
    const askedAt = performance.now();
    const question = nextQuestion();
    const options = { projection: projectionWith(this.now(), question), ...readUpTo(keys.length) };
    const documents = await this.collection.find<AnsweredDocument>({ _id: { $in: [...keys] } }, options).toArray();
    return documents.map((document) => ({
      document: asAsked(document, question),
      now: this.timeOf(document, askedAt),
    }));
  }

  /** Tries a step on a record that does not exist: it writes nothing, and is refused whenever a login would be. */
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
    const projection = projectionWith(now, question);
    const options = { returnDocument: 'before', includeResultMetadata: true, projection, ...WRITE } as const;
    const pipeline = [...toPipeline(now)] as mongo.Document[];
    const answer = await this.#orDoubt(this.collection.findOneAndUpdate({ _id: key }, pipeline, options));
    // The answer to another kind of command has no such field.
    if (!answer?.lastErrorObject) throw new OutOfStepError();
    return answer.value && asAsked(answer.value as AnsweredDocument, question);
  }

  /** Doubts the preparation if the server refuses a step: the collection may be gone. */
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

  /** Returns false if the document exists already. */
  async #insert(document: LockoutDocument): Promise<boolean> {
    try {
      await this.collection.insertOne(document, WRITE);
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  /** Mongoose's collection with the driver's types: mongoose still buffers until the connection is open. */
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

/** Returns a number unique in this process, which is enough to match the answers on one connection. */
function nextQuestion(): number {
  questions += 1;
  return questions;
}

/**
 * Checks that an answer belongs to its question. The driver takes whatever comes next on a connection for the answer; after a
 * duplicate, each answer would be that of the previous question, and attempts would be judged by other subjects' records.
 */
function asAsked({ question, ...document }: AnsweredDocument, asked: number): TimedDocument {
  if (question === asked) return document;
  throw new OutOfStepError();
}

/** Returns every field, the server's time of the operation, and the number of the question. */
function projectionWith(now: Now, question: number): mongo.Document {
  return { ...EVERY_FIELD, now: now instanceof Date ? { $literal: now } : now, question: { $literal: question } };
}
