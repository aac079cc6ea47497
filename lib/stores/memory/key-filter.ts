/**
 * Excludes keys that a large map surely does not hold. Looking an unknown key up in a map of a million reads several records that
 * are in no cache of the processor and takes up to a microsecond; here it is one byte of a few mebibytes.
 */

/** When the map is full, at most a quarter of the slots are in use: four of five unknown keys are excluded. */
const SLOTS_PER_KEY = 4;
const MAX_SLOTS = 2 ** 26;
/** A count that has reached this stays, as it is no longer exact. */
const SATURATED = 255;

export class KeyFilter {
  readonly #counts: Uint8Array;
  readonly #mask: number;

  /** @param maxKeys - how many keys are expected at most; with more than that, fewer unknown ones are excluded */
  constructor(maxKeys: number) {
    const slots = Math.min(2 ** Math.ceil(Math.log2(maxKeys * SLOTS_PER_KEY)), MAX_SLOTS);
    this.#counts = new Uint8Array(slots);
    this.#mask = slots - 1;
  }

  add(key: string): void {
    const slot = this.#slotOf(key);
    const count = this.#counts[slot] as number;
    if (count < SATURATED) this.#counts[slot] = count + 1;
  }

  /** @param key - one that was added, and not removed since */
  remove(key: string): void {
    const slot = this.#slotOf(key);
    const count = this.#counts[slot] as number;
    if (count < SATURATED) this.#counts[slot] = count - 1;
  }

  /** Whether the key is surely not among those added. Names made to share a slot only cost the look-up. */
  excludes(key: string): boolean {
    return this.#counts[this.#slotOf(key)] === 0;
  }

  /** FNV-1a, with the high bits mixed into the low ones. */
  #slotOf(key: string): number {
    let hash = 0x811c9dc5;
    for (let index = 0; index < key.length; index += 1) {
      hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
    }
    return (hash ^ (hash >>> 15)) & this.#mask;
  }
}
