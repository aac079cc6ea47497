/**
 * Like Entra's smart lockout by its documentation: ten failures lock for a minute and each further one for longer; familiar and
 * unfamiliar places are counted apart; the last three wrong passwords are not counted again. How the lock grows is not
 * published: assumed are doubling, and an hour at most.
 */
import { type Contender, HOUR_MS, MINUTE_MS } from '../policy.js';
import { pairOf, Remembered } from './remembered.js';

const LOCKOUT_THRESHOLD = 10;
const FIRST_LOCK_MS = MINUTE_MS;
const MAX_LOCK_MS = HOUR_MS;
const REMEMBERED_PASSWORDS = 3;

export const ENTRA_LIKE: Contender = {
  name: 'Entra-like, growth assumed',
  // It has no window in which failures are forgotten, so that silence gives nothing back.
  plans: [],
  create: (clock) => {
    const familiar = new Set<string>();
    const counters = new Remembered(() => ({ failures: 0, lockedUntil: 0, recent: [] as string[] }));
    return {
      login: ({ username, ip, password, verify }) => {
        const place = pairOf(username, ip);
        const key = pairOf(username, familiar.has(place) ? 'familiar' : 'unfamiliar');
        const counter = counters.of(key);
        if (clock.now < counter.lockedUntil) return 'refused';
        if (verify()) {
          familiar.add(place);
          counters.forget(key);
          return 'in';
        }
        if (counter.recent.includes(password)) return 'wrong';
        counter.recent = [password, ...counter.recent].slice(0, REMEMBERED_PASSWORDS);
        counter.failures += 1;
        const doublings = counter.failures - LOCKOUT_THRESHOLD;
        if (doublings >= 0) counter.lockedUntil = clock.now + Math.min(MAX_LOCK_MS, FIRST_LOCK_MS * 2 ** doublings);
        return 'wrong';
      },
    };
  },
};
