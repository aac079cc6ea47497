/** The subject of an attempt that keeps it from being verified. */
import type { LockoutStoreError } from '../errors.js';
import type { LockReport } from '../policy/replies.js';
import { busyRefusal, lockedRefusal, type Refusal, storeUnavailable } from './refusal.js';
import type { Candidate } from './slots.js';

export type Obstacle =
  | { readonly outcome: 'locked'; readonly candidate: Candidate; readonly lock: LockReport }
  /** No store was able to answer. */
  | { readonly outcome: 'failed'; readonly error: LockoutStoreError }
  | { readonly outcome: 'busy'; readonly candidate: Candidate };

const SEVERITY: Readonly<Record<Obstacle['outcome'], number>> = { locked: 2, failed: 1, busy: 0 };

/** Returns what blocks the attempt: the longest lock, else a failing store, else a busy subject. */
export function worseOf(one: Obstacle | undefined, other: Obstacle | undefined): Obstacle | undefined {
  if (!one || !other) return one ?? other;
  if (one.outcome === 'locked' && other.outcome === 'locked') {
    return other.lock.remainingMs > one.lock.remainingMs ? other : one;
  }
  return SEVERITY[other.outcome] > SEVERITY[one.outcome] ? other : one;
}

export function refusalOf(obstacle: Obstacle): Refusal {
  switch (obstacle.outcome) {
    case 'locked':
      return lockedRefusal(obstacle.candidate.subject, obstacle.lock);
    case 'failed':
      return storeUnavailable(obstacle.error);
    default:
      return busyRefusal(obstacle.candidate.subject);
  }
}
