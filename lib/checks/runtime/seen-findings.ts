/** What logins of this process have shown, each finding once. */
import type { Found } from '../finding.js';

export class SeenFindings {
  readonly #known: readonly Found[];
  readonly #seen = new Map<string, Found>();

  /** @param known - the findings of the options: what one of them says is not said again */
  constructor(known: readonly Found[]) {
    this.#known = known;
  }

  /** @returns whether it is new */
  add(finding: Found): boolean {
    const { code, message } = finding;
    // By the message, too: some are of one strategy, and the next has a right to its own.
    if (this.#seen.has(message) || this.#known.some((known) => known.code === code)) return false;
    this.#seen.set(message, finding);
    return true;
  }

  /** Those of the options first. */
  all(): readonly Found[] {
    return [...this.#known, ...this.#seen.values()];
  }
}
