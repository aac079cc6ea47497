/** The header that gives a browser its tokens, and the name of the cookie in it. */
import { toJarText } from './jar.js';

/** As the option `knownDevices.cookie` was resolved. */
export interface DeviceCookie {
  readonly name: string;
  readonly secure: boolean;
  readonly sameSite: 'lax' | 'strict' | 'none';
  readonly path: string;
  readonly domain: string | undefined;
}

const SAME_SITE = { lax: 'Lax', strict: 'Strict', none: 'None' } as const;

/**
 * The cookie for a connection on which a browser would not keep a secure one. Not for `sameSite: 'none'`, which browsers refuse
 * without.
 */
export function forPlainHttp(cookie: DeviceCookie): DeviceCookie {
  return cookie.sameSite === 'none' ? cookie : { ...cookie, secure: false };
}

/**
 * The name with the prefix by which browsers take the cookie from this host alone, over https (RFC 6265bis, section 4.1.3.2).
 * Else another host of the domain, or whoever is on the line, could set one of the same name.
 */
export function cookieNameOf({ name, secure, path, domain }: DeviceCookie): string {
  return secure && path === '/' && domain === undefined ? `__Host-${name}` : name;
}

/** The value of `Set-Cookie`. By hand: each part is checked with the options, and tokens need no encoding. */
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
