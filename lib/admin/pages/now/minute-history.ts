/** The counts of the last hours or days. What is over does not change, so it is read every ten minutes, and not every second. */
import type { Engine } from '../../../engine.js';
import { ask } from '../../../operator/each-record.js';
import type { Bucket } from '../../charts/bucket.js';
import { HOUR_MS, MINUTE_MS, MINUTES, startOf } from './counts.js';

const KEPT_MS = 10 * MINUTE_MS;

/** Reads minutes of something. @throws {LockoutStoreError} if the store fails */
async function readMinutes(engine: Engine, since: number, until: number): Promise<readonly Bucket[]> {
  // Not by `attemptCounts`: it logs the logins that are not answered yet, and doing so each second would cost many their session.
  return ask(engine, 'counts', (store) => store.attemptLog?.counts?.({ since, until }) ?? []);
}

/** Returns the last 60 minutes, as far as anything was counted in them. One read, of at most 61 rows. */
export function readLastHour(engine: Engine, at: number): Promise<readonly Bucket[]> {
  // The store's clock may be ahead of this process's.
  return readMinutes(engine, startOf(at, MINUTE_MS) - (MINUTES - 1) * MINUTE_MS, at + HOUR_MS);
}

export class MinuteHistory {
  readonly #engine: Engine;
  readonly #spanMs: number;
  #read: { readonly at: number; readonly minutes: readonly Bucket[] } | undefined;

  /** @param spanMs - how far back */
  constructor(engine: Engine, spanMs: number) {
    this.#engine = engine;
    this.#spanMs = spanMs;
  }

  /**
   * Returns the minutes up to now, of which the last hour is as given.
   *
   * @param lastHour - just read: the minutes of the last 60 that are not empty
   */
  async with(lastHour: readonly Bucket[], at: number): Promise<readonly Bucket[]> {
    const isOld = this.#read === undefined || at < this.#read.at || at - this.#read.at >= KEPT_MS;
    if (isOld) this.#read = { at, minutes: await readMinutes(this.#engine, at - this.#spanMs, at) };
    const first = startOf(at, MINUTE_MS) - (MINUTES - 1) * MINUTE_MS;
    return [...(this.#read?.minutes.filter((minute) => minute.at < first) ?? []), ...lastHour];
  }
}
