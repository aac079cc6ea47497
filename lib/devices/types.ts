/** The option `knownDevices`, as an application writes it. */
import type { LockoutRequest } from '../subject/attempt.js';
import type { DurationInput } from '../util/durations.js';

/** The cookie that holds the tokens. */
export interface DeviceCookieOptions {
  /**
   * 1 to 64 letters, digits and `_ - .`, without a prefix. Two applications on one host need two names: they do not know each
   * other's devices.
   * @default 'lockout_device'
   */
  readonly name?: string | undefined;
  /**
   * True sends it over https only and, where `path` and `domain` have their defaults, gives its name the prefix `__Host-`, so that
   * no other host of the domain can set it. Outside production a request over plain http is given one without both.
   * @default true
   */
  readonly secure?: boolean | undefined;
  /**
   * `'none'` for a page of another site that logs in with credentials; only beside `secure: true`.
   * @default 'lax'
   */
  readonly sameSite?: 'lax' | 'strict' | 'none' | undefined;
  /**
   * Where it is sent to; must cover every address that logs in.
   * @default '/'
   */
  readonly path?: string | undefined;
  /**
   * For hosts of one domain that share their accounts and the `secret`.
   * @default none: the host that set it
   */
  readonly domain?: string | undefined;
}

export interface KnownDevicesOptions {
  /**
   * @default { name: 'lockout_device', secure: true, sameSite: 'lax', path: '/' }
   */
  readonly cookie?: DeviceCookieOptions | undefined;
  /**
   * How long a device stays known after its last login, 1 to 400 days: browsers keep no cookie for longer. It is renewed by a
   * login once a day.
   * @default { days: 365 }
   */
  readonly maxAge?: DurationInput | undefined;
  /**
   * What the client was given, where it does not come in the cookie: `(req) => req.headers?.['x-device-token']`. Must answer at
   * once. What is no text of ours counts as none.
   * @default the cookie
   */
  readonly read?: ((req: LockoutRequest) => string | readonly string[] | null | undefined) | undefined;
  /**
   * Hands the client what it is to show with its next logins, up to 214 characters of `A-Z a-z 0-9 _ - .`. Must be done at once.
   * @default sets the cookie
   */
  readonly write?: ((req: LockoutRequest, value: string) => void) | undefined;
}

/** False turns known devices off. */
export type KnownDevicesInput = false | KnownDevicesOptions;
