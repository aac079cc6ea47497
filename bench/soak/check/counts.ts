/** What the events say of the count of each subject, one after the other. */
import type { History } from './history.js';

interface Count {
  readonly at: number;
  readonly failures: number;
}

export class Counts {
  readonly #byKey = new Map<string, Count[]>();

  constructor({ attempts }: History) {
    for (const { settled } of attempts.values()) {
      for (const { key, failures } of settled?.subjects ?? []) {
        const counts = this.#byKey.get(key);
        const count = { at: settled?.at ?? 0, failures };
        if (counts) counts.push(count);
        else this.#byKey.set(key, [count]);
      }
    }
    for (const counts of this.#byKey.values()) counts.sort((a, b) => a.at - b.at);
  }

  /** Returns what the count of a subject may have been in a span: the last before it, those in it, and 0 after a reset. */
  in(key: string, from: number, to: number): readonly number[] {
    const counts = this.#byKey.get(key) ?? [];
    const first = Math.max(0, counts.findIndex(({ at }) => at >= from) - 1);
    const last = counts.at(-1);
    const some = last && last.at < from ? [last] : counts.slice(first).filter(({ at }) => at <= to);
    return [0, ...some.map(({ failures }) => failures)];
  }
}
