/** Options that others recommend or use as defaults: `new Lockout({ ...presets.owasp, store })`. */
import { exponentialLadder } from './exponential-ladder.js';
import type { LockoutOptions } from './types.js';

const axes: LockoutOptions = {
  dimensions: ['ip'],
  tiers: { ip: [{ failures: 3, cooloff: 'forever' }] },
  forgetAfter: 'forever',
  resetOnSuccess: false,
};

const defender: LockoutOptions = {
  dimensions: ['username', 'ip'],
  tiers: {
    username: [{ failures: 4, cooloff: { minutes: 5 } }],
    ip: [{ failures: 4, cooloff: { minutes: 5 } }],
  },
  forgetAfter: { minutes: 5 },
  forgetFrom: 'last',
  resetOnSuccess: 'all',
};

const owasp: LockoutOptions = {
  dimensions: ['username', 'ip'],
  tiers: { username: exponentialLadder({ after: 3, base: { seconds: 1 }, cap: { hours: 1 } }) },
};

const nist: LockoutOptions = {
  dimensions: ['username', 'ip'],
  tiers: { username: exponentialLadder({ after: 3, base: { seconds: 30 }, cap: { hours: 1 }, every: 3 }) },
  hardStop: { failures: 100 },
  resetOnSuccess: true,
};

const pci: LockoutOptions = {
  dimensions: ['username', 'ip'],
  tiers: { username: [{ failures: 10, cooloff: { minutes: 30 } }] },
};

/** Options for common needs, to pass to `new Lockout` or to spread into your own: `new Lockout({ ...presets.owasp, store })`. */
export const presets: {
  /**
   * The defaults of django-axes: three failures lock an address until reset, and nothing is forgotten.
   *
   * Source: django-axes 8, `AXES_FAILURE_LIMIT`, `AXES_LOCKOUT_PARAMETERS`, `AXES_COOLOFF_TIME`, `AXES_RESET_ON_SUCCESS`.
   * Addresses are cheap to change, and three typing errors lock an office; the other presets suit most applications better.
   */
  readonly axes: LockoutOptions;
  /**
   * The defaults of django-defender: the fourth failure locks username and address for five minutes.
   *
   * Source: django-defender 0.9, `DEFENDER_LOGIN_FAILURE_LIMIT` (3 failures are let pass) and `DEFENDER_COOLOFF_TIME`. As there,
   * each further failure locks again until five quiet minutes have passed, and a success forgives all failures of the username,
   * so there is no bound for an account whose owner logs in.
   */
  readonly defender: LockoutOptions;
  /**
   * Exponential lockout of the account: a second after the third failure, doubled with each further one, up to an hour.
   *
   * Source: OWASP Authentication Cheat Sheet, "Account Lockout" (the counter belongs to the account rather than to the address;
   * a lockout that begins with about a second and doubles), within the 100 failures an hour of OWASP ASVS 4.0.3, 2.2.1.
   */
  readonly owasp: LockoutOptions;
  /**
   * At most 100 failures in a row for an account, and waits that grow from 30 seconds to an hour on the way.
   *
   * Source: NIST SP 800-63B-4, section 3.2.2: a limit of at most 100 consecutive failures, after which the authenticator is
   * disabled; a wait that grows "30 seconds up to an hour" and disregarding earlier failures after a success are its advice.
   */
  readonly nist: LockoutOptions;
  /**
   * Ten failures lock the account for 30 minutes.
   *
   * Source: PCI DSS 4.0.1, requirement 8.3.4: a user ID is locked after not more than 10 attempts, for at least 30 minutes or
   * until the user's identity is confirmed. The default tiers lock earlier, but their first for 15 minutes only.
   */
  readonly pci: LockoutOptions;
} = { axes, defender, owasp, nist, pci };
