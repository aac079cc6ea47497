/** What the messages about wrong options say was expected. */
import type { LockoutOptions } from '../../../lib/options/types.js';

export interface BadValue {
  readonly value: unknown;
  /** Below the option, e.g. `[0].failures`. */
  readonly at?: string;
  readonly expected: string;
  readonly got: string;
}

export type BadValues = Readonly<Partial<Record<keyof LockoutOptions, readonly BadValue[]>>>;

export const STORE =
  'a store: an object with the methods reserve, settle, read, list, block, reset, erase, cleanup, revokeDevices, resetLockedBy, close';
export const DIMENSION =
  "'ip', 'username', 'userAgent', a function with a name of its own, or a list of them without repeats";
export const DURATION =
  "a duration such as '90s', '15m', '2h', '1d' or '1w', { minutes: 15 }, a luxon Duration or an ISO 8601 string such as 'PT15M'";
export const COOLOFF = `${DURATION}, over 0, or 'forever'`;
export const FAILURES = 'a whole number from 1 to 1,000,000';
export const STATUS = 'an HTTP status from 400 to 599';
export const BITS = 'a whole number of bits from 32 to 128';
export const NETWORK = 'an IP address or a CIDR range such as 10.0.0.0/8 or 2001:db8::/32';
export const LIST = 'an object { ips, usernames, when }';
export const NOBODY_LISTED = 'at least one of ips, usernames and when: an empty list would refuse everyone';
export const RESPOND = 'an object { page, redirectTo, backTo, corsOrigin, prefer }';
export const ORIGIN =
  "'*', or an origin as browsers send it, such as 'https://app.example': in lower case, without a path or a trailing slash";
export const TEXTS = 'an object { locked, lockedForever, denied, storeUnavailable, title, back }';
export const LOCALE = "a locale such as 'de' or 'pt-BR', or a function of the request";
export const LOG_MODE = "'background', 'await' or 'off'";
export const A_SECRET = 'a secret of at least 32 characters';
export const SECRET = 'x'.repeat(32);
export const SECRETS = `${A_SECRET}, or a list of such secrets`;
export const ROTATION = `${A_SECRET}, or { current, previous }`;
export const HIDDEN = 'something else (not shown, it may be a secret)';

export function ip(): string {
  return '203.0.113.9';
}
export const cooloff = 'PT1M';
export const named = (name: string) => Object.defineProperty(() => 'x', 'name', { value: name });
