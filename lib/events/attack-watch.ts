/** Notices when unknown devices fail far more often than usual. Compares a process with itself, so it needs no store. */
import type { AttackRule } from '../options/resolve.js';
import type { AttackEvent } from './types.js';

export interface AttackListener {
  onSuspected(attack: AttackEvent): void;
  onOver(attack: AttackEvent): void;
}

const SLOT_MS = 5 * 60_000;
const HOUR_MS = 3_600_000;
const SLOTS_PER_HOUR = HOUR_MS / SLOT_MS;
/** The last hour, and the 24 hours before it, which define what is usual. */
const HOURS = 25;
const SLOTS = HOURS * SLOTS_PER_HOUR;
/** How often to check whether an attack is over, if nobody fails any more. */
const CHECK_MS = 60_000;

interface Suspicion {
  readonly since: number;
  /** The attack is over when the last hour has fewer failures than this. */
  readonly overBelow: number;
}

export class AttackWatch {
  readonly #rule: AttackRule;
  readonly #clock: () => number;
  readonly #listener: AttackListener;
  /** Failures of the last 25 hours, in slots of five minutes. */
  readonly #slots = new Uint32Array(SLOTS);
  #slot = 0;
  /** Failures of the last hour, and of the 24 hours before it: added up once per slot, since an attack fails at any rate. */
  #lastHour = 0;
  #dayBefore = 0;
  #suspicion: Suspicion | undefined;
  #lastSuspectedAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** @param clock - epoch milliseconds */
  constructor(rule: AttackRule, clock: () => number, listener: AttackListener) {
    this.#rule = rule;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** Since when an attack is suspected, epoch milliseconds; null while none is. */
  get suspectedSince(): number | null {
    return this.#suspicion?.since ?? null;
  }

  /** Called for each failure that is neither a repeat nor on a known device. */
  onFailure(): void {
    const now = this.#moveOn();
    const at = this.#slot % SLOTS;
    this.#slots[at] = (this.#slots[at] as number) + 1;
    this.#lastHour += 1;
    const suspicion = this.#suspicion;
    // Fewer failures are not an attack, whatever is usual.
    const mayChange = suspicion ? this.#lastHour < suspicion.overBelow : this.#lastHour >= this.#rule.newFailures;
    if (mayChange) this.#judge(now);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #judge(now: number): void {
    const failures = this.#lastHour;
    const usual = this.#dayBefore / (HOURS - 1);
    if (this.#suspicion) {
      if (failures < this.#suspicion.overBelow) this.#end({ failures, usual, since: new Date(this.#suspicion.since) });
      return;
    }
    const limit = Math.max(this.#rule.newFailures, this.#rule.factor * usual);
    if (failures < limit || now - this.#lastSuspectedAt < HOUR_MS) return;
    this.#suspicion = { since: now, overBelow: limit / 2 };
    this.#lastSuspectedAt = now;
    this.#timer = setInterval(() => this.#judge(this.#moveOn()), CHECK_MS);
    this.#timer.unref();
    this.#listener.onSuspected({ failures, usual, since: new Date(now) });
  }

  #end(attack: AttackEvent): void {
    this.#suspicion = undefined;
    clearInterval(this.#timer);
    this.#listener.onOver(attack);
  }

  /** Empties the slots that have passed since the last call. */
  #moveOn(): number {
    const now = this.#clock();
    const slot = Math.floor(now / SLOT_MS);
    // If the clock was set back, count in the latest slot.
    if (slot <= this.#slot) return now;
    for (let next = Math.max(this.#slot + 1, slot - SLOTS + 1); next <= slot; next += 1) this.#slots[next % SLOTS] = 0;
    this.#slot = slot;
    this.#lastHour = this.#count(SLOTS_PER_HOUR);
    this.#dayBefore = this.#count(SLOTS) - this.#lastHour;
    return now;
  }

  /** Returns the failures in the latest slots. */
  #count(slots: number): number {
    let failures = 0;
    for (let age = 0; age < slots; age += 1) failures += this.#slots[(this.#slot - age + SLOTS) % SLOTS] as number;
    return failures;
  }
}
