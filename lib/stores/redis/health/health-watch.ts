/** Looks at the server now and then, without a timer: with the logins that use it. */
import type { StoreTrouble } from '../../store.js';

type Tell = (trouble: StoreTrouble) => void;

/** A flood of usernames takes minutes to fill a memory. */
const LOOK_EVERY_MS = 60_000;

export class HealthWatch {
  readonly #look: () => Promise<readonly StoreTrouble[]>;
  readonly #listeners = new Set<Tell>();
  /** By code, as long as they last: their messages change with the numbers in them. */
  #troubles: ReadonlyMap<string, StoreTrouble> = new Map();
  /** Monotonic. */
  #nextLookAt = 0;

  constructor(look: () => Promise<readonly StoreTrouble[]>) {
    this.#look = look;
  }

  /** @param listen - called for each current trouble, and for each later one */
  watch(listen: Tell): void {
    this.#listeners.add(listen);
    for (const trouble of this.#troubles.values()) listen(trouble);
  }

  /** Called when the server has answered a login, which does not wait for the look. */
  onAnswer(): void {
    if (this.#listeners.size === 0) return;
    const now = performance.now();
    if (now < this.#nextLookAt) return;
    this.#nextLookAt = now + LOOK_EVERY_MS;
    // A server that fails is reported by the logins that need it.
    this.#look().then(
      (troubles) => this.#see(troubles),
      () => {},
    );
  }

  #see(troubles: readonly StoreTrouble[]): void {
    const known = this.#troubles;
    this.#troubles = new Map(troubles.map((trouble) => [trouble.code, trouble]));
    for (const trouble of troubles) {
      if (known.has(trouble.code)) continue;
      for (const listen of this.#listeners) listen(trouble);
    }
  }
}
