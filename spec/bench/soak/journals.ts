/** Journals as processes of a soak would have written them, line by line. */
import type { Entry } from '../../../bench/soak/journal.js';
import type { CountedOn, Evidence, FinalRecord, Line, LogEntry } from '../../../bench/soak/records.js';

export const NAME = 'alice';
const IP = '192.0.2.1';

function onName(failures: number): CountedOn {
  return { key: `username=${NAME}`, dimension: 'username', parts: { username: NAME }, failures };
}

/** One process; each line is a millisecond after the one before, unless time passes. */
export class WrittenJournal {
  readonly lines: Line[] = [];
  #at = 1_000;
  #last = 0;

  constructor() {
    this.write({ t: 'start', worker: 'w0', wallMs: 0 });
  }

  write(entry: Entry): this {
    this.#at += 1;
    this.lines.push({ ...entry, at: this.#at } as Line);
    return this;
  }

  passes(ms: number): this {
    this.#at += ms;
    return this;
  }

  get now(): number {
    return this.#at;
  }

  begins(right: boolean): string {
    this.#last += 1;
    const id = `w0-${this.#last}`;
    this.write({ t: 'begin', id, name: NAME, ip: IP, right, cookie: false });
    return id;
  }

  verifies(id: string): this {
    return this.write({ t: 'verify', id }).write({ t: 'verified', id });
  }

  /** @param count - that the store answers */
  fails(id: string, count: number): this {
    this.write({ t: 'settled', id, verdict: 'failure', subjects: [onName(count)] });
    return this.write({ t: 'answer', id, outcome: 'failed' });
  }

  /** @param forMs - how long the lock holds that is reported */
  locks(id: string, count: number, forMs: number): this {
    this.write({ t: 'settled', id, verdict: 'failure', subjects: [onName(count)] });
    this.reportsLock(id, count, this.#at + forMs);
    return this.write({ t: 'answer', id, outcome: 'failed', code: 'ERR_LOCKOUT_LOCKED' });
  }

  /** @param forMs - how long the lock holds that it has set; undefined if it set none */
  isLate(id: string, count: number, forMs?: number): this {
    this.write({ t: 'settled', id, verdict: 'failure', subjects: [onName(count)] });
    if (forMs !== undefined) this.reportsLock(id, count, this.#at + forMs);
    return this.write({ t: 'answer', id, outcome: 'refused', code: 'ERR_LOCKOUT_LATE' });
  }

  reportsLock(id: string, count: number, until: number): this {
    return this.write({ t: 'blocked', id, ...onName(count), limit: count, until });
  }

  succeeds(id: string, count: number): this {
    this.write({ t: 'settled', id, verdict: 'success', subjects: [onName(count)] });
    return this.write({ t: 'answer', id, outcome: 'succeeded' });
  }

  isRefused(id: string, reason: string): this {
    this.write({ t: 'refused', id, reason, key: onName(0).key });
    return this.write({ t: 'answer', id, outcome: 'refused', code: `ERR_LOCKOUT_${reason.toUpperCase()}` });
  }

  /** One wrong guess, from its beginning to its answer. */
  guess(count: number): this {
    const id = this.begins(false);
    return this.verifies(id).fails(id, count);
  }

  /** The guesses that lock at the first tier, and the lock. */
  guessesUntilLocked(forMs: number): this {
    this.guess(1).guess(2);
    const id = this.begins(false);
    return this.verifies(id).locks(id, 3, forMs);
  }

  ends(): this {
    return this.write({ t: 'end' });
  }

  /** @param final - what the store has at the end */
  evidence(final: { readonly records?: readonly FinalRecord[]; readonly log?: readonly LogEntry[] } = {}): Evidence {
    const { records = [], log = [] } = final;
    return { journals: [this.lines], faults: [], final: { at: this.#at + 60_000, records, log } };
  }
}

export function onRecord(failures: number, verifying = 0): FinalRecord {
  return { key: onName(0).key, failures, verifying };
}
