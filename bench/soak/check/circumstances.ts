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

export class Circumstances {
  readonly #history: History;
  readonly #delays: Delays;
  /** When a password was judged wrong and nobody knows whether that was counted: by name and address. */
  readonly #cuts = new Map<string, number[]>();

  constructor(history: History, delays: Delays) {
    this.#history = history;
    this.#delays = delays;
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
    return this.#history.faults.some(
      (fault) => fault.from <= lock.to + heldUpMs && fault.to >= lock.from && fault.to + heldUpMs >= from,
    );
  }

  /** Whether something was disturbed at some time of a span, or shortly before. */
  wasDisturbed(from: number, to: number): boolean {
    const { storeTimeoutMs } = this.#delays;
    return this.#history.faults.some((fault) => fault.from <= to && fault.to + storeTimeoutMs >= from);
  }
}
