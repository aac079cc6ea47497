/**
 * django-defender 0.9 by default: the fourth failure within five minutes of the one before blocks name and address for five
 * minutes; a login forgets what is counted of both.
 */
import { type Contender, MINUTE_MS } from '../policy.js';
import { Remembered } from './remembered.js';

const FAILURE_LIMIT = 3;
const COOLOFF_MS = 5 * MINUTE_MS;

interface Counter {
  failures: number;
  forgetAt: number;
  blockedUntil: number;
}

export const DJANGO_DEFENDER: Contender = {
  name: 'django-defender defaults',
  plans: [
    { guesses: FAILURE_LIMIT, silenceMs: COOLOFF_MS },
    { guesses: FAILURE_LIMIT + 1, silenceMs: COOLOFF_MS },
  ],
  create: (clock) => {
    const create = (): Counter => ({ failures: 0, forgetAt: 0, blockedUntil: 0 });
    const names = new Remembered(create);
    const addresses = new Remembered(create);
    const count = (counter: Counter): boolean => {
      counter.failures = clock.now < counter.forgetAt ? counter.failures + 1 : 1;
      counter.forgetAt = clock.now + COOLOFF_MS;
      if (counter.failures <= FAILURE_LIMIT) return false;
      counter.blockedUntil = clock.now + COOLOFF_MS;
      return true;
    };
    return {
      login: ({ username, ip, verify }) => {
        const name = names.of(username);
        const address = addresses.of(ip);
        if (clock.now < name.blockedUntil || clock.now < address.blockedUntil) return 'refused';
        if (verify()) {
          names.forget(username);
          addresses.forget(ip);
          return 'in';
        }
        const isNameBlocked = count(name);
        const isAddressBlocked = count(address);
        return isNameBlocked || isAddressBlocked ? 'refused' : 'wrong';
      },
    };
  },
};
