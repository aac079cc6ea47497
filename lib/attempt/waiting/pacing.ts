/**
 * How soon an address may try a name again after an attempt that was not judged, because verify threw or passed. Such
 * attempts are never counted, for a user database that is down would lock every office; but without a pause one address
 * could keep all slots of a name taken for ever.
 */
import { LRUCache } from 'lru-cache';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** Pairs of a subject and an address; one that is forgotten begins with the first pause again. */
const MAX_PAIRS = 10_000;

interface Pause {
  readonly ms: number;
  /** Monotonic. */
  readonly endsAt: number;
}

export class Pacing {
  #pauses: LRUCache<string, Pause> | undefined;

  /** Whether nobody has to pause; the usual case, at no cost. */
  get isIdle(): boolean {
    return this.#pauses === undefined;
  }

  /** @returns the monotonic time from which on this address may take a slot; 0 for now */
  freeAt(key: string, address: string | undefined): number {
    return this.#pauses?.get(pairOf(key, address))?.endsAt ?? 0;
  }

  /** An attempt ended without a verdict. */
  slowDown(key: string, address: string | undefined): void {
    // Made with the first pause: most lockouts never need it.
    this.#pauses ??= new LRUCache({ max: MAX_PAIRS });
    const pair = pairOf(key, address);
    const before = this.#pauses.get(pair);
    const now = performance.now();
    // Attempts that were under way together end together, and make one pause.
    if (before && before.endsAt > now) return;
    const ms = before ? Math.min(LONGEST_PAUSE_MS, before.ms * 2) : FIRST_PAUSE_MS;
    this.#pauses.set(pair, { ms, endsAt: now + ms });
  }

  /** An attempt was judged. */
  clear(key: string, address: string | undefined): void {
    this.#pauses?.delete(pairOf(key, address));
  }
}

/** A key holds no line break. All attempts without an address are one. */
function pairOf(key: string, address: string | undefined): string {
  return `${address ?? ''}\n${key}`;
}
