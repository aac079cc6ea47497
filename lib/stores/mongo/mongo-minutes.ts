/** Counts per minute and outcome in the `lockout_minutes` collection. */
import type { mongo } from 'mongoose';
import { COUNTS_KEPT_MS, type CountsQuery, type MinuteCounts } from '../attempt-log.js';
import { MARK } from './mark.js';
import type { MinuteDocument } from './minute-document.js';
import { isDuplicateKey, type OwnCollections } from './own-collections.js';
import { READ, WRITE } from './read-write-concern.js';

export interface MinutesParts {
  readonly collections: () => OwnCollections;
  /** Resolves when the collection exists. */
  readonly prepared: () => Promise<void>;
}

export class MongoMinutes {
  readonly #parts: MinutesParts;

  constructor(parts: MinutesParts) {
    this.#parts = parts;
  }

  /** One command, whatever the number of attempts. */
  async add(counts: readonly MinuteCounts[]): Promise<void> {
    if (counts.length === 0) return;
    await this.#parts.prepared();
    const left = await this.#write(counts);
    // Another process began one of the minutes at this moment; it is there now.
    if (left.length > 0) await this.#write(left);
  }

  async find({ since, until }: CountsQuery): Promise<readonly MinuteCounts[]> {
    await this.#parts.prepared();
    const documents = await this.#minutes
      .find({ _id: { $gte: new Date(since), $lt: new Date(until) }, madeBy: MARK }, READ)
      .sort({ _id: 1 })
      .toArray();
    return documents.map(({ _id, expiresAt: _, madeBy: __, ...counts }) => ({ at: _id.getTime(), ...counts }));
  }

  /** Returns those that another process began in the meantime. */
  async #write(counts: readonly MinuteCounts[]): Promise<readonly MinuteCounts[]> {
    const updates = counts.map(({ at, ...counted }) => ({
      updateOne: {
        filter: { _id: new Date(at) },
        update: { $inc: counted, $setOnInsert: { expiresAt: new Date(at + COUNTS_KEPT_MS), madeBy: MARK } },
        upsert: true,
      },
    }));
    try {
      await this.#minutes.bulkWrite(updates as never, { ordered: false, ...WRITE });
      return [];
    } catch (error) {
      const { writeErrors = [] } = error as Partial<mongo.MongoBulkWriteError>;
      const failed = [writeErrors].flat();
      if (failed.length === 0 || !failed.every(isDuplicateKey)) throw error;
      return failed.flatMap(({ index }) => counts[index] ?? []);
    }
  }

  get #minutes(): mongo.Collection<MinuteDocument> {
    return this.#parts.collections().counts.collection as unknown as mongo.Collection<MinuteDocument>;
  }
}
