/** The findings that logins of this process have shown, each once. */
import type { Found } from '../finding.js';

export class SeenFindings {
  readonly #known: readonly Found[];
  readonly #seen = new Map<string, Found>();

  /** @param known - the findings of the options, which are not repeated */
  constructor(known: readonly Found[]) {
    this.#known = known;
  }

  /** @returns whether it is new */
  add(finding: Found): boolean {
    const { code, message } = finding;
    // By message: some findings name one strategy, and each strategy gets its own.
    if (this.#seen.has(message) || this.#known.some((known) => known.code === code)) return false;
    this.#seen.set(message, finding);
    return true;
  }

  /** Returns all findings, those of the options first. */
  all(): readonly Found[] {
    return [...this.#known, ...this.#seen.values()];
  }
}
