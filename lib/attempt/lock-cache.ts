/** Locks this process has seen, so that attempts on a locked subject cost the store nothing. */
import { LRUCache } from 'lru-cache';
import type { LockReport } from '../policy/replies.js';

const MAX_LOCKS = 10_000;

interface SeenLock {
  readonly report: LockReport;
  readonly trustedUntil: number;
  readonly endsAt: number;
}

export class LockCache {
  readonly #ttlMs: number;
  readonly #clock: () => number;
  /** Created for the first lock: the cache allocates all its memory up front, which a lockout without locks can save. */
  #locks: LRUCache<string, SeenLock> | undefined;

  /**
   * @param ttlMs - how long a lock is trusted; 0 remembers nothing
   * @param clock - monotonic milliseconds; only differences matter, so its origin does not
   */
  constructor(ttlMs: number, clock: () => number) {
    this.#ttlMs = ttlMs;
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return !this.#locks?.size;
  }

  /** Returns the lock as it stands now; undefined if it is not known, or if the store must be queried again. */
  get(key: string): LockReport | undefined {
    const seen = this.#locks?.get(key);
    if (!seen) return undefined;
    const now = this.#clock();
    if (now < seen.trustedUntil && now < seen.endsAt) return { ...seen.report, remainingMs: seen.endsAt - now };
    this.forget(key);
    return undefined;
  }

  remember(key: string, report: LockReport): void {
    if (this.#ttlMs === 0) return;
    const now = this.#clock();
    this.#locks ??= new LRUCache({ max: MAX_LOCKS });
    this.#locks.set(key, { report, trustedUntil: now + this.#ttlMs, endsAt: now + report.remainingMs });
  }

  forget(key: string): void {
    this.#locks?.delete(key);
  }
}
