/**
 * Keycloak's brute force detection when it is switched on, with its defaults: temporary lockout, strategy "multiple". From the
 * 30th failure in a row on each failure locks the account for as many minutes as it has thirties, up to 15.
 */
import { type Contender, HOUR_MS, MINUTE_MS, SECOND_MS } from '../policy.js';
import { Remembered } from './remembered.js';

const MAX_FAILURES = 30;
const WAIT_INCREMENT_MS = MINUTE_MS;
const MAX_WAIT_MS = 15 * MINUTE_MS;
const FAILURE_RESET_MS = 12 * HOUR_MS;
const QUICK_LOGIN_MS = SECOND_MS;
const QUICK_LOGIN_WAIT_MS = MINUTE_MS;

export const KEYCLOAK: Contender = {
  name: 'Keycloak, switched on',
  // One short of a longer lock, then silent until all is forgotten.
  plans: [1, 2, 3, 4, 5, 6, 7, 8].map((thirties) => ({
    guesses: thirties * MAX_FAILURES - 1,
    silenceMs: FAILURE_RESET_MS + SECOND_MS,
  })),
  create: (clock) => {
    const accounts = new Remembered(() => ({ failures: 0, lastFailureAt: 0, lockedUntil: 0 }));
    return {
      login: ({ username, verify }) => {
        const account = accounts.of(username);
        if (clock.now < account.lockedUntil) return 'refused';
        if (verify()) {
          accounts.forget(username);
          return 'in';
        }
        const sinceMs = clock.now - account.lastFailureAt;
        account.lastFailureAt = clock.now;
        account.failures = sinceMs > FAILURE_RESET_MS ? 1 : account.failures + 1;
        const byCountMs = Math.min(MAX_WAIT_MS, WAIT_INCREMENT_MS * Math.floor(account.failures / MAX_FAILURES));
        const waitMs = byCountMs === 0 && sinceMs < QUICK_LOGIN_MS ? QUICK_LOGIN_WAIT_MS : byCountMs;
        account.lockedUntil = clock.now + waitMs;
        // A locked account is answered as a wrong password is.
        return 'wrong';
      },
    };
  },
};
