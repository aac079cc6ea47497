/** django-axes 8 by default: three failures lock an address for good, and no login takes any of them back. */
import type { Contender } from '../policy.js';
import { Remembered } from './remembered.js';

const FAILURE_LIMIT = 3;

export const DJANGO_AXES: Contender = {
  name: 'django-axes defaults',
  // It has no counter of the account.
  plans: [],
  create: () => {
    const addresses = new Remembered(() => ({ failures: 0 }));
    return {
      login: ({ ip, verify }) => {
        const address = addresses.of(ip);
        if (address.failures >= FAILURE_LIMIT) return 'refused';
        if (verify()) return 'in';
        address.failures += 1;
        return address.failures >= FAILURE_LIMIT ? 'refused' : 'wrong';
      },
    };
  },
};
