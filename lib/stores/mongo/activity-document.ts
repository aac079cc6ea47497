/** One document per act of an operator, in the `lockout_activity` collection. */
import type { ActivityEntry } from '../activity-log.js';
import type { MARK } from './mark.js';

/** The act, and when the TTL index may remove it. */
export interface ActivityDocument extends Omit<ActivityEntry, 'id' | 'at'> {
  readonly _id: string;
  readonly at: Date;
  readonly expiresAt: Date;
  readonly madeBy: typeof MARK;
}
