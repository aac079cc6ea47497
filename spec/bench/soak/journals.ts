/** Journals as processes of a soak would have written them, line by line. */
import type { Entry } from '../../../bench/soak/journal.js';
import type { CountedOn, Evidence, Fault, FinalRecord, Line, LogEntry } from '../../../bench/soak/records.js';

export const NAME = 'alice';
const IP = '192.0.2.1';
export const ELSEWHERE = '192.0.2.2';

function onName(failures: number): CountedOn {
  return { key: `username=${NAME}`, dimension: 'username', parts: { username: NAME }, failures };
}

function onIp(ip: string, failures: number): CountedOn {
  return { key: `ip=${ip}`, dimension: 'ip', parts: { ip }, failures };
}

/** The name as it is counted on a known device. */
export function onDevice(failures: number): readonly CountedOn[] {
  const [device, devices] = [
    { device: 'd1', username: NAME },
    { devices: 'all', username: NAME },
  ] as const;
  return [
    { key: `device=d1&username=${NAME}`, dimension: 'device+username', parts: device, failures },
    { key: `devices=all&username=${NAME}`, dimension: 'devices+username', parts: devices, failures },
  ];
}

/** One process; each line is a millisecond after the one before, unless time passes. */
export class WrittenJournal {
  readonly lines: Line[] = [];
  #at = 1_000;
  #last = 0;
  /** Where an attempt comes from, and the failures of that address: those are always right. */
  readonly #ips = new Map<string, string>();
  readonly #ofIp = new Map<string, number>();

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

  begins(
    right: boolean,
    { ip = IP, cookie = false }: { readonly ip?: string; readonly cookie?: boolean } = {},
  ): string {
    this.#last += 1;
    const id = `w0-${this.#last}`;
    this.#ips.set(id, ip);
    this.write({ t: 'begin', id, name: NAME, ip, right, cookie });
    return id;
  }

  verifies(id: string): this {
    return this.write({ t: 'verify', id }).write({ t: 'verified', id });
  }

  /** @param count - that the store answers */
  fails(id: string, count: number): this {
    this.settles(id, 'failure', count);
    return this.write({ t: 'answer', id, outcome: 'failed' });
  }

  /** @param forMs - how long the lock holds that is reported */
  locks(id: string, count: number, forMs: number, limit = count): this {
    this.settles(id, 'failure', count);
    this.reportsLock(id, count, this.#at + forMs, limit);
    return this.write({ t: 'answer', id, outcome: 'failed', code: 'ERR_LOCKOUT_LOCKED' });
  }

  /** @param forMs - how long the lock holds that it has set; undefined if it set none */
  isLate(id: string, count: number, forMs?: number): this {
    this.settles(id, 'failure', count);
    if (forMs !== undefined) this.reportsLock(id, count, this.#at + forMs);
    return this.write({ t: 'answer', id, outcome: 'refused', code: 'ERR_LOCKOUT_LATE' });
  }

  reportsLock(id: string, count: number, until: number, limit = count): this {
    return this.write({ t: 'blocked', id, ...onName(count), limit, until });
  }

  /** The event of a verdict, without the answer. */
  settles(id: string, verdict: 'failure' | 'success', count: number): this {
    const ip = this.#ips.get(id) ?? IP;
    const ofIp = verdict === 'failure' ? (this.#ofIp.get(ip) ?? 0) + 1 : 0;
    this.#ofIp.set(ip, ofIp);
    return this.write({ t: 'settled', id, verdict, subjects: [onName(count), onIp(ip, ofIp)] });
  }

  succeeds(id: string, count: number): this {
    this.settles(id, 'success', count);
    return this.write({ t: 'answer', id, outcome: 'succeeded' });
  }

  isRefused(id: string, reason: string): this {
    this.write({ t: 'refused', id, reason, key: onName(0).key });
    return this.write({ t: 'answer', id, outcome: 'refused', code: `ERR_LOCKOUT_${reason.toUpperCase()}` });
  }

  /** One wrong guess, from its beginning to its answer. */
  guess(count: number, ip = IP): this {
    const id = this.begins(false, { ip });
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

  /** The event of an operator's block. */
  reportsBlock(until: number | null): this {
    return this.write({ t: 'blocked', id: null, ...onName(0), limit: null, until });
  }

  /** What an operator does, and the answer. */
  acts(what: 'block' | 'unblock' | 'reset', more: { readonly forMs?: number; readonly until?: number } = {}): this {
    this.#last += 1;
    const act = `w0-${this.#last}`;
    const { forMs, until } = more;
    this.write({ t: 'act', act, what, part: 'username', value: NAME, forMs });
    if (what === 'block') this.reportsBlock(until ?? null);
    return this.write({ t: 'acted', act, failed: false, until });
  }

  /** @param final - what the store has at the end, beside the right count of each address */
  evidence(final: Final = {}): Evidence {
    const { records = [], log = [], faults = [] } = final;
    const isLogWhole = false;
    const ofIps = [...this.#ofIp].map(([ip, failures]) => ({ key: onIp(ip, 0).key, failures, verifying: 0 }));
    return {
      journals: [this.lines],
      faults,
      final: { at: this.#at + 60_000, records: [...records, ...ofIps], log, isLogWhole },
    };
  }
}

interface Final {
  readonly records?: readonly FinalRecord[];
  readonly log?: readonly LogEntry[];
  readonly faults?: readonly Fault[];
}

export function onRecord(failures: number, verifying = 0): FinalRecord {
  return { key: onName(0).key, failures, verifying };
}
