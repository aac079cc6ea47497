/** What `check()` finds, asked once a minute: it looks at the indexes and the clock of the store. */
import type { Lockout } from '../../../lockout.js';
import { Part, type PartReading } from './part.js';
import type { Health } from './snapshot.js';

const KEPT_MS = 60_000;

export class Findings {
  readonly #lockout: Lockout;
  readonly #part = new Part<Health['findings']>('findings');
  #last: { readonly at: number; readonly reading: PartReading<Health['findings']> } | undefined;

  constructor(lockout: Lockout) {
    this.#lockout = lockout;
  }

  async read(at: number): Promise<PartReading<Health['findings']>> {
    const isOld = this.#last === undefined || at < this.#last.at || at - this.#last.at >= KEPT_MS;
    if (isOld) this.#last = { at, reading: await this.#part.read(at, () => this.#check()) };
    return this.#last?.reading as PartReading<Health['findings']>;
  }

  async #check(): Promise<Health['findings']> {
    return (await this.#lockout.check()).map(({ code, message }) => ({ code, message }));
  }
}
