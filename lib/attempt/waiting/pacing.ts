/**
 * How soon an address may try a username again after an attempt without a verdict, because verify threw, passed or never
 * returned; and how many of its attempts may be in progress there once one of them takes long. Such attempts are never counted,
 * or an outage of the user database would lock out every office; but without a pause and a limit, one address could occupy all
 * slots of a username forever. A verdict ends both.
 */
import { LRUCache } from 'lru-cache';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
/** Pairs of a subject and an address; a forgotten pair starts over with the first pause. */
const MAX_PAIRS = 10_000;

interface Pair {
  /** The last pause; 0 before the first. */
  pauseMs: number;
  /** Monotonic. */
  pausedUntil: number;
  /** Attempts in progress; tracked once one of them has taken long. */
  underWay: Set<object> | undefined;
}

export class Pacing {
  #pairs: LRUCache<string, Pair> | undefined;

  /** Whether no address has to pause; the usual case, at no cost. */
  get isIdle(): boolean {
    return !this.#pairs?.size;
  }

  /**
   * @returns the monotonic time from which this address may take a slot; 0 for now, and `Infinity` while one of its own attempts
   *   must end first
   */
  freeAt(key: string, address: string | undefined): number {
    const pair = this.#pairs?.get(pairOf(key, address));
    if (!pair) return 0;
    return pair.underWay?.size ? Number.POSITIVE_INFINITY : pair.pausedUntil;
  }

  /** Called when an attempt ended without a verdict. */
  slowDown(key: string, address: string | undefined): void {
    const pair = this.#pair(key, address);
    const now = performance.now();
    // Attempts that ran concurrently end together, and cause a single pause.
    if (pair.pausedUntil > now) return;
    pair.pauseMs = pair.pauseMs === 0 ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pair.pauseMs * 2);
    pair.pausedUntil = now + pair.pauseMs;
  }

  /** Called when an attempt has taken long: until a verdict, this address gets one attempt at a time here. */
  oneAtATime(key: string, address: string | undefined, attempt: object): void {
    const pair = this.#pair(key, address);
    pair.underWay ??= new Set();
    pair.underWay.add(attempt);
  }

  /** Called before an attempt takes a slot. */
  enter(key: string, address: string | undefined, attempt: object): void {
    this.#pairs?.get(pairOf(key, address))?.underWay?.add(attempt);
  }

  /** Called when an attempt has given its slot back, or got none. */
  leave(key: string, address: string | undefined, attempt: object): void {
    this.#pairs?.get(pairOf(key, address))?.underWay?.delete(attempt);
  }

  /** Called when an attempt was judged. */
  clear(key: string, address: string | undefined): void {
    this.#pairs?.delete(pairOf(key, address));
  }

  #pair(key: string, address: string | undefined): Pair {
    // Created for the first pause: most lockouts never need it.
    this.#pairs ??= new LRUCache({ max: MAX_PAIRS });
    const name = pairOf(key, address);
    const known = this.#pairs.get(name);
    if (known) return known;
    const pair: Pair = { pauseMs: 0, pausedUntil: 0, underWay: undefined };
    this.#pairs.set(name, pair);
    return pair;
  }
}

/** Returns the key of a pair; addresses contain no line break. Attempts without an address share one. */
export function pairOf(key: string, address: string | undefined): string {
  return `${address ?? ''}\n${key}`;
}
