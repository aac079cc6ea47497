/** What this process has lately seen of subjects, so that most steps can be one command. It is only ever tried, never relied on. */
import { expiresAt, type SubjectState } from '../../../policy/state.js';
import { IDLE_MS } from '../lockout-document.js';

/** What a record held when this process last saw it. */
export interface KnownSubject {
  readonly failures: number;
  readonly consecutiveFailures: number;
  /** Digests of wrong guesses that are repeats if they come again. */
  readonly guesses: readonly string[];
  readonly isSprayed: boolean;
  /** Tokens of known devices issued before this instant are revoked; 0 if none are. */
  readonly revokedBefore: number;
  /** When the last lock ends, in epoch milliseconds; 0 if there was none. */
  readonly lockedUntil: number;
  /**
   * Whether it has not been locked since its failures were last forgotten, will be forgotten one day, and the record says when
   * the first failure was.
   */
  readonly isPlain: boolean;
  /** Until when the record is stored at least, in epoch milliseconds; 0 if that is not known. */
  readonly keptUntil: number;
  /** Whether it is a guess about a record that this process has not seen. */
  readonly isAssumed?: boolean;
}

interface Entry {
  readonly known: KnownSubject;
  /** Monotonic. */
  readonly seenAt: number;
  /** Monotonic; 0 if it is not doubted. */
  doubtedUntil: number;
}

/** Some megabytes at most, whatever names a flood brings. */
const MAX_SUBJECTS = 20_000;
/** Half of the time for which even an idle record is certain to be stored. */
const LATELY_MS = IDLE_MS / 2;
/** For how long a subject is left to exact steps after another process has changed it: it may do so again. */
const DOUBT_MS = 5_000;

/** What an exact step has found and left. */
export interface Seen {
  readonly before: SubjectState;
  readonly after: SubjectState;
  /** `performance.now()` when it was asked. */
  readonly askedAt: number;
}

export class KnownSubjects {
  /** Least recently seen first. */
  readonly #entries = new Map<string, Entry>();

  /** Returns undefined if this process has not lately seen a record of the subject. */
  get(key: string): KnownSubject | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    const now = performance.now();
    const { known, seenAt, doubtedUntil } = entry;
    if (now - seenAt < LATELY_MS) return doubtedUntil > now ? { ...known, isPlain: false } : known;
    this.#entries.delete(key);
    return undefined;
  }

  /** Remembers the state that an exact step has left, and doubts the subject if others have changed it before. */
  see(key: string, { before, after, askedAt }: Seen): void {
    const entry = this.#entries.get(key);
    // What this process has done itself meanwhile is no sign of others.
    if (entry && entry.seenAt < askedAt && !isAsKnown(before, entry)) entry.doubtedUntil = performance.now() + DOUBT_MS;
    this.note(key, toKnown(after));
  }

  note(key: string, known: KnownSubject): void {
    const doubtedUntil = this.#entries.get(key)?.doubtedUntil ?? 0;
    this.#entries.delete(key);
    this.#entries.set(key, { known, seenAt: performance.now(), doubtedUntil });
    if (this.#entries.size <= MAX_SUBJECTS) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      break;
    }
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }
}

export function toKnown(state: SubjectState): KnownSubject {
  const { failures, consecutiveFailures, guesses, isSprayed, revocation, lockedUntil, firstFailureAt } = state;
  const expiry = expiresAt(state);
  return {
    failures,
    consecutiveFailures,
    guesses,
    isSprayed,
    revokedBefore: revocation?.before ?? 0,
    lockedUntil,
    isPlain: lockedUntil === 0 && Number.isFinite(expiry) && (failures === 0 || firstFailureAt !== null),
    keptUntil: expiry + IDLE_MS,
  };
}

function isAsKnown(state: SubjectState, { known }: Entry): boolean {
  const { failures, consecutiveFailures, revocation } = state;
  return (
    failures === known.failures &&
    consecutiveFailures === known.consecutiveFailures &&
    (revocation?.before ?? 0) === known.revokedBefore
  );
}
