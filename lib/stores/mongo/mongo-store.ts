/** State in MongoDB, exact across processes: each step is one atomic operation on one document. */
import * as z from 'zod/mini';
import {
  type Block,
  block,
  type DeviceRevocation,
  type Restoration,
  resetLockedBy,
  restore,
  revokeDevices,
} from '../../policy/manage.js';
import type { BlockReply, ReserveReply, SettleReply, SubjectRecord } from '../../policy/replies.js';
import { toBlockReply } from '../../policy/replies.js';
import { type Lease, type Marks, type Policy, UNKNOWN_SUBJECT, type Verdict } from '../../policy/state.js';
import type { Subject } from '../../subject/key.js';
import { anObject, aString, clock } from '../../validation/fields.js';
import { validateOptions } from '../../validation/validate.js';
import type { ActivityLog } from '../activity-log.js';
import type { AttemptLog } from '../attempt-log.js';
import type {
  LockedCount,
  LockoutStore,
  SlotRequest,
  SlotVerdict,
  StoreInspection,
  StorePage,
  StoreQuery,
  StoreTrouble,
} from '../store.js';
import { reasonsToKeep } from './filters.js';
import { inspectMongo } from './inspect.js';
import { listDocuments, positionOf } from './list-documents.js';
import { LockoutCollection } from './lockout-collection.js';
import { toReadReply, toRecord, toState, toStoredRecord } from './lockout-document.js';
import { MongoActivityLog } from './mongo-activity-log.js';
import { MongoAttemptLog } from './mongo-attempt-log.js';
import { MongoHours } from './mongo-hours.js';
import { type ConnectionSource, collectionsOf, type OwnCollections } from './own-collections.js';
import {
  blockPipeline,
  erasePipeline,
  resetLockedByPipeline,
  resetPipeline,
  restorePipeline,
  revokeDevicesPipeline,
} from './pipelines/steps.js';
import { Preparation } from './preparation.js';
import { READ, readSmall, readUpTo, WRITE } from './read-write-concern.js';
import { ServerClock } from './server-clock.js';
import { KnownSubjects } from './slots/known-subjects.js';
import { MongoSlots } from './slots/mongo-slots.js';
import { WriteCommand } from './slots/write-command.js';
import type { DocumentFinder } from './soonest-locks.js';
import { SourceTags } from './source-tags.js';
import { whyNotOpen } from './trouble.js';

/** Options of a `MongoStore`. */
export interface MongoStoreOptions {
  /**
   * Prefix of the collection names: `lockouts`, `lockout_attempts`, `lockout_hours`, `lockout_activity` and `lockout_settings`.
   * @default ''
   */
  readonly prefix?: string | undefined;
  /**
   * Returns epoch milliseconds; for tests only.
   * @default the server's clock, so that skewed processes agree
   */
  readonly clock?: (() => number) | undefined;
}

const optionsSchema = z.strictObject(
  {
    prefix: z.optional(aString.check(z.regex(/^[\w.-]{0,64}$/, 'at most 64 letters, digits, _, - or .'))),
    clock: z.optional(clock),
  } satisfies Record<keyof MongoStoreOptions, z.ZodMiniType>,
  anObject,
);

/** Counting goes through what it counts. */
const MAX_COUNTED = 10_000;

/** A document that carries no information besides its key. */
const EMPTY = {
  failures: 0,
  consecutiveFailures: 0,
  lockedUntil: null,
  'takenBackAt.0': { $exists: false },
  repeats: null,
  devices: null,
  'leases.0': { $exists: false },
} as const;

/**
 * Keeps lockouts in MongoDB, on a mongoose connection that the caller opens and closes, given directly or as a function that
 * returns it and is called when the first login arrives.
 *
 * @example
 * ```ts
 * const lockout = new Lockout({ store: new MongoStore(mongoose.connection) });
 * ```
 * @throws {LockoutConfigError} for a wrong connection or option
 */
export class MongoStore implements LockoutStore {
  readonly clock: (() => number) | undefined;
  readonly attemptLog: AttemptLog;
  readonly activityLog: ActivityLog;
  readonly #collections: () => OwnCollections;
  readonly #serverClock: ServerClock;
  readonly #preparation: Preparation;
  readonly #lockouts: LockoutCollection;
  readonly #known = new KnownSubjects();
  readonly #slots: MongoSlots;

  /**
   * Creates a store on a connection of mongoose, open or not yet open. Nothing is sent before the first attempt.
   *
   * @param connection - a connection, or a function that returns it, called when it is needed
   * @throws {LockoutConfigError} if an option is wrong, or the connection is not one
   */
  constructor(connection: ConnectionSource, options: MongoStoreOptions = {}) {
    const { prefix = '', clock } = validateOptions(optionsSchema, options, 'MongoStore options');
    const collections = collectionsOf(connection, prefix);
    const serverClock = new ServerClock(clock);
    const tags = new SourceTags();
    const preparation = new Preparation({ collections, serverClock, tags });
    this.#collections = collections;
    this.clock = clock;
    this.#serverClock = serverClock;
    this.#preparation = preparation;
    const lockouts = new LockoutCollection({ collections, serverClock, clock, tags, preparation });
    this.#lockouts = lockouts;
    const command = new WriteCommand(collections);
    this.#slots = new MongoSlots({ lockouts, command, known: this.#known, serverClock });
    this.attemptLog = new MongoAttemptLog({
      collections,
      serverClock,
      prepared: () => preparation.forLog(),
      hours: new MongoHours({ collections, prepared: () => preparation.forCounts() }),
      onCountsLost: (error) => preparation.onCountsLost(error),
    });
    this.activityLog = new MongoActivityLog({ collections, serverClock, prepared: () => preparation.forActivity() });
  }

  reserve(subject: Subject, policy: Policy, leaseId: string | null): Promise<ReserveReply> {
    return this.#slots.reserve(subject, policy, leaseId);
  }

  settle(subject: Subject, policy: Policy, lease: Lease, verdict: Verdict, marks?: Marks): Promise<SettleReply> {
    return this.#slots.settle(subject, policy, lease, verdict, marks);
  }

  reserveAll(requests: readonly SlotRequest[]): Promise<readonly ReserveReply[]> {
    return this.#slots.reserveAll(requests);
  }

  settleAll(verdicts: readonly SlotVerdict[]): Promise<readonly SettleReply[]> {
    return this.#slots.settleAll(verdicts);
  }

  async read(key: string): Promise<SubjectRecord | null> {
    const found = await this.#lockouts.read(key);
    return found && toReadReply(found.document, found.now);
  }

  async readAll(keys: readonly string[]): Promise<readonly (SubjectRecord | null)[]> {
    const found = await this.#lockouts.readAll(keys);
    const records = new Map(found.map(({ document, now }) => [document._id, toReadReply(document, now)]));
    return keys.map((key) => records.get(key) ?? null);
  }

  async list(query: StoreQuery): Promise<StorePage> {
    const after = positionOf(query);
    await this.#lockouts.prepared();
    const now = this.#serverClock.now();
    const { collection } = this.#lockouts;
    const find: DocumentFinder = {
      sorted: (filter, sort, limit) => collection.find(filter, readUpTo(limit)).sort(sort).toArray(),
      ends: (filter, limit) =>
        collection.find(filter, { projection: { lockedUntil: 1 }, ...readSmall(limit) }).toArray(),
    };
    const { documents, cursor } = await listDocuments(find, query, after, now);
    const toShown = query.withExpired ? toStoredRecord : toRecord;
    const records = documents.map((document) => toShown(document, now)).filter((record) => record !== null);
    return { records, cursor };
  }

  async countLocked(dimension: string | undefined): Promise<LockedCount> {
    await this.#lockouts.prepared();
    const lockedUntil = { $gt: new Date(this.#serverClock.now()) };
    const filter = { ...(dimension !== undefined && { dimension }), lockedUntil };
    const limit = MAX_COUNTED + 1;
    const found = await this.#lockouts.collection.countDocuments(filter, { limit, ...READ });
    return { count: Math.min(found, MAX_COUNTED), isAtLeast: found > MAX_COUNTED };
  }

  async block(subject: Subject, details: Block): Promise<BlockReply> {
    const { before, now } = await this.#lockouts.update(
      subject,
      (time) => blockPipeline(details, time),
      (time) => block(UNKNOWN_SUBJECT, time, details).state,
    );
    this.#known.forget(subject.key);
    return toBlockReply(subject, block(before, now, details), now);
  }

  async reset(key: string): Promise<SubjectRecord | null> {
    await this.#lockouts.prepared();
    const askedAt = performance.now();
    const document = await this.#lockouts.findAndUpdate(key, (time) => resetPipeline(time));
    this.#known.forget(key);
    return document && toRecord(document, this.#lockouts.timeOf(document, askedAt));
  }

  async revokeDevices(subject: Subject, revocation: DeviceRevocation): Promise<number> {
    const { before, now } = await this.#lockouts.update(
      subject,
      (time) => revokeDevicesPipeline(revocation, time),
      (time) => revokeDevices(UNKNOWN_SUBJECT, time, revocation),
    );
    this.#known.forget(subject.key);
    return revokeDevices(before, now, revocation).revocation?.before ?? 0;
  }

  async erase(key: string): Promise<SubjectRecord | null> {
    await this.#lockouts.prepared();
    const askedAt = performance.now();
    const document = await this.#lockouts.findAndUpdate(key, (time) => erasePipeline(time));
    this.#known.forget(key);
    if (!document) return null;
    // Only if it is still empty: an attempt that arrived in between holds a slot in it.
    await this.#lockouts.collection.deleteOne({ _id: key, ...EMPTY }, WRITE);
    return toStoredRecord(document, this.#lockouts.timeOf(document, askedAt));
  }

  async cleanup(key: string): Promise<boolean> {
    await this.#lockouts.prepared();
    const filter = { _id: key, $nor: reasonsToKeep(new Date(this.#serverClock.now())) };
    return (await this.#lockouts.collection.deleteOne(filter, WRITE)).deletedCount === 1;
  }

  async resetLockedBy(key: string, lockedBy: string): Promise<SubjectRecord | null> {
    await this.#lockouts.prepared();
    const askedAt = performance.now();
    const document = await this.#lockouts.findAndUpdate(key, (time) => resetLockedByPipeline(lockedBy, time));
    this.#known.forget(key);
    if (!document) return null;
    const now = this.#lockouts.timeOf(document, askedAt);
    return resetLockedBy(toState(document), now, lockedBy) && toRecord(document, now);
  }

  async restore(subject: Subject, lifted: Restoration): Promise<SubjectRecord | null> {
    const { before, now } = await this.#lockouts.update(
      subject,
      (time) => restorePipeline(lifted, time),
      (time) => restore(UNKNOWN_SUBJECT, time, lifted)?.state ?? UNKNOWN_SUBJECT,
    );
    this.#known.forget(subject.key);
    const restored = restore(before, now, lifted);
    return restored && toBlockReply(subject, restored, now).record;
  }

  async inspect(): Promise<StoreInspection> {
    const { troubles, ours } = await this.#preparation.inspect();
    const unwritable = ours.includes('lockouts') ? await this.#lockouts.whyUnwritable() : undefined;
    const { indexes, ...seen } = await inspectMongo(this.#collections(), ours, this.clock);
    this.#preparation.doubtIndexes(indexes.filter(({ missing }) => missing.length > 0).map(({ name }) => name));
    return {
      ...seen,
      missingIndexes: indexes.flatMap(({ missing }) => missing),
      troubles: [...troubles, ...(unwritable ? [unwritable] : []), ...indexes.flatMap((index) => index.troubles)],
    };
  }

  watch(tell: (trouble: StoreTrouble) => void): void {
    this.#preparation.watch(tell);
  }

  whyUnanswered(): string | null {
    return whyNotOpen(this.#collections().lockouts.db);
  }

  /** Leaves the connection open: it belongs to the caller. */
  close(): Promise<void> {
    return this.#preparation.close();
  }
}
