/** One document per minute in which attempts were logged, in the `lockout_minutes` collection. */
import type { OutcomeCounts } from '../attempt-log.js';
import type { MARK } from './mark.js';

/** The counts of a minute, and when the TTL index may remove them. */
export interface MinuteDocument extends OutcomeCounts {
  /** When the minute begins. */
  readonly _id: Date;
  readonly expiresAt: Date;
  readonly madeBy: typeof MARK;
}
