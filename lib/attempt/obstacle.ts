/** Of the subjects of an attempt, the one that keeps it from being verified. */
import type { Reserved } from './slots.js';

export type Obstacle = Exclude<Reserved, { outcome: 'taken' | 'uncounted' }>;
const SEVERITY: Readonly<Record<Reserved['outcome'], number>> = {
  locked: 3,
  failed: 2,
  busy: 1,
  taken: 0,
  uncounted: 0,
};

/** What keeps the attempt from going on: the longest lock, else a failing store, else a busy subject. */
export function worstOf(reserved: readonly Reserved[]): Obstacle | undefined {
  let worst: Obstacle | undefined;
  for (const item of reserved) {
    if (item.outcome === 'taken' || item.outcome === 'uncounted') continue;
    const isWorse =
      worst === undefined ||
      SEVERITY[item.outcome] > SEVERITY[worst.outcome] ||
      (item.outcome === 'locked' && worst.outcome === 'locked' && item.lock.remainingMs > worst.lock.remainingMs);
    if (isWorse) worst = item;
  }
  return worst;
}
