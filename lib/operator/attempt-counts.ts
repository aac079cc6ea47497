/** Counts of attempts per minute or hour, for charts and for whoever watches an attack. */
import * as z from 'zod/mini';
import type { Engine } from '../engine.js';
import { COUNTS_KEPT_MS, type MinuteCounts, NO_COUNTS, type OutcomeCounts } from '../stores/attempt-log.js';
import { aDate, anObject, oneOf } from '../validation/fields.js';
import { invalidOption } from '../validation/invalid-option.js';
import { validateOptions } from '../validation/validate.js';
import { logOf } from './attempt-log.js';
import { ask } from './each-record.js';

/** Which span `attemptCounts` covers, and how finely. */
export interface AttemptCountsQuery {
  /**
   * The period that this time is in is the first; at most 8 days ago, since older counts are not kept.
   * @default the last 60 minutes, or the last 24 hours with `per: 'hour'`
   */
  readonly since?: Date | undefined;
  /**
   * Only periods that begin before this time.
   * @default now
   */
  readonly until?: Date | undefined;
  /**
   * How long a period is.
   * @default 'minute'
   */
  readonly per?: 'minute' | 'hour' | undefined;
}

/** How many attempts of one minute or hour ended how. */
export interface AttemptCounts extends OutcomeCounts {
  /** When the period begins. */
  readonly at: Date;
}

const PERIODS_MS = { minute: 60_000, hour: 3_600_000 } as const;
const DEFAULT_PERIODS = { minute: 60, hour: 24 } as const;

const querySchema = z.strictObject(
  {
    since: z.optional(aDate),
    until: z.optional(aDate),
    per: z.optional(oneOf('minute', 'hour')),
  } satisfies Record<keyof AttemptCountsQuery, z.ZodMiniType>,
  anObject,
);

export async function attemptCounts(engine: Engine, query: AttemptCountsQuery): Promise<readonly AttemptCounts[]> {
  const { since, until, per = 'minute' } = validateOptions(querySchema, query, 'query');
  const log = logOf(engine, 'attemptCounts');
  if (!log.counts)
    throw invalidOption('attemptCounts()', 'a store that counts attempts per minute', 'one that does not');
  engine.attemptLog?.completeLogins();
  const now = (engine.options.store.clock ?? Date.now)();
  const periodMs = PERIODS_MS[per];
  const end = until?.getTime() ?? now;
  // The period under way is one of them.
  const wanted = since?.getTime() ?? Math.min(end, now) - (DEFAULT_PERIODS[per] - 1) * periodMs;
  const first = startOf(Math.max(wanted, now - COUNTS_KEPT_MS), periodMs);
  // The store's clock may be ahead of this process's: what it has of the next hour is shown as well.
  const last = Math.min(end, now + PERIODS_MS.hour);
  const minutes =
    first < last ? await ask(engine, 'counts', () => log.counts?.({ since: first, until: last }) ?? []) : [];
  return fill(minutes, { first, end: Math.min(end, now + 1), periodMs });
}

/** Adds minutes up to periods, and fills the holes, so that a chart needs no care. */
function fill(
  minutes: readonly MinuteCounts[],
  { first, end, periodMs }: { readonly first: number; readonly end: number; readonly periodMs: number },
): readonly AttemptCounts[] {
  const periods = new Map<number, { -readonly [K in keyof OutcomeCounts]: OutcomeCounts[K] }>();
  for (let at = first; at < end; at += periodMs) periods.set(at, { ...NO_COUNTS });
  for (const minute of minutes) {
    const at = startOf(minute.at, periodMs);
    const counts = periods.get(at) ?? { ...NO_COUNTS };
    counts.failed += minute.failed;
    counts.refused += minute.refused;
    counts.succeeded += minute.succeeded;
    counts.locks += minute.locks;
    periods.set(at, counts);
  }
  return [...periods].map(([at, counts]) => ({ at: new Date(at), ...counts }));
}

function startOf(at: number, periodMs: number): number {
  return at - (at % periodMs);
}
