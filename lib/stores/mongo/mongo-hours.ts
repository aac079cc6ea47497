/** Counts per minute and outcome in the `lockout_hours` collection. */
import type { mongo } from 'mongoose';
import type { CountsQuery, MinuteCounts } from '../attempt-log.js';
import { HOUR_MS } from '../count-outcomes.js';
import { type HourDocument, type HourUpdate, startOfHour, toHourUpdates, toMinutes } from './hour-document.js';
import { MARK } from './mark.js';
import { isDuplicateKey, type OwnCollections } from './own-collections.js';
import { readUpTo, WRITE } from './read-write-concern.js';

export interface HoursParts {
  readonly collections: () => OwnCollections;
  /** Resolves when the collection exists. */
  readonly prepared: () => Promise<void>;
}

export class MongoHours {
  readonly #parts: HoursParts;

  constructor(parts: HoursParts) {
    this.#parts = parts;
  }

  /** One command, whatever the number of attempts. */
  async add(counts: readonly MinuteCounts[]): Promise<void> {
    if (counts.length === 0) return;
    await this.#parts.prepared();
    const left = await this.#write(toHourUpdates(counts));
    // Another process began one of the hours at this moment; it is there now.
    if (left.length > 0) await this.#write(left);
  }

  async find({ since, until }: CountsQuery): Promise<readonly MinuteCounts[]> {
    await this.#parts.prepared();
    const hours = Math.ceil(Math.max(0, until - since) / HOUR_MS) + 1;
    const documents = await this.#hours
      .find({ _id: { $gte: startOfHour(since), $lt: new Date(until) }, madeBy: MARK }, readUpTo(hours))
      .sort({ _id: 1 })
      .toArray();
    return documents.flatMap(toMinutes).filter(({ at }) => at >= since && at < until);
  }

  /** Returns those that another process began in the meantime. */
  async #write(hours: readonly HourUpdate[]): Promise<readonly HourUpdate[]> {
    const updates = hours.map(({ _id, ...update }) => ({ updateOne: { filter: { _id }, update, upsert: true } }));
    try {
      await this.#hours.bulkWrite(updates as never, { ordered: false, ...WRITE });
      return [];
    } catch (error) {
      const { writeErrors = [] } = error as Partial<mongo.MongoBulkWriteError>;
      const failed = [writeErrors].flat();
      if (failed.length === 0 || !failed.every(isDuplicateKey)) throw error;
      return failed.flatMap(({ index }) => hours[index] ?? []);
    }
  }

  get #hours(): mongo.Collection<HourDocument> {
    return this.#parts.collections().counts.collection as unknown as mongo.Collection<HourDocument>;
  }
}
