/** The header that gives a browser its tokens, and the name of the cookie in it. */
import { toJarText } from './jar.js';

/** The option `knownDevices.cookie` with defaults filled in. */
export interface DeviceCookie {
  readonly name: string;
  readonly secure: boolean;
  readonly sameSite: 'lax' | 'strict' | 'none';
  readonly path: string;
  readonly domain: string | undefined;
}

const SAME_SITE = { lax: 'Lax', strict: 'Strict', none: 'None' } as const;

/**
 * Returns the cookie for a connection on which a browser would not keep a secure one. Does not apply to `sameSite: 'none'`,
 * which browsers refuse without `Secure`.
 */
export function forPlainHttp(cookie: DeviceCookie): DeviceCookie {
  return cookie.sameSite === 'none' ? cookie : { ...cookie, secure: false };
}

/**
 * Returns the name with the prefix that makes browsers accept the cookie from this host only, over https (RFC 6265bis, section
 * 4.1.3.2). Otherwise another host of the domain, or an attacker on the network, could set a cookie of the same name.
 */
export function cookieNameOf({ name, secure, path, domain }: DeviceCookie): string {
  return secure && path === '/' && domain === undefined ? `__Host-${name}` : name;
}

/** Returns the value of `Set-Cookie`. Built by hand: the options check has validated each part, and tokens need no encoding. */
export function toSetCookie(cookie: DeviceCookie, tokens: readonly string[], maxAgeMs: number): string {
  const { secure, sameSite, path, domain } = cookie;
  const parts = [
    `${cookieNameOf(cookie)}=${toJarText(tokens)}`,
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    `Path=${path}`,
    `Max-Age=${Math.floor(maxAgeMs / 1_000)}`,
    'HttpOnly',
    `SameSite=${SAME_SITE[sameSite]}`,
    ...(secure ? ['Secure'] : []),
  ];
  return parts.join('; ');
}
