/**
 * The login recipe in rate-limiter-flexible's wiki: 100 failures of an address in a day block it for a day, 10 in a row of a
 * name at an address block the pair for an hour. Asked one after the other, so that its race does not show.
 */
import { type Clock, type Contender, DAY_MS, HOUR_MS } from '../policy.js';
import { pairOf, Remembered } from './remembered.js';

interface Limits {
  readonly points: number;
  readonly durationMs: number;
  readonly blockMs: number;
}

const BY_ADDRESS: Limits = { points: 100, durationMs: DAY_MS, blockMs: DAY_MS };
const BY_PAIR: Limits = { points: 10, durationMs: 90 * DAY_MS, blockMs: HOUR_MS };

class Limiter {
  #consumed = 0;
  #endsAt = 0;
  readonly #limits: Limits;
  readonly #clock: Clock;

  constructor(limits: Limits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  get isBlocked(): boolean {
    return this.#clock.now < this.#endsAt && this.#consumed >= this.#limits.points;
  }

  consume(): void {
    const { points, durationMs, blockMs } = this.#limits;
    const { now } = this.#clock;
    if (now >= this.#endsAt) {
      this.#consumed = 0;
      this.#endsAt = now + durationMs;
    }
    this.#consumed += 1;
    if (this.#consumed >= points) this.#endsAt = now + blockMs;
  }
}

export const RATE_LIMITER_FLEXIBLE: Contender = {
  name: 'rate-limiter-flexible recipe',
  plans: [],
  create: (clock) => {
    const addresses = new Remembered(() => new Limiter(BY_ADDRESS, clock));
    const pairs = new Remembered(() => new Limiter(BY_PAIR, clock));
    return {
      login: ({ username, ip, verify }) => {
        const key = pairOf(username, ip);
        if (addresses.of(ip).isBlocked || pairs.of(key).isBlocked) return 'refused';
        if (verify()) {
          pairs.forget(key);
          return 'in';
        }
        addresses.of(ip).consume();
        pairs.of(key).consume();
        return 'wrong';
      },
    };
  },
};
