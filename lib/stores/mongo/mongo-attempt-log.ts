/** The access log in the `attempts` collection. */
import type { mongo } from 'mongoose';
import type {
  AttemptEntry,
  AttemptLog,
  AttemptPosition,
  AttemptQuery,
  AttemptRemoval,
  PendingEntry,
  RemovedAttempts,
} from '../attempt-log.js';
import type { AttemptDocument } from './attempt-document.js';
import type { Models } from './models.js';
import { READ, WRITE } from './operation-options.js';
import type { ServerClock } from './server-clock.js';

export interface AttemptLogParts {
  readonly models: Models;
  readonly serverClock: ServerClock;
  /** Settles when collections and indexes are there. */
  readonly prepared: () => Promise<void>;
}

const NOTHING_REMOVED: RemovedAttempts = { removed: 0, last: null };
const OBJECT_ID = /^[0-9a-f]{24}$/;

export class MongoAttemptLog implements AttemptLog {
  readonly #parts: AttemptLogParts;

  constructor(parts: AttemptLogParts) {
    this.#parts = parts;
  }

  async append(entries: readonly PendingEntry[], retentionMs: number): Promise<void> {
    await this.#parts.prepared();
    const now = this.#parts.serverClock.now();
    const { ObjectId } = this.#parts.models.attempts.base.mongo;
    const documents = entries.map(({ entry, ageMs }): AttemptDocument => {
      const at = now - ageMs;
      return { _id: new ObjectId(), ...entry, at: new Date(at), expiresAt: new Date(at + retentionMs) };
    });
    await this.#attempts.insertMany(documents, { ordered: false, ...WRITE });
  }

  async query({ outcome, username, ip, since, until, after, limit }: AttemptQuery): Promise<readonly AttemptEntry[]> {
    await this.#parts.prepared();
    const filter = {
      // The TTL monitor removes in its own time.
      expiresAt: { $gt: new Date(this.#parts.serverClock.now()) },
      ...(outcome !== undefined && { outcome }),
      ...(username !== undefined && { username }),
      ...(ip !== undefined && { ip }),
      ...((since !== undefined || until !== undefined) && {
        at: {
          ...(since !== undefined && { $gte: new Date(since) }),
          ...(until !== undefined && { $lt: new Date(until) }),
        },
      }),
      ...(after && this.#beyond(after, '$lt')),
    };
    const documents = await this.#attempts.find(filter, READ).sort({ at: -1, _id: -1 }).limit(limit).toArray();
    return documents.map(({ _id, at, expiresAt: _, ...entry }) => ({
      ...entry,
      id: _id.toHexString(),
      at: at.getTime(),
    }));
  }

  async remove(removal: AttemptRemoval): Promise<RemovedAttempts> {
    await this.#parts.prepared();
    const conditions = [this.#conditionsOf(removal)];
    const { keepNewest, expiredOnly, after, limit } = removal;
    if (keepNewest > 0) {
      const oldestKept = await this.#positionOf(conditions, keepNewest - 1);
      if (!oldestKept) return NOTHING_REMOVED;
      conditions.push(this.#beyond(oldestKept, '$lt'));
    }
    // What has expired is found by its own index, and what was removed is not found again.
    if (after && !expiredOnly) conditions.push(this.#beyond(after, '$gt'));
    const oldest = await this.#attempts
      .find({ $and: conditions }, { projection: { at: 1 }, ...READ })
      .sort(expiredOnly ? { expiresAt: 1 } : { at: 1, _id: 1 })
      .limit(limit)
      .toArray();
    if (oldest.length === 0) return NOTHING_REMOVED;
    const ids = oldest.map(({ _id }) => _id);
    const { deletedCount } = await this.#attempts.deleteMany({ _id: { $in: ids } }, WRITE);
    const last = oldest.length === limit ? oldest.at(-1) : undefined;
    return { removed: deletedCount, last: last ? { at: last.at.getTime(), id: last._id.toHexString() } : null };
  }

  #conditionsOf({ outcomes, username, olderThanMs, expiredOnly }: AttemptRemoval): object {
    const now = this.#parts.serverClock.now();
    return {
      ...(outcomes && { outcome: { $in: outcomes } }),
      ...(username !== undefined && { username }),
      ...(olderThanMs !== undefined && { at: { $lte: new Date(now - olderThanMs) } }),
      ...(expiredOnly && { expiresAt: { $lte: new Date(now) } }),
    };
  }

  /** Of the entry that has so many newer ones. */
  async #positionOf(conditions: readonly object[], newer: number): Promise<AttemptPosition | undefined> {
    const [found] = await this.#attempts
      .find({ $and: [...conditions] }, { projection: { at: 1 }, ...READ })
      .sort({ at: -1, _id: -1 })
      .skip(newer)
      .limit(1)
      .toArray();
    return found && { at: found.at.getTime(), id: found._id.toHexString() };
  }

  /** Older or newer than an entry. */
  #beyond({ at, id }: AttemptPosition, comparison: '$lt' | '$gt'): object {
    const { ObjectId } = this.#parts.models.attempts.base.mongo;
    const date = new Date(at);
    // Cursors come from outside; one that no page of this log had must not look like a failing server.
    if (!OBJECT_ID.test(id)) return { at: { [comparison]: date } };
    return { $or: [{ at: { [comparison]: date } }, { at: date, _id: { [comparison]: new ObjectId(id) } }] };
  }

  get #attempts(): mongo.Collection<AttemptDocument> {
    return this.#parts.models.attempts.collection as unknown as mongo.Collection<AttemptDocument>;
  }
}
