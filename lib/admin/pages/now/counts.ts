/** Makes what the page shows out of counts per minute. Pure. */
import { type Bucket, totalsOf } from '../../charts/bucket.js';
import type { NowChart } from './snapshot.js';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** The minutes of the sparklines. */
export const MINUTES = 60;
/** Fewer hours say nothing about what is usual. */
const LEAST_HOURS = 3;

const SPANS: Readonly<Record<NowChart['span'], { readonly bucketMs: number; readonly count: number }>> = {
  hour: { bucketMs: MINUTE_MS, count: MINUTES },
  day: { bucketMs: 15 * MINUTE_MS, count: 96 },
  week: { bucketMs: HOUR_MS, count: 168 },
};

/** Returns the beginning of the period that an instant is in (UTC). */
export function startOf(at: number, periodMs: number): number {
  return at - (at % periodMs);
}

/**
 * Adds up minutes to periods without holes, the last of which is the one under way. Minutes of a store whose clock is ahead count
 * as that one; older minutes than the first period are left out.
 *
 * @param counted - in any order, at most one of each minute
 */
export function bucketsOf(counted: readonly Bucket[], at: number, bucketMs: number, count: number): readonly Bucket[] {
  const last = startOf(at, bucketMs);
  const first = last - (count - 1) * bucketMs;
  const groups = Array.from({ length: count }, (): Bucket[] => []);
  for (const minute of counted) {
    if (minute.at >= first) groups[Math.min(count - 1, Math.floor((minute.at - first) / bucketMs))]?.push(minute);
  }
  return groups.map((group, index) => ({ at: first + index * bucketMs, ...totalsOf(group) }));
}

/** @param counted - the minutes of the span, as above */
export function chartOf(counted: readonly Bucket[], at: number, span: NowChart['span']): NowChart {
  const { bucketMs, count } = SPANS[span];
  return { span, bucketMs, buckets: bucketsOf(counted, at, bucketMs, count) };
}

/** Returns the same 60 minutes a day before; none if nothing was counted until then. */
export function yesterdayOf(counted: readonly Bucket[], at: number): readonly Bucket[] {
  const then = at - DAY_MS;
  const end = startOf(then, MINUTE_MS) + MINUTE_MS;
  const before = counted.filter((minute) => minute.at < end);
  return before.length > 0 ? bucketsOf(before, then, MINUTE_MS, MINUTES) : [];
}

/**
 * Returns the failed and refused attempts in a usual minute of the day before the last 60 minutes: the median of its hours, so that
 * yesterday's attack is not what is usual. Null if it began less than 3 hours ago.
 */
export function usualPerMinute(counted: readonly Bucket[], at: number): number | null {
  const until = at - HOUR_MS;
  const before = counted.filter((minute) => minute.at < startOf(until, MINUTE_MS));
  const firstAt = before.reduce((first, minute) => Math.min(first, minute.at), until);
  const hours = Math.min(24, Math.floor((until - firstAt) / HOUR_MS));
  if (hours < LEAST_HOURS) return null;
  const failures = bucketsOf(before, until - 1, HOUR_MS, hours).map(({ failed, refused }) => failed + refused);
  return medianOf(failures) / (HOUR_MS / MINUTE_MS);
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}
