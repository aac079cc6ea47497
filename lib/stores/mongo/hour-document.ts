/**
 * One document per hour in which attempts were logged, in the `lockout_hours` collection. A document per minute would be 11,520 of
 * them in 8 days, and take a second to read.
 */
import { COUNTS_KEPT_MS, type MinuteCounts, NO_COUNTS, type OutcomeCounts } from '../attempt-log.js';
import { HOUR_MS, MINUTE_MS } from '../count-outcomes.js';
import { MARK } from './mark.js';

/** Counts by the minute of the hour, `'0'` to `'59'`; a minute of nothing is missing. */
type ByMinute = Readonly<Record<string, number>>;

/** The counts of an hour, and when the TTL index may remove them. What did not happen in the hour is missing. */
export interface HourDocument extends Readonly<Partial<Record<keyof OutcomeCounts, ByMinute>>> {
  /** When the hour begins. */
  readonly _id: Date;
  readonly expiresAt: Date;
  readonly madeBy: typeof MARK;
}

/** What is added to an hour. */
export interface HourUpdate {
  readonly _id: Date;
  readonly $inc: Readonly<Record<string, number>>;
  readonly $setOnInsert: Omit<HourDocument, '_id'>;
}

const OUTCOMES = Object.keys(NO_COUNTS) as readonly (keyof OutcomeCounts)[];

export function startOfHour(at: number): Date {
  return new Date(at - (at % HOUR_MS));
}

/** Returns one update for each hour. */
export function toHourUpdates(minutes: readonly MinuteCounts[]): readonly HourUpdate[] {
  const hours = new Map<number, Record<string, number>>();
  for (const counts of minutes) {
    const hour = startOfHour(counts.at).getTime();
    const increments = hours.get(hour) ?? {};
    const minute = (counts.at - hour) / MINUTE_MS;
    for (const outcome of OUTCOMES) if (counts[outcome] > 0) increments[`${outcome}.${minute}`] = counts[outcome];
    hours.set(hour, increments);
  }
  return [...hours].map(([hour, $inc]) => {
    // For 8 days after its last minute.
    const expiresAt = new Date(hour + HOUR_MS + COUNTS_KEPT_MS);
    return { _id: new Date(hour), $inc, $setOnInsert: { expiresAt, madeBy: MARK } };
  });
}

/** Returns the minutes of an hour in which something happened, in their order. */
export function toMinutes({ _id, ...byOutcome }: HourDocument): readonly MinuteCounts[] {
  const minutes = new Map<string, { -readonly [K in keyof MinuteCounts]: MinuteCounts[K] }>();
  for (const outcome of OUTCOMES) {
    for (const [minute, count] of Object.entries(byOutcome[outcome] ?? {})) {
      const counts = minutes.get(minute) ?? { at: _id.getTime() + Number(minute) * MINUTE_MS, ...NO_COUNTS };
      counts[outcome] = count;
      minutes.set(minute, counts);
    }
  }
  return [...minutes.values()].sort((a, b) => a.at - b.at);
}
