/** The header that gives a browser its tokens. */
import { expect } from 'chai';
import { resolveKnownDevices } from '../../lib/devices/resolve.js';
import { cookieNameOf, type DeviceCookie, forPlainHttp, toSetCookie } from '../../lib/devices/set-cookie.js';
import type { DeviceCookieOptions } from '../../lib/devices/types.js';

const YEAR_MS = 365 * 24 * 3_600_000;
const TOKENS = ['a'.repeat(42), 'b'.repeat(42)];

function cookie(options: DeviceCookieOptions = {}): DeviceCookie {
  return resolveKnownDevices({ cookie: options })?.cookie as DeviceCookie;
}

describe('devices/set-cookie', () => {
  const VALUE = TOKENS.join('.');
  for (const [what, given, header] of [
    [
      'by default is for this host alone, over https, a year long, and out of reach of scripts',
      cookie(),
      `__Host-lockout_device=${VALUE}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure`,
    ],
    [
      'has no prefix for a whole domain, where browsers would refuse it',
      cookie({ domain: 'example.com' }),
      `lockout_device=${VALUE}; Domain=example.com; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure`,
    ],
    [
      'has no prefix below another path, where browsers would refuse it',
      cookie({ path: '/app', name: 'x', sameSite: 'strict' }),
      `x=${VALUE}; Path=/app; Max-Age=31536000; HttpOnly; SameSite=Strict; Secure`,
    ],
    [
      'has neither prefix nor Secure where it is told so',
      cookie({ secure: false }),
      `lockout_device=${VALUE}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax`,
    ],
    [
      'has neither prefix nor Secure for plain http',
      forPlainHttp(cookie()),
      `lockout_device=${VALUE}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax`,
    ],
    [
      'for pages of other sites is always secure, or browsers would refuse it',
      forPlainHttp(cookie({ sameSite: 'none' })),
      `__Host-lockout_device=${VALUE}; Path=/; Max-Age=31536000; HttpOnly; SameSite=None; Secure`,
    ],
  ] as const) {
    it(what, () => {
      expect(toSetCookie(given, TOKENS, YEAR_MS)).to.equal(header);
      expect(cookieNameOf(given)).to.equal(header.slice(0, header.indexOf('=')));
    });
  }

  it('lives for whole seconds', () => {
    expect(toSetCookie(cookie(), TOKENS, 86_400_999)).to.include('; Max-Age=86400;');
  });
});
