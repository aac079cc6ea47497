/** One document per logged attempt, in the `lockout_attempts` collection. */
import type { mongo } from 'mongoose';
import type { AttemptEntry } from '../attempt-log.js';
import type { MARK } from './mark.js';

/** The entry, and when the TTL index may remove it. */
export interface AttemptDocument extends Omit<AttemptEntry, 'id' | 'at'> {
  readonly _id: mongo.ObjectId;
  readonly at: Date;
  readonly expiresAt: Date;
  readonly madeBy: typeof MARK;
}
