/**
 * Like Auth0 by its documentation: ten failures of an identifier at an address block that pair until somebody frees it; an
 * address that has used up its 100 failures gets one more each 864 seconds.
 */
import { type Clock, type Contender, DAY_MS } from '../policy.js';
import { pairOf, Remembered } from './remembered.js';

const PAIR_LIMIT = 10;
const ADDRESS_LIMIT = 100;
const REFILL_MS = DAY_MS / 100;

/** Failures that an address may still make. */
class Allowance {
  #left = ADDRESS_LIMIT;
  #at: number;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.now;
  }

  get isUsedUp(): boolean {
    const now = this.#clock.now;
    this.#left = Math.min(ADDRESS_LIMIT, this.#left + (now - this.#at) / REFILL_MS);
    this.#at = now;
    return this.#left < 1;
  }

  use(): void {
    this.#left -= 1;
  }
}

export const AUTH0_LIKE: Contender = {
  name: 'Auth0-like',
  plans: [],
  create: (clock) => {
    const pairs = new Remembered(() => ({ failures: 0 }));
    const addresses = new Remembered(() => new Allowance(clock));
    return {
      login: ({ username, ip, verify }) => {
        const key = pairOf(username, ip);
        const pair = pairs.of(key);
        const address = addresses.of(ip);
        if (pair.failures >= PAIR_LIMIT || address.isUsedUp) return 'refused';
        if (verify()) {
          pairs.forget(key);
          return 'in';
        }
        pair.failures += 1;
        address.use();
        return 'wrong';
      },
    };
  },
};
