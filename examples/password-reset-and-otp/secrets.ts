/** The second secrets of the accounts. A real application keeps them in its database, and makes reset codes anew. */
import { timingSafeEqual } from 'node:crypto';
import { TOTP } from 'otpauth';
import { demoPasswords } from '../express/users.js';

const totps = new Map(
  Object.keys(demoPasswords).map((username) => [username, new TOTP({ label: username, secret: 'JBSWY3DPEHPK3PXP' })]),
);
const NOBODYS = new TOTP({ secret: 'NB2W45DFOIZA' });

/** The code that a phone would show, for who tries the example. */
export function currentCode(username: string): string {
  return totps.get(username)?.generate() ?? '';
}

export function isCurrentCode(username: string, token: string): boolean {
  const totp = totps.get(username);
  const delta = (totp ?? NOBODYS).validate({ token, window: 1 });
  return totp !== undefined && delta !== null;
}

const resetCodes = new Map([['alice', '7F3K-99QX']]);

export function isResetCode(username: string, code: string): boolean {
  const expected = Buffer.from(resetCodes.get(username) ?? '\0');
  const given = Buffer.from(code);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
