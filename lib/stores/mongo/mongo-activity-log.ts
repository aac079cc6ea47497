/** What operators did, in the `lockout_activity` collection. */
import type { mongo } from 'mongoose';
import {
  type ActivityEntry,
  type ActivityLog,
  type ActivityQuery,
  type ActivityResult,
  FORGOTTEN,
  type NewActivity,
} from '../activity-log.js';
import type { ActivityDocument } from './activity-document.js';
import { unless } from './filters.js';
import { newestInSpans } from './growing-spans.js';
import { MARK } from './mark.js';
import type { OwnCollections } from './own-collections.js';
import { READ, readUpTo, WRITE } from './read-write-concern.js';
import type { ServerClock } from './server-clock.js';

/** Users' own acts are among them, so an attack may make many. */
const FIRST_SPAN_MS = 60_000;

export interface ActivityParts {
  readonly collections: () => OwnCollections;
  readonly serverClock: ServerClock;
  /** Resolves when the collection exists. */
  readonly prepared: () => Promise<void>;
}

export class MongoActivityLog implements ActivityLog {
  readonly #parts: ActivityParts;

  constructor(parts: ActivityParts) {
    this.#parts = parts;
  }

  async append({ id, ...activity }: NewActivity, retentionMs: number): Promise<void> {
    await this.#parts.prepared();
    const at = this.#parts.serverClock.now();
    const dates = { at: new Date(at), expiresAt: new Date(at + retentionMs) };
    await this.#activity.insertOne({ _id: id, ...activity, ...dates, madeBy: MARK }, WRITE);
  }

  async amend(id: string, result: Partial<ActivityResult>): Promise<void> {
    await this.#parts.prepared();
    await this.#activity.updateOne({ _id: id, madeBy: MARK }, { $set: result }, WRITE);
  }

  async read(id: string): Promise<ActivityEntry | null> {
    await this.#parts.prepared();
    const document = await this.#activity.findOne({ _id: id, ...this.#ours() }, READ);
    return document && toEntry(document);
  }

  async query(query: ActivityQuery): Promise<readonly ActivityEntry[]> {
    await this.#parts.prepared();
    const { since, until, after, limit } = query;
    const newest = Math.min(until ?? Number.POSITIVE_INFINITY, after?.at ?? this.#parts.serverClock.now());
    const page = (from: number) => this.#page({ ...query, since: from });
    return newestInSpans({ page, newest, since, limit, firstSpanMs: FIRST_SPAN_MS });
  }

  async #page({ by, action, key, since, until, after, limit }: ActivityQuery): Promise<readonly ActivityEntry[]> {
    const filter: mongo.Filter<ActivityDocument> = {
      ...this.#ours(),
      ...(by !== undefined && { by }),
      ...(action !== undefined && { action }),
      ...(key !== undefined && { key }),
      ...((since !== undefined || until !== undefined) && {
        at: {
          ...(since !== undefined && { $gte: new Date(since) }),
          ...(until !== undefined && { $lt: new Date(until) }),
        },
      }),
      ...(after && {
        $or: [{ at: { $lt: new Date(after.at) } }, { at: new Date(after.at), _id: { $lt: after.id } }],
      }),
    };
    const documents = await this.#activity.find(filter, readUpTo(limit)).sort({ at: -1, _id: -1 }).toArray();
    return documents.map(toEntry);
  }

  async forget(username: string): Promise<void> {
    await this.#parts.prepared();
    // As `concerns`. One after the other: for both at once, a server may look at all acts rather than at two indexes.
    for (const part of ['parts.username', 'lifted.parts.username'] as const) {
      await this.#activity.updateMany({ [part]: username, madeBy: MARK }, { $set: FORGOTTEN }, WRITE);
    }
  }

  /** The TTL monitor removes documents at its own pace. */
  #ours() {
    return { madeBy: MARK, ...unless({ expiresAt: { $lte: new Date(this.#parts.serverClock.now()) } }) } as const;
  }

  get #activity(): mongo.Collection<ActivityDocument> {
    return this.#parts.collections().activity.collection as unknown as mongo.Collection<ActivityDocument>;
  }
}

function toEntry({ _id, at, expiresAt: _, madeBy: __, ...activity }: ActivityDocument): ActivityEntry {
  return { id: _id, at: at.getTime(), ...activity };
}
