/** State in MongoDB, exact over processes: each step is one atomic operation on one document. */
import type { Connection, mongo } from 'mongoose';
import * as z from 'zod';
import { type Block, block, lift } from '../../policy/manage.js';
import { toBlockReply, toReserveReply, toSettleReply } from '../../policy/replies.js';
import { reserve } from '../../policy/reserve.js';
import { settle } from '../../policy/settle.js';
import {
  expiresAt,
  type Lease,
  type Policy,
  type SubjectState,
  UNKNOWN_SUBJECT,
  type Verdict,
} from '../../policy/state.js';
import type { Subject } from '../../subject/key.js';
import { validateOptions } from '../../validation/validate.js';
import type { AttemptLog } from '../attempt-log.js';
import type {
  BlockReply,
  LockoutStore,
  ReserveReply,
  SettleReply,
  StoreInspection,
  StoreMatch,
  StoreQuery,
  SubjectRecord,
} from '../store.js';
import { inspectMongo } from './inspect.js';
import {
  type LockoutDocument,
  type TimedDocument,
  toDocument,
  toRecord,
  toState,
  toStoredRecord,
} from './lockout-document.js';
import { createModels, LOCKOUT_FIELD_NAMES, type Models, prepareCollections } from './models.js';
import { MongoAttemptLog } from './mongo-attempt-log.js';
import {
  blockPipeline,
  clearPipeline,
  liftPipeline,
  type Now,
  type Pipeline,
  reservePipeline,
  settlePipeline,
} from './pipelines.js';
import { READ, WRITE } from './read-write-concern.js';
import { ServerClock } from './server-clock.js';

export interface MongoStoreOptions {
  /** Stands before the names of the collections `lockouts` and `attempts`. Default `''`. */
  readonly prefix?: string;
  /** Epoch milliseconds, for tests only. Default: the server's clock, so that skewed processes agree. */
  readonly clock?: () => number;
}

const optionsSchema = z.strictObject({
  prefix: z
    .string('a text')
    .regex(/^[\w.-]{0,64}$/, 'at most 64 letters, digits, _, - or .')
    .optional(),
  clock: z
    .custom<() => number>((value) => typeof value === 'function', 'a function that returns epoch milliseconds')
    .optional(),
} satisfies Record<keyof MongoStoreOptions, z.ZodType>);

const EVERY_FIELD = Object.fromEntries(LOCKOUT_FIELD_NAMES.map((name) => [name, 1]));
/** A document that nothing but its key tells from none. */
const EMPTY = { failures: 0, consecutiveFailures: 0, lockedUntil: null, 'leases.0': { $exists: false } } as const;
const DUPLICATE_KEY = 11_000;
/** Between finding no document and inserting one another process may be faster, or the TTL monitor. */
const MAX_ROUNDS = 5;

/**
 * Keeps lockouts in MongoDB, on a mongoose connection that the caller opens and closes.
 *
 * @example
 * ```ts
 * const lockout = new Lockout({ store: new MongoStore(mongoose.connection) });
 * ```
 * @throws {LockoutConfigError} for a wrong connection or option
 */
export class MongoStore implements LockoutStore {
  readonly clock: (() => number) | undefined;
  readonly attempts: AttemptLog;
  readonly #models: Models;
  readonly #serverClock: ServerClock;
  #preparation: Promise<void> | undefined;

  constructor(connection: Connection, options: MongoStoreOptions = {}) {
    const { prefix = '', clock } = validateOptions(optionsSchema, options, 'MongoStore options');
    this.#models = createModels(connection, prefix);
    this.clock = clock;
    this.#serverClock = new ServerClock(clock);
    const prepared = () => this.#prepared();
    this.attempts = new MongoAttemptLog({ models: this.#models, serverClock: this.#serverClock, prepared });
  }

  async reserve(subject: Subject, policy: Policy, leaseId: string): Promise<ReserveReply> {
    const { before, now } = await this.#repeatable(() =>
      this.#update(
        subject,
        (time) => reservePipeline(policy, leaseId, time),
        (time) => reserve(UNKNOWN_SUBJECT, policy, time, leaseId).state,
      ),
    );
    return toReserveReply(reserve(before, policy, now, leaseId), policy, now);
  }

  async settle(subject: Subject, policy: Policy, lease: Lease, verdict: Verdict): Promise<SettleReply> {
    const { before, now } = await this.#repeatable(() =>
      this.#update(
        subject,
        (time) => settlePipeline(policy, lease, verdict, time),
        (time) => settle(UNKNOWN_SUBJECT, policy, time, lease, verdict).state,
      ),
    );
    return toSettleReply(settle(before, policy, now, lease, verdict), policy, now);
  }

  async read(key: string): Promise<SubjectRecord | null> {
    await this.#prepared();
    const askedAt = performance.now();
    const projection = projectionWith(this.#now());
    const document = await this.#lockouts.findOne<TimedDocument>({ _id: key }, { projection, ...READ });
    return document && toRecord(document, this.#timeOf(document, askedAt));
  }

  async list({
    dimension,
    lockedOnly,
    match,
    withExpired,
    after,
    limit,
  }: StoreQuery): Promise<readonly SubjectRecord[]> {
    await this.#prepared();
    const now = this.#serverClock.now();
    const at = new Date(now);
    const conditions = [...toConditions(match), ...(lockedOnly || withExpired ? [] : [{ $or: reasonsToKeep(at) }])];
    const filter = {
      // Without a bound some planners read the whole collection and sort it for the first page.
      _id: { $gt: after ?? '' },
      ...(dimension !== undefined && { dimension }),
      ...(lockedOnly && { lockedUntil: { $gt: at } }),
      ...(conditions.length > 0 && { $and: conditions }),
    };
    const documents = await this.#lockouts.find(filter, READ).sort({ _id: 1 }).limit(limit).toArray();
    if (withExpired) return documents.map((document) => toStoredRecord(document, now));
    return documents.map((document) => toRecord(document, now)).filter((record) => record !== null);
  }

  async block(subject: Subject, details: Block): Promise<BlockReply> {
    const { before, now } = await this.#update(
      subject,
      (time) => blockPipeline(details, time),
      (time) => block(UNKNOWN_SUBJECT, time, details).state,
    );
    return toBlockReply(subject, block(before, now, details), now);
  }

  async clear(key: string): Promise<SubjectRecord | null> {
    await this.#prepared();
    const askedAt = performance.now();
    const document = await this.#findAndUpdate(key, (time) => clearPipeline(time));
    return document && toRecord(document, this.#timeOf(document, askedAt));
  }

  async erase(key: string): Promise<SubjectRecord | null> {
    await this.#prepared();
    const askedAt = performance.now();
    const document = await this.#findAndUpdate(key, (time) => clearPipeline(time));
    if (!document) return null;
    // Only what is empty: an attempt that came in between has a record of its own right, and its slot must be found.
    await this.#lockouts.deleteOne({ _id: key, ...EMPTY }, WRITE);
    return toStoredRecord(document, this.#timeOf(document, askedAt));
  }

  async sweep(key: string): Promise<boolean> {
    await this.#prepared();
    const filter = { _id: key, $nor: reasonsToKeep(new Date(this.#serverClock.now())) };
    return (await this.#lockouts.deleteOne(filter, WRITE)).deletedCount === 1;
  }

  async lift(key: string, lockedBy: string): Promise<SubjectRecord | null> {
    await this.#prepared();
    const askedAt = performance.now();
    const document = await this.#findAndUpdate(key, (time) => liftPipeline(lockedBy, time));
    if (!document) return null;
    const now = this.#timeOf(document, askedAt);
    return lift(toState(document), now, lockedBy) && toRecord(document, now);
  }

  async inspect(): Promise<StoreInspection> {
    await this.#prepared();
    return inspectMongo(this.#models, this.clock);
  }

  close(): void {
    // The connection is the caller's; nothing else is held.
  }

  /**
   * A step that the lease makes repeatable: where the connection breaks it may have been carried out, and asked again it
   * changes nothing and answers the same. Without that the event of a lock would be lost with the answer. The driver
   * itself repeats writes on replica sets only.
   */
  async #repeatable<T>(step: () => Promise<T>): Promise<T> {
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
  async #update(
    subject: Subject,
    toPipeline: (now: Now) => Pipeline,
    toFirst: (now: number) => SubjectState,
  ): Promise<{ before: SubjectState; now: number }> {
    await this.#prepared();
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const askedAt = performance.now();
      const document = await this.#findAndUpdate(subject.key, toPipeline);
      if (document) return { before: toState(document), now: this.#timeOf(document, askedAt) };

      const now = this.#serverClock.now();
      const first = toFirst(now);
      // Nothing to remember, e.g. a slot given back after its record was erased: no record comes back to life.
      if (expiresAt(first) <= now || (await this.#insert(toDocument(subject, first)))) {
        return { before: UNKNOWN_SUBJECT, now };
      }
    }
    throw new Error(`the record of a subject came and went ${MAX_ROUNDS} times in a row`);
  }

  /** Never an upsert: with a pipeline some servers lose updates when the first writers of a key race. */
  async #findAndUpdate(key: string, toPipeline: (now: Now) => Pipeline): Promise<TimedDocument | null> {
    const now = this.#now();
    const options = { returnDocument: 'before', projection: projectionWith(now), ...WRITE } as const;
    const pipeline = [...toPipeline(now)] as mongo.Document[];
    return (await this.#lockouts.findOneAndUpdate({ _id: key }, pipeline, options)) as TimedDocument | null;
  }

  /** @returns false when the document is there already */
  async #insert(document: LockoutDocument): Promise<boolean> {
    try {
      await this.#lockouts.insertOne(document, WRITE);
      return true;
    } catch (error) {
      if ((error as { code?: unknown }).code === DUPLICATE_KEY) return false;
      throw error;
    }
  }

  /** The driver's collection behind the model: mongoose still buffers until the connection is open. */
  get #lockouts(): mongo.Collection<LockoutDocument> {
    return this.#models.lockouts.collection as unknown as mongo.Collection<LockoutDocument>;
  }

  #now(): Now {
    return this.clock ? new Date(this.clock()) : '$$NOW';
  }

  #timeOf({ now }: TimedDocument, askedAt: number): number {
    this.#serverClock.learn(now, askedAt);
    return now.getTime();
  }

  /** Once per store, before its first operation; again with the next one when it failed. */
  #prepared(): Promise<void> {
    this.#preparation ??= this.#prepare().catch((error: unknown) => {
      this.#preparation = undefined;
      throw error;
    });
    return this.#preparation;
  }

  async #prepare(): Promise<void> {
    await prepareCollections(this.#models);
    const askedAt = performance.now();
    const hello = await this.#models.lockouts.db.db?.command({ hello: 1 });
    this.#serverClock.learn(hello?.['localTime'] as Date, askedAt);
  }
}

/** What a record is made of, as conditions on the document. */
function toConditions(match: StoreMatch | undefined): readonly mongo.Filter<LockoutDocument>[] {
  const terms = Object.entries(match?.parts ?? {}).map(([name, value]) => ({ [`subject.${name}`]: value }));
  if (terms.length === 0) return [];
  return match?.match === 'any' ? [{ $or: terms }] : terms;
}

/** Each of which makes a record matter at this time. */
function reasonsToKeep(at: Date): mongo.Filter<LockoutDocument>[] {
  return [
    { lockedUntil: { $gt: at } },
    { failures: { $gt: 0 }, forgetAt: { $gt: at } },
    { consecutiveFailures: { $gt: 0 }, consecutiveUntil: { $gt: at } },
    { 'leases.until': { $gt: at } },
  ];
}

/** Every field, and the server's time of the operation under the same name as in the answer. */
function projectionWith(now: Now): mongo.Document {
  return { ...EVERY_FIELD, now: now instanceof Date ? { $literal: now } : now };
}
