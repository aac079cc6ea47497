/**
 * Work that no login may depend on: it is done, reported if it fails, and repeated later. It is repeated after a success too:
 * a restored or dropped collection has no indexes, and a running process is not notified.
 */
import type { StoreTrouble } from '../store.js';

/** Repeated with a later operation, but not with every one. */
const AGAIN_AFTER_FAILURE_MS = 60_000;
const AGAIN_MS = 3_600_000;

export interface HousekeepingParts {
  /** Harmless if it is already done. */
  readonly work: () => Promise<void>;
  readonly toTrouble: (error: unknown) => StoreTrouble;
  /** Called for each failure; the next one may have another reason. */
  readonly tell: (trouble: StoreTrouble) => void;
  /**
   * How long callers wait at most; after that the work continues in the background.
   * @default until it is done
   */
  readonly patienceMs?: number;
}

export class Housekeeping {
  readonly #parts: HousekeepingParts;
  /** The work under way, while callers still wait for it. */
  #running: Promise<void> | undefined;
  /** Monotonic. */
  #dueAt = 0;
  #trouble: StoreTrouble | undefined;

  constructor(parts: HousekeepingParts) {
    this.#parts = parts;
  }

  /** Why the last run failed; undefined if it succeeded or there was none. */
  get trouble(): StoreTrouble | undefined {
    return this.#trouble;
  }

  /** Does the work if it is due. Never rejects. */
  tidy(): Promise<void> | undefined {
    if (this.#running) return this.#running;
    if (performance.now() < this.#dueAt) return undefined;
    this.#running = this.#withPatience(this.#run());
    return this.#running;
  }

  /** Makes the next operation do the work. */
  makeDue(): void {
    this.#dueAt = 0;
  }

  /** Does the work now if it has failed. */
  async again(): Promise<void> {
    await this.#running;
    if (this.#trouble) this.makeDue();
    await this.tidy();
  }

  /** Waits for work under way. */
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

  /** Returns one promise for all callers: those that arrive after `patienceMs` do not wait again. */
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
