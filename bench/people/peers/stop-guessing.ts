/**
 * StopGuessing with the penalties of its code: each address has a score that halves in 12 hours and is refused from 50 on. What is
 * refused still adds to it. Whose browser has logged in to this account before is not judged by it.
 */
import { type Clock, type Contender, DAY_MS, HOUR_MS, type Login } from '../policy.js';
import { pairOf, Remembered } from './remembered.js';

const THRESHOLD = 50;
const HALF_LIFE_MS = 12 * HOUR_MS;
const WRONG = 1;
const SLIP_FACTOR = 0.1;
/** Of passwords that many guess. */
const POPULAR_FACTOR = 5;
const CREDIT = 30;
const CREDIT_EVERY_MS = DAY_MS;
const COOKIE = 'known';

class Score {
  #value = 0;
  #at: number;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.now;
  }

  get value(): number {
    const { now } = this.#clock;
    this.#value *= 0.5 ** ((now - this.#at) / HALF_LIFE_MS);
    this.#at = now;
    return this.#value;
  }

  add(penalty: number): void {
    this.#value = Math.max(0, this.value + penalty);
  }
}

function penaltyFor(origin: Login['origin']): number {
  if (origin === 'slip') return WRONG * SLIP_FACTOR;
  return origin === 'popular' ? WRONG * POPULAR_FACTOR : WRONG;
}

export const STOP_GUESSING: Contender = {
  name: 'StopGuessing',
  plans: [],
  create: (clock) => {
    const scores = new Remembered(() => new Score(clock));
    const seen = new Set<string>();
    const creditAt = new Remembered(() => ({ at: Number.NEGATIVE_INFINITY }));
    const fail = ({ username, ip, password, origin }: Login) => {
      // The same wrong password at the same account weighs once.
      const guess = pairOf(username, password);
      if (!seen.has(guess)) scores.of(ip).add(penaltyFor(origin));
      seen.add(guess);
    };
    return {
      login: (login) => {
        const { username, ip, jar, origin, verify } = login;
        const isKnown = jar.get(COOKIE) === username;
        if (!isKnown && scores.of(ip).value >= THRESHOLD) {
          if (origin !== 'right') fail(login);
          return 'refused';
        }
        if (!verify()) {
          if (!isKnown) fail(login);
          return 'wrong';
        }
        jar.set(COOKIE, username);
        const credit = creditAt.of(username);
        if (clock.now - credit.at >= CREDIT_EVERY_MS) {
          credit.at = clock.now;
          scores.of(ip).add(-CREDIT);
        }
        return 'in';
      },
    };
  },
};
