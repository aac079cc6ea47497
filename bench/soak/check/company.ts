/** Which attempts held slots of a name or an address at the same time. */
import type { Attempted } from './history.js';

/** Longer than any lease: for how long an attempt whose end nobody knows may hold its slots. */
const LEFT_MS = 60_000;

interface Stay {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

export class Company {
  readonly #stays = new Map<string, Stay[]>();
  /** No stay is longer. */
  readonly #longestMs: number;

  constructor(attempts: Iterable<Attempted>) {
    let longestMs = 0;
    for (const attempt of attempts) {
      const { id, at: from, name, ip } = attempt.begin;
      const stay = { id, from, to: endOf(attempt) };
      longestMs = Math.max(longestMs, stay.to - from);
      for (const where of [`name ${name}`, `ip ${ip}`]) {
        const stays = this.#stays.get(where);
        if (stays) stays.push(stay);
        else this.#stays.set(where, [stay]);
      }
    }
    for (const stays of this.#stays.values()) stays.sort((a, b) => a.from - b.from);
    this.#longestMs = longestMs;
  }

  /** How many other attempts at the name, or from the address, may have held slots at some time of this one, or since a time. */
  countBeside(attempt: Attempted, part: 'name' | 'ip', from = attempt.begin.at): number {
    return this.#beside(attempt, `${part} ${attempt.begin[part]}`, from).length;
  }

  #beside(attempt: Attempted, where: string, from: number): readonly Stay[] {
    const to = endOf(attempt);
    const stays = this.#stays.get(where) ?? [];
    const some = stays.slice(firstSince(stays, from - this.#longestMs), firstSince(stays, to));
    return some.filter((stay) => stay.id !== attempt.begin.id && stay.to >= from);
  }
}

/** The index of the first stay, in their order, that begins at a time or later. */
function firstSince(stays: readonly Stay[], at: number): number {
  let [low, high] = [0, stays.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stays[middle] as Stay).from < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function endOf({ begin, settled, answer }: Attempted): number {
  const isKnown = answer && answer.code !== 'ERR_LOCKOUT_STORE_UNAVAILABLE' && answer.code !== 'ERR_LOCKOUT_LATE';
  return settled?.at ?? (isKnown ? answer.at : begin.at + LEFT_MS);
}
