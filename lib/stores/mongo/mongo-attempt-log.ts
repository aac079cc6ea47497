/** The attempt log in the `lockout_attempts` collection. */
import type { mongo } from 'mongoose';
import {
  type AttemptEntry,
  type AttemptLog,
  type AttemptOutcome,
  type AttemptPosition,
  type AttemptQuery,
  type AttemptRemoval,
  type CountsQuery,
  type MinuteCounts,
  newestFirst,
  type PendingEntry,
  type RemovedAttempts,
} from '../attempt-log.js';
import { countByMinute } from '../count-outcomes.js';
import type { AttemptDocument } from './attempt-document.js';
import { unless } from './filters.js';
import { newestInSpans } from './growing-spans.js';
import { MARK } from './mark.js';
import type { MongoHours } from './mongo-hours.js';
import type { OwnCollections } from './own-collections.js';
import { READ, readSmall, readUpTo, WRITE } from './read-write-concern.js';
import type { ServerClock } from './server-clock.js';

export interface AttemptLogParts {
  readonly collections: () => OwnCollections;
  readonly serverClock: ServerClock;
  /** Resolves when the collection exists. */
  readonly prepared: () => Promise<void>;
  readonly hours: MongoHours;
  /** Called if only the counts of a batch could not be written. */
  readonly onCountsLost: (error: unknown) => void;
}

const NOTHING_REMOVED: RemovedAttempts = { removed: 0, last: null };
type RemovalFilter = Omit<AttemptRemoval, 'keepNewest' | 'after' | 'limit'>;

const FIRST_ID = '0'.repeat(24);
const SCANNED_FIELDS = { at: 1, expiresAt: 1, outcome: 1 } as const;
/** How many entries one call reads for each one that it may remove. */
const SCANNED_PER_REMOVED = 5;
/** What an attack fills with more than is sorted in a moment, of everybody and of one name or address. */
const SPAN_OF_ALL_MS = 1_000;
const SPAN_OF_ONE_MS = 60_000;
/** How many of the last entries show where a page begins. */
const LAST_WRITTEN = 1_000;
/** The last one that an ObjectId can have, in the year 2106. */
const LAST_SECOND = 0xff_ff_ff_ff;
const OBJECT_ID = /^[0-9a-f]{24}$/;

export class MongoAttemptLog implements AttemptLog {
  readonly #parts: AttemptLogParts;

  constructor(parts: AttemptLogParts) {
    this.#parts = parts;
  }

  async append(entries: readonly PendingEntry[], retentionMs: number): Promise<void> {
    // Ages refer to this moment, and preparing the collection may take longer than the next entries.
    const asked = this.#parts.serverClock.moment();
    await this.#parts.prepared();
    const { ObjectId } = this.#parts.collections().attempts.base.mongo;
    const happened = entries.map(({ entry, ageMs }) => ({ ...entry, at: asked(ageMs) }));
    const documents = happened.map(({ at, ...entry }): AttemptDocument => {
      return { _id: new ObjectId(), ...entry, at: new Date(at), expiresAt: new Date(at + retentionMs), madeBy: MARK };
    });
    // At the same time: with `attemptLog: 'await'`, a login waits for both.
    const counted = this.#parts.hours.add(countByMinute(happened)).catch(this.#parts.onCountsLost);
    await Promise.all([this.#attempts.insertMany(documents, { ordered: false, ...WRITE }), counted]);
  }

  counts(query: CountsQuery): Promise<readonly MinuteCounts[]> {
    return this.#parts.hours.find(query);
  }

  async query(query: AttemptQuery): Promise<readonly AttemptEntry[]> {
    await this.#parts.prepared();
    const { username, ip, since, until, after, expiredOnly, limit } = query;
    if (expiredOnly) return this.#page(query);
    const newest = Math.min(until ?? Number.POSITIVE_INFINITY, after?.at ?? this.#parts.serverClock.now());
    const page = (from: number) => this.#page({ ...query, since: from });
    const spans = { page, newest, since, limit };
    if (username !== undefined || ip !== undefined) return newestInSpans({ ...spans, firstSpanMs: SPAN_OF_ONE_MS });
    const start = await this.#startOfPage(query);
    if (start !== undefined) {
      const found = await page(Math.max(start, since ?? start));
      if (found.length >= limit) return found;
    }
    return newestInSpans({ ...spans, firstSpanMs: SPAN_OF_ALL_MS });
  }

  /**
   * Returns a time since which there are enough entries, as those written last show: in the order of writing they are read at once,
   * even if a million were written a few minutes ago. Undefined if these do not show it.
   */
  async #startOfPage(query: AttemptQuery): Promise<number | undefined> {
    const { outcome, since = 0, until = Number.POSITIVE_INFINITY, after, limit } = query;
    const looked = Math.max(limit, LAST_WRITTEN);
    const found = await this.#attempts
      .find({ _id: this.#writtenBefore(query), madeBy: MARK }, { projection: SCANNED_FIELDS, ...readSmall(looked) })
      .sort({ _id: -1 })
      .toArray();
    const now = this.#parts.serverClock.now();
    const times = found
      .filter((entry) => outcome === undefined || entry.outcome === outcome)
      .filter(({ at, expiresAt }) => at.getTime() >= since && at.getTime() < until && expiresAt.getTime() > now)
      .filter((entry) => !after || newestFirst(after, toPosition(entry)) < 0)
      .map(({ at }) => at.getTime());
    return times.sort((a, b) => b - a)[limit - 1];
  }

  /** Entries are written soon after they happened, so those of before a time have ids of before it, but for a few. */
  #writtenBefore({ after, until }: AttemptQuery): mongo.Condition<mongo.ObjectId> {
    const { ObjectId } = this.#parts.collections().attempts.base.mongo;
    const first = new ObjectId(FIRST_ID);
    if (after && OBJECT_ID.test(after.id)) return { $gt: first, $lt: new ObjectId(after.id) };
    const seconds = Math.ceil((until ?? Number.POSITIVE_INFINITY) / 1_000);
    return seconds > LAST_SECOND ? { $gt: first } : { $gt: first, $lt: ObjectId.createFromTime(Math.max(0, seconds)) };
  }

  async #page(query: AttemptQuery): Promise<readonly AttemptEntry[]> {
    const { outcome, username, ip, since, until, after, expiredOnly, limit } = query;
    const expired = { expiresAt: { $lte: new Date(this.#parts.serverClock.now()) } };
    const filter: mongo.Filter<AttemptDocument> = {
      madeBy: MARK,
      $and: [expiredOnly ? expired : unless(expired), this.#outcomes(outcome && [outcome], query)],
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
    const documents = await this.#attempts.find(filter, readUpTo(limit)).sort({ at: -1, _id: -1 }).toArray();
    return documents.map(({ _id, at, expiresAt: _, madeBy: __, ...entry }) => ({
      ...entry,
      // Documents of 0.1.0 have none.
      count: entry.count ?? 1,
      id: _id.toHexString(),
      at: at.getTime(),
    }));
  }

  async remove(removal: AttemptRemoval): Promise<RemovedAttempts> {
    await this.#parts.prepared();
    const { username, ip, keepNewest } = removal;
    return username === undefined && ip === undefined && keepNewest === 0
      ? this.#removeScanned(removal)
      : this.#removeOldest(removal);
  }

  /**
   * Reads the log in the order of writing and examines each entry here. With an index on the conditions, some servers read and
   * sort everything that matches, again for each batch: a minute instead of a moment with a million entries.
   */
  async #removeScanned({ outcomes, olderThanMs, expiredOnly, after, limit }: AttemptRemoval): Promise<RemovedAttempts> {
    const { ObjectId } = this.#parts.collections().attempts.base.mongo;
    const scanned = await this.#attempts
      .find(
        { _id: { $gt: new ObjectId(after?.id ?? FIRST_ID) }, madeBy: MARK },
        { projection: SCANNED_FIELDS, ...READ },
      )
      .sort({ _id: 1 })
      .hint({ _id: 1 })
      .limit(limit * SCANNED_PER_REMOVED)
      .toArray();
    const now = this.#parts.serverClock.now();
    const meant = scanned.filter(
      ({ at, expiresAt, outcome }) =>
        (!outcomes || outcomes.includes(outcome)) &&
        (olderThanMs === undefined || at.getTime() <= now - olderThanMs) &&
        (!expiredOnly || expiresAt.getTime() <= now),
    );
    const removed = await this.#delete(meant.slice(0, limit));
    const isWhole = scanned.length === limit * SCANNED_PER_REMOVED;
    const last = meant.length > limit ? meant[limit - 1] : isWhole ? scanned.at(-1) : undefined;
    return { removed, last: last ? toPosition(last) : null };
  }

  async #removeOldest({ keepNewest, after, limit, ...filter }: AttemptRemoval): Promise<RemovedAttempts> {
    const conditions = [this.#conditionsOf(filter)];
    if (keepNewest > 0) {
      const oldestKept = await this.#positionOf(conditions, keepNewest - 1);
      if (!oldestKept) return NOTHING_REMOVED;
      conditions.push(this.#beyond(oldestKept, '$lt'));
    }
    if (after) conditions.push(this.#beyond(after, '$gt'));
    const oldest = await this.#attempts
      .find({ $and: conditions }, { projection: { at: 1 }, ...READ })
      .sort({ at: 1, _id: 1 })
      .limit(limit)
      .toArray();
    const removed = await this.#delete(oldest);
    const last = oldest.length === limit ? oldest.at(-1) : undefined;
    return { removed, last: last ? toPosition(last) : null };
  }

  async #delete(entries: readonly Pick<AttemptDocument, '_id'>[]): Promise<number> {
    if (entries.length === 0) return 0;
    const { deletedCount } = await this.#attempts.deleteMany(
      { _id: { $in: entries.map(({ _id }) => _id) }, madeBy: MARK },
      WRITE,
    );
    return deletedCount;
  }

  #conditionsOf({ outcomes, username, ip, olderThanMs, expiredOnly }: RemovalFilter): object {
    const now = this.#parts.serverClock.now();
    return {
      madeBy: MARK,
      ...this.#outcomes(outcomes, { username, ip }),
      ...(username !== undefined && { username }),
      ...(ip !== undefined && { ip }),
      ...(olderThanMs !== undefined && { at: { $lte: new Date(now - olderThanMs) } }),
      ...(expiredOnly && { expiresAt: { $lte: new Date(now) } }),
    };
  }

  /** The index by outcome is for entries of everybody: those of one name or address are few, and have their own. */
  #outcomes(
    outcomes: readonly AttemptOutcome[] | undefined,
    { username, ip }: Pick<AttemptQuery, 'username' | 'ip'>,
  ): mongo.Filter<AttemptDocument> {
    if (!outcomes) return {};
    const isOfFew = username !== undefined || ip !== undefined;
    return isOfFew ? unless({ outcome: { $nin: outcomes } }) : { outcome: { $in: outcomes } };
  }

  /** Returns the position of the entry that has this many newer ones. */
  async #positionOf(conditions: readonly object[], newer: number): Promise<AttemptPosition | undefined> {
    const [found] = await this.#attempts
      .find({ $and: [...conditions] }, { projection: { at: 1 }, ...READ })
      .sort({ at: -1, _id: -1 })
      .skip(newer)
      .limit(1)
      .toArray();
    return found && toPosition(found);
  }

  /** Returns a filter for entries older or newer than a position. */
  #beyond({ at, id }: AttemptPosition, comparison: '$lt' | '$gt'): object {
    const { ObjectId } = this.#parts.collections().attempts.base.mongo;
    const date = new Date(at);
    // Cursors come from outside; one that is not from this log must not look like a failing server.
    if (!OBJECT_ID.test(id)) return { at: { [comparison]: date } };
    return { $or: [{ at: { [comparison]: date } }, { at: date, _id: { [comparison]: new ObjectId(id) } }] };
  }

  get #attempts(): mongo.Collection<AttemptDocument> {
    return this.#parts.collections().attempts.collection as unknown as mongo.Collection<AttemptDocument>;
  }
}

function toPosition({ at, _id }: Pick<AttemptDocument, '_id' | 'at'>): AttemptPosition {
  return { at: at.getTime(), id: _id.toHexString() };
}
