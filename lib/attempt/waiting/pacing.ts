/**
 * How soon an address may try a name again after an attempt that was not judged, because verify threw, passed or never came
 * back; and how many of its attempts may be under way there once one of them takes long. Such attempts are never counted, for
 * a user database that is down would lock every office; but without a pause and a bound one address could keep all slots of a
 * name taken for ever. A verdict ends both.
 */
import { LRUCache } from 'lru-cache';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** Pairs of a subject and an address; one that is forgotten begins with the first pause again. */
const MAX_PAIRS = 10_000;

interface Pair {
  /** The last one; 0 before the first. */
  pauseMs: number;
  /** Monotonic. */
  pausedUntil: number;
  /** Those under way, once one of them has taken long. */
  underWay: Set<object> | undefined;
}

export class Pacing {
  #pairs: LRUCache<string, Pair> | undefined;

  /** Whether nobody has to pause; the usual case, at no cost. */
  get isIdle(): boolean {
    return !this.#pairs?.size;
  }

  /**
   * @returns the monotonic time from which on this address may take a slot; 0 for now, and `Infinity` while an attempt of its own
   *   is to end first
   */
  freeAt(key: string, address: string | undefined): number {
    const pair = this.#pairs?.get(pairOf(key, address));
    if (!pair) return 0;
    return pair.underWay?.size ? Number.POSITIVE_INFINITY : pair.pausedUntil;
  }

  /** An attempt ended without a verdict. */
  slowDown(key: string, address: string | undefined): void {
    const pair = this.#pair(key, address);
    const now = performance.now();
    // Attempts that were under way together end together, and make one pause.
    if (pair.pausedUntil > now) return;
    pair.pauseMs = pair.pauseMs === 0 ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pair.pauseMs * 2);
    pair.pausedUntil = now + pair.pauseMs;
  }

  /** An attempt has been under way for long: until a verdict, this address has one at a time here. */
  oneAtATime(key: string, address: string | undefined, attempt: object): void {
    const pair = this.#pair(key, address);
    pair.underWay ??= new Set();
    pair.underWay.add(attempt);
  }

  /** An attempt is about to take a slot. */
  enter(key: string, address: string | undefined, attempt: object): void {
    this.#pairs?.get(pairOf(key, address))?.underWay?.add(attempt);
  }

  /** It has given it back, or got none. */
  leave(key: string, address: string | undefined, attempt: object): void {
    this.#pairs?.get(pairOf(key, address))?.underWay?.delete(attempt);
  }

  /** An attempt was judged. */
  clear(key: string, address: string | undefined): void {
    this.#pairs?.delete(pairOf(key, address));
  }

  #pair(key: string, address: string | undefined): Pair {
    // Made with the first pause: most lockouts never need it.
    this.#pairs ??= new LRUCache({ max: MAX_PAIRS });
    const name = pairOf(key, address);
    const known = this.#pairs.get(name);
    if (known) return known;
    const pair: Pair = { pauseMs: 0, pausedUntil: 0, underWay: undefined };
    this.#pairs.set(name, pair);
    return pair;
  }
}

/** An address holds no line break. All attempts without one are of one address. */
export function pairOf(key: string, address: string | undefined): string {
  return `${address ?? ''}\n${key}`;
}
