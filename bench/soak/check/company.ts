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

  constructor(attempts: Iterable<Attempted>) {
    for (const attempt of attempts) {
      const { id, at: from, name, ip } = attempt.begin;
      const stay = { id, from, to: endOf(attempt) };
      for (const where of [`name ${name}`, `ip ${ip}`]) {
        const stays = this.#stays.get(where);
        if (stays) stays.push(stay);
        else this.#stays.set(where, [stay]);
      }
    }
    for (const stays of this.#stays.values()) stays.sort((a, b) => a.from - b.from);
  }

  /** Whether another attempt at the name or from the address may have held a slot at some time of this one, or since a time. */
  isBeside(attempt: Attempted, from = attempt.begin.at): boolean {
    const { id, name, ip } = attempt.begin;
    const to = endOf(attempt);
    const isOther = (stay: Stay) => stay.id !== id && stay.to >= from;
    return [`name ${name}`, `ip ${ip}`].some((where) => {
      for (const stay of this.#stays.get(where) ?? []) {
        if (stay.from > to) return false;
        if (isOther(stay)) return true;
      }
      return false;
    });
  }
}

function endOf({ begin, settled, answer }: Attempted): number {
  const isKnown = answer && answer.code !== 'ERR_LOCKOUT_STORE_UNAVAILABLE' && answer.code !== 'ERR_LOCKOUT_LATE';
  return settled?.at ?? (isKnown ? answer.at : begin.at + LEFT_MS);
}
