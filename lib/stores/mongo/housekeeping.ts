/**
 * Work that no login may depend on: done, told of where it fails, and done again later. Also where it is done: a restored or a
 * dropped collection has no indexes, and nobody tells a process that runs.
 */
import type { StoreTrouble } from '../store.js';

/** Done again with an operation, but not with each. */
const AGAIN_AFTER_FAILURE_MS = 60_000;
const AGAIN_MS = 3_600_000;

export interface HousekeepingParts {
  /** Harmless where it is done already. */
  readonly work: () => Promise<void>;
  readonly toTrouble: (error: unknown) => StoreTrouble;
  /** Told of each failure; the next may have another reason. */
  readonly tell: (trouble: StoreTrouble) => void;
  /**
   * For work that is waited for: so long, and then it goes on by itself.
   * @default as long as it takes
   */
  readonly patienceMs?: number;
}

export class Housekeeping {
  readonly #parts: HousekeepingParts;
  /** What is under way, as far as anybody waits for it. */
  #running: Promise<void> | undefined;
  /** Monotonic. */
  #dueAt = 0;
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
    if (this.#running) return this.#running;
    if (performance.now() < this.#dueAt) return undefined;
    this.#running = this.#withPatience(this.#run());
    return this.#running;
  }

  /** The next operation does it. */
  makeDue(): void {
    this.#dueAt = 0;
  }

  /** Does it now where it has failed. */
  async again(): Promise<void> {
    await this.#running;
    if (this.#trouble) this.makeDue();
    await this.tidy();
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      await this.#parts.work();
      this.#trouble = undefined;
      this.#dueAt = performance.now() + AGAIN_MS;
    } catch (error) {
      this.#fail(error);
      this.#dueAt = performance.now() + AGAIN_AFTER_FAILURE_MS;
    } finally {
      this.#running = undefined;
    }
  }

  /** Of one promise for all: who comes when the patience is over waits no more. */
  #withPatience(run: Promise<void>): Promise<void> {
    const { patienceMs } = this.#parts;
    if (patienceMs === undefined) return run;
    let timer: NodeJS.Timeout | undefined;
    const isOver = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.#fail(new Error('no answer yet'));
        resolve();
      }, patienceMs);
    });
    return Promise.race([run.finally(() => clearTimeout(timer)), isOver]);
  }

  #fail(error: unknown): void {
    this.#trouble = this.#parts.toTrouble(error);
    this.#parts.tell(this.#trouble);
  }
}
