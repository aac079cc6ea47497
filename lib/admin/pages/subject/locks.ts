/** When a subject was locked, as far as attempts and acts tell. */

import type { ActivityRecord } from '../../../operator/activity.js';
import type { AttemptRecord } from '../../../operator/attempt-log.js';
import type { Step } from '../../charts/ladder.js';
import type { LineLock } from '../../charts/time-line.js';
import type { SubjectRef } from '../../view/subject-ref.js';

/** What the spans are made of. */
export interface LockSources {
  readonly subject: SubjectRef;
  readonly steps: readonly Step[];
  readonly entries: readonly AttemptRecord[];
  readonly acts: readonly ActivityRecord[];
  /** The lock that holds now; null while there is none. */
  readonly now: { readonly until: number | null; readonly isByOperator: boolean } | null;
  readonly lastFailureAt: number | null;
}

export interface LockSpans {
  /** Ascending. */
  readonly locks: readonly LineLock[];
  /** When the present lock was set; null if there is none, or nothing tells. */
  readonly since: number | null;
}

interface Change {
  readonly at: number;
  readonly locks: boolean;
  /** Whether it was one of an operator. */
  readonly isByHand?: boolean;
  /** For an end: whether it was an act on many subjects, which may have left locks by hand. */
  readonly isOfMany?: boolean;
  /** For a lock: when it ends by itself; null until reset, undefined if nothing tells. */
  readonly until?: number | null | undefined;
}

/** An attempt is logged a moment after it was judged. */
const TOLERANCE_MS = 60_000;

/** A lock of an operator whose end nothing tells, and that no act ended, is left out. */
export function lockSpans(sources: LockSources): LockSpans {
  const { now, lastFailureAt } = sources;
  const locks: LineLock[] = [];
  let open: Change | undefined;
  const close = (at: number | undefined) => {
    if (!open) return;
    const ends = [open.until, at].filter((end) => typeof end === 'number');
    if (ends.length > 0) locks.push({ from: open.at, to: Math.min(...ends) });
    open = undefined;
  };
  for (const change of changesOf(sources)) {
    if (change.isOfMany && open?.isByHand && now?.isByOperator) continue;
    close(change.at);
    if (change.locks) open = change;
  }
  if (!now) {
    close(undefined);
    return { locks, since: null };
  }
  const holds = open !== undefined && isNear(open.until, now.until);
  // Attempts on a locked subject are refused: its last failure is the one that locked.
  const since = holds ? (open?.at ?? null) : now.isByOperator ? null : lastFailureAt;
  if (!holds) close(undefined);
  return { locks: since === null ? locks : [...locks, { from: since, to: now.until }], since };
}

/** Whether an end that the log tells of is that of the present lock. */
function isNear(told: Change['until'], until: number | null): boolean {
  if (typeof told !== 'number') return true;
  return until !== null && Math.abs(told - until) < TOLERANCE_MS;
}

function changesOf({ subject, steps, entries, acts }: LockSources): readonly Change[] {
  const locked = entries
    .filter((entry) => entry.outcome === 'failed' && isBy(entry, subject))
    .map(({ at, tier, cause }): Change => {
      const lockMs = tier === null ? undefined : steps[tier]?.lockMs;
      const until = typeof lockMs === 'number' ? at.getTime() + lockMs : cause === 'hardStop' ? null : lockMs;
      return { at: at.getTime(), locks: true, until };
    });
  const acted = acts.flatMap(({ at, key, action, counts }): readonly Change[] => {
    if (counts?.locked) return [{ at: at.getTime(), locks: true, isByHand: true }];
    const isOfMany = action === 'unblock' && key === null;
    return counts?.unblocked ? [{ at: at.getTime(), locks: false, isOfMany }] : [];
  });
  return [...locked, ...acted].sort((a, b) => a.at - b.at);
}

/** Whether the entry says that this very subject was locked. A part that is not logged may have had another value. */
function isBy(entry: AttemptRecord, { dimension, parts }: SubjectRef): boolean {
  if (entry.dimension !== dimension) return false;
  return (['ip', 'username'] as const).every((name) => parts[name] === undefined || parts[name] === entry[name]);
}
