/** Work that no login may depend on: done once, told of where it fails, and tried again later. */
import type { StoreTrouble } from '../store.js';

/** Tried again with an operation, but not with each. */
const RETRY_AFTER_MS = 60_000;

export interface HousekeepingParts {
  readonly work: () => Promise<void>;
  readonly toTrouble: (error: unknown) => StoreTrouble;
  /** Told of each failure; the next may have another reason. */
  readonly tell: (trouble: StoreTrouble) => void;
}

export class Housekeeping {
  readonly #parts: HousekeepingParts;
  #isDone = false;
  #running: Promise<void> | undefined;
  /** Monotonic. */
  #retryAt = 0;
  #trouble: StoreTrouble | undefined;

  constructor(parts: HousekeepingParts) {
    this.#parts = parts;
  }

  /** Why it could not be done last; undefined where it is done, or was not tried. */
  get trouble(): StoreTrouble | undefined {
    return this.#trouble;
  }

  /** Does it where it is due. Never rejects. */
  tidy(): Promise<void> | undefined {
    if (this.#isDone || performance.now() < this.#retryAt) return undefined;
    this.#running ??= this.#run();
    return this.#running;
  }

  /** Does it now, also where it has just failed. */
  async again(): Promise<void> {
    await this.#running;
    this.#retryAt = 0;
    await this.tidy();
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    const { work, toTrouble, tell } = this.#parts;
    try {
      await work();
      this.#isDone = true;
      this.#trouble = undefined;
    } catch (error) {
      this.#trouble = toTrouble(error);
      this.#retryAt = performance.now() + RETRY_AFTER_MS;
      tell(this.#trouble);
    } finally {
      this.#running = undefined;
    }
  }
}
