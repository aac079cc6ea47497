/**
 * OWASP's device cookies with ten failures an hour: each device has its own count, and all without a cookie share that of the
 * account. More than ten within the hour lock for an hour.
 */
import { type Clock, type Contender, HOUR_MS } from '../policy.js';
import { pairOf, Remembered } from './remembered.js';

const MAX_FAILURES = 10;
const PERIOD_MS = HOUR_MS;
const COOKIE = 'device';

class Failures {
  #at: number[] = [];
  #lockedUntil = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isLocked(): boolean {
    return this.#clock.now < this.#lockedUntil;
  }

  count(): void {
    const { now } = this.#clock;
    this.#at = [...this.#at.filter((at) => at > now - PERIOD_MS), now];
    if (this.#at.length > MAX_FAILURES) this.#lockedUntil = now + PERIOD_MS;
  }
}

export const OWASP_DEVICE_COOKIES: Contender = {
  name: 'OWASP device cookies, 10 an hour',
  plans: [
    { guesses: MAX_FAILURES, silenceMs: PERIOD_MS },
    { guesses: MAX_FAILURES + 1, silenceMs: PERIOD_MS },
  ],
  create: (clock) => {
    const counts = new Remembered(() => new Failures(clock));
    let nonces = 0;
    return {
      login: ({ username, jar, verify }) => {
        const cookie = jar.get(COOKIE);
        const isOwn = cookie?.startsWith(`${username},`) ?? false;
        const failures = counts.of(pairOf(username, isOwn ? String(cookie) : 'no cookie'));
        if (failures.isLocked) return 'refused';
        if (verify()) {
          nonces += 1;
          jar.set(COOKIE, `${username},${nonces}`);
          return 'in';
        }
        failures.count();
        return 'wrong';
      },
    };
  },
};
