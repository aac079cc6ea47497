/** What this process has lately seen of subjects, so that most steps can be one command. It is only ever tried, never relied on. */
import type { SubjectState } from '../../../policy/state.js';
import { IDLE_MS } from '../lockout-document.js';

/** What a record held when this process last saw it. */
export interface KnownSubject {
  readonly failures: number;
  readonly consecutiveFailures: number;
  /** Digests of wrong guesses that are repeats if they come again. */
  readonly guesses: readonly string[];
  /** Tokens of known devices issued before this instant are revoked; 0 if none are. */
  readonly revokedBefore: number;
  /** Whether it has not been locked since its failures were last forgotten. */
  readonly isPlain: boolean;
}

interface Entry extends KnownSubject {
  /** Monotonic. */
  readonly seenAt: number;
  /** Monotonic; 0 if it is not doubted. */
  readonly doubtedUntil: number;
}

/** Some megabytes at most, whatever names a flood brings. */
const MAX_SUBJECTS = 20_000;
/** Half of the time for which even an idle record is certain to be stored. */
const LATELY_MS = IDLE_MS / 2;
/** For how long a subject is left to exact steps after it was not as remembered: others may be changing it. */
const DOUBT_MS = 5_000;

export class KnownSubjects {
  /** Least recently seen first. */
  readonly #entries = new Map<string, Entry>();

  /** Returns undefined if this process has not lately seen a record of the subject. */
  get(key: string): KnownSubject | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    const now = performance.now();
    if (now - entry.seenAt < LATELY_MS) return entry.doubtedUntil > now ? { ...entry, isPlain: false } : entry;
    this.#entries.delete(key);
    return undefined;
  }

  /** Remembers the state that a step has left. */
  see(key: string, { failures, consecutiveFailures, guesses, revocation, lockedUntil }: SubjectState): void {
    const revokedBefore = revocation?.before ?? 0;
    this.note(key, { failures, consecutiveFailures, guesses, revokedBefore, isPlain: lockedUntil === 0 });
  }

  note(key: string, { failures, consecutiveFailures, guesses, revokedBefore, isPlain }: KnownSubject): void {
    const doubtedUntil = this.#entries.get(key)?.doubtedUntil ?? 0;
    const seenAt = performance.now();
    this.#entries.delete(key);
    this.#entries.set(key, {
      failures,
      consecutiveFailures,
      guesses,
      revokedBefore,
      isPlain,
      seenAt,
      doubtedUntil,
    });
    if (this.#entries.size <= MAX_SUBJECTS) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      break;
    }
  }

  /** Called when a record may not be as remembered. */
  doubt(key: string): void {
    const entry = this.#entries.get(key);
    if (entry) this.#entries.set(key, { ...entry, doubtedUntil: performance.now() + DOUBT_MS });
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }
}
