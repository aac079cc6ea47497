/** What may make an answer other than the events say: guesses whose end nobody knows, and answers that were on their way for long. */
import type { History } from './history.js';
import type { Lock } from './locks.js';
import { CARRIED_OUT_MS } from './operations.js';

export interface Delays {
  readonly lockCacheTtlMs: number;
  readonly storeTimeoutMs: number;
  /** How long an answer may take while nothing is disturbed, on a machine that has more to do. */
  readonly calmDelayMs: number;
}

/** No lock of a tier is longer. */
const LONGEST_LOCK_MS = 3_000;

interface Span {
  readonly from: number;
  readonly to: number;
}

export class Circumstances {
  readonly #delays: Delays;
  /** When answers were held up: by a fault, or as the store was slow by itself. */
  readonly #disturbances: readonly Span[];
  /** When a password was judged wrong and nobody knows whether that was counted: by name and address. */
  readonly #cuts = new Map<string, number[]>();

  constructor(history: History, delays: Delays) {
    this.#delays = delays;
    this.#disturbances = merged([...history.faults, ...slowSpans(history, delays)]);
    for (const { begin, verifiedAt, settled, answer, wasKilled } of history.attempts.values()) {
      const isCut = wasKilled && !answer;
      if (begin.right || verifiedAt === undefined || (!isCut && (settled || answer?.outcome !== 'refused'))) continue;
      for (const part of [begin.name, begin.ip]) {
        const cuts = this.#cuts.get(part);
        if (cuts) cuts.push(verifiedAt);
        else this.#cuts.set(part, [verifiedAt]);
      }
    }
  }

  /** Whether a guess whose end nobody knows may have locked a name or an address at some time of a span. */
  mayLockUnseen(parts: readonly string[], from: number, to: number): boolean {
    const leftMs = CARRIED_OUT_MS + LONGEST_LOCK_MS;
    return parts.some((part) => (this.#cuts.get(part) ?? []).some((at) => at <= to && at + leftMs >= from));
  }

  /** Whether an attempt from one time to another may have been refused for a lock. */
  mayRefuse(lock: Lock, from: number, to: number): boolean {
    const { lockCacheTtlMs, storeTimeoutMs, calmDelayMs } = this.#delays;
    if (lock.from > to) return false;
    // What a process remembers, it believes for a while after an operator has lifted it elsewhere.
    const rememberedMs = lock.isLifted ? lockCacheTtlMs : 0;
    if (lock.to + calmDelayMs + rememberedMs >= from) return true;
    // An answer tells how long a lock still holds, and was held up.
    const heldUpMs = storeTimeoutMs + lockCacheTtlMs;
    return this.#disturbances.some(
      (one) => one.from <= lock.to + heldUpMs && one.to >= lock.from && one.to + heldUpMs >= from,
    );
  }

  /** Whether something was disturbed at some time of a span, or shortly before. */
  wasDisturbed(from: number, to: number): boolean {
    const { storeTimeoutMs } = this.#delays;
    return this.#disturbances.some((one) => one.from <= to && one.to + storeTimeoutMs >= from);
  }
}

/** When a store let somebody wait for half as long as an answer may take in calm, or for too long. */
function slowSpans({ attempts, storeErrors }: History, { calmDelayMs, storeTimeoutMs }: Delays): readonly Span[] {
  const errors = storeErrors.map(({ at }) => ({ from: at - storeTimeoutMs, to: at }));
  const slow: Span[] = [];
  for (const { verifiedAt, settled } of attempts.values()) {
    if (verifiedAt === undefined || settled === undefined) continue;
    if (settled.at - verifiedAt > calmDelayMs / 2) slow.push({ from: verifiedAt, to: settled.at });
  }
  return [...errors, ...slow];
}

/** Returns spans in their order, with those that overlap as one. */
function merged(spans: readonly Span[]): readonly Span[] {
  const found: { from: number; to: number }[] = [];
  for (const { from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else found.push({ from, to });
  }
  return found;
}
