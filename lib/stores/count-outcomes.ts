/** Counts what is appended to an attempt log by the minute in which it happened. */
import { type MinuteCounts, type NewAttemptEntry, NO_COUNTS } from './attempt-log.js';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** Whether the entry is of a failure that set a lock. */
export function didLock({ outcome, dimension }: Pick<NewAttemptEntry, 'outcome' | 'dimension'>): boolean {
  return outcome === 'failed' && dimension !== null;
}

function startOfMinute(at: number): number {
  return at - (at % MINUTE_MS);
}

/** Returns the counts of each minute, in no order. */
export function countByMinute(
  entries: Iterable<Pick<NewAttemptEntry, 'outcome' | 'dimension' | 'count'> & { readonly at: number }>,
): readonly MinuteCounts[] {
  const minutes = new Map<number, { -readonly [K in keyof MinuteCounts]: MinuteCounts[K] }>();
  for (const entry of entries) {
    if (entry.outcome === 'logout') continue;
    const at = startOfMinute(entry.at);
    const counts = minutes.get(at) ?? { at, ...NO_COUNTS };
    counts[entry.outcome] += entry.count;
    if (didLock(entry)) counts.locks += 1;
    minutes.set(at, counts);
  }
  return [...minutes.values()];
}
