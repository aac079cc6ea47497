/** The option `knownDevices` as an application writes it. */
import type { LockoutRequest } from '../subject/attempt.js';
import type { DurationInput } from '../util/durations.js';

/** The cookie that holds the tokens. */
export interface DeviceCookieOptions {
  /**
   * 1 to 64 letters, digits and `_ - .`, without a prefix. Two applications on one host need different names, since they do not
   * recognise each other's devices.
   * @default 'lockout_device'
   */
  readonly name?: string | undefined;
  /**
   * If true, the cookie is sent over https only and, if `path` and `domain` have their defaults, its name gets the prefix
   * `__Host-`, so that no other host of the domain can set it. Outside production, a request over plain http gets a cookie
   * without either.
   * @default true
   */
  readonly secure?: boolean | undefined;
  /**
   * `'none'` is for a page of another site that logs in with credentials; it requires `secure: true`.
   * @default 'lax'
   */
  readonly sameSite?: 'lax' | 'strict' | 'none' | undefined;
  /**
   * The path that the cookie is sent to; must cover every URL that logs users in.
   * @default '/'
   */
  readonly path?: string | undefined;
  /**
   * For hosts of one domain that share their accounts and the `secret`.
   * @default none: the host that set it
   */
  readonly domain?: string | undefined;
}

/** The option `knownDevices`: how browsers that have logged in before are recognised. */
export interface KnownDevicesOptions {
  /**
   * @default { name: 'lockout_device', secure: true, sameSite: 'lax', path: '/' }
   */
  readonly cookie?: DeviceCookieOptions | undefined;
  /**
   * How long a device stays known after its last login, 1 to 400 days: browsers keep no cookie for longer. Logins renew it once
   * a day.
   * @default { days: 365 }
   */
  readonly maxAge?: DurationInput | undefined;
  /**
   * Returns what the client was given, if that does not come in the cookie: `(req) => req.headers?.['x-device-token']`. Must be
   * synchronous. Anything that is not one of our strings is ignored.
   * @default the cookie
   */
  readonly read?: ((req: LockoutRequest) => string | readonly string[] | null | undefined) | undefined;
  /**
   * Gives the client what it must send with its next logins, up to 214 characters of `A-Z a-z 0-9 _ - .`. Must be synchronous.
   * @default sets the cookie
   */
  readonly write?: ((req: LockoutRequest, value: string) => void) | undefined;
}

/** False turns known devices off. */
export type KnownDevicesInput = false | KnownDevicesOptions;
