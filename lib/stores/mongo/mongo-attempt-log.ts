/** The access log in the `attempts` collection. */
import type { mongo } from 'mongoose';
import type { AttemptEntry, AttemptLog, AttemptQuery, PendingEntry } from '../attempt-log.js';
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
      ...(after && this.#olderThan(after)),
    };
    const documents = await this.#attempts.find(filter, READ).sort({ at: -1, _id: -1 }).limit(limit).toArray();
    return documents.map(({ _id, at, expiresAt: _, ...entry }) => ({
      ...entry,
      id: _id.toHexString(),
      at: at.getTime(),
    }));
  }

  #olderThan({ at, id }: NonNullable<AttemptQuery['after']>): object {
    const { ObjectId } = this.#parts.models.attempts.base.mongo;
    const date = new Date(at);
    // Cursors come from outside; one that no page of this log had must not look like a failing server.
    if (!OBJECT_ID.test(id)) return { at: { $lt: date } };
    return { $or: [{ at: { $lt: date } }, { at: date, _id: { $lt: new ObjectId(id) } }] };
  }

  get #attempts(): mongo.Collection<AttemptDocument> {
    return this.#parts.models.attempts.collection as unknown as mongo.Collection<AttemptDocument>;
  }
}
