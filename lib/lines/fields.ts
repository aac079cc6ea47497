/** Writes one line of fields that no client can forge. */
import { isIP } from 'node:net';
import { escapeUnsafe } from '../util/printable.js';

/** What stands where there is no value. */
export const NONE = '-';

/** A value of ours, such as a number, a code or a date: never one that a client chooses. */
export type PlainValue = string | number | boolean | null | undefined;

/**
 * Returns a line such as `passport-lockout: ip_blocked ip=203.0.113.9 enforced=true username="alice"`. Plain fields come first, in
 * a fixed order; after them those that a client may have chosen, in quotes.
 */
export function toLine(
  event: string,
  plain: Readonly<Record<string, PlainValue>>,
  quoted: Readonly<Record<string, string | null | undefined>> = {},
): string {
  const fields = [
    ...Object.entries(plain).map(([name, value]) => `${name}=${value ?? NONE}`),
    ...Object.entries(quoted).flatMap(([name, value]) => (value == null ? [] : [`${name}=${quote(value)}`])),
  ];
  return `passport-lockout: ${[event, ...fields].join(' ')}`;
}

/**
 * Quotes a text, with the escapes that events use, so that `exactName` returns the original. Escapes quotes, and `=` as well: no
 * text of a client then contains anything that looks like a field, even to a program that does not know of quotes.
 */
function quote(text: string): string {
  return `"${escapeUnsafe(text).replace(/"/g, '\\u{22}').replace(/=/g, '\\u{3d}')}"`;
}

/** Returns an address or a network, and nothing else: what stands there may be a pseudonym. */
export function addressOf(value: string | undefined): string {
  const [address = '', prefix = '0'] = (value ?? '').split('/');
  return value !== undefined && isIP(address) > 0 && /^\d{1,3}$/.test(prefix) ? value : NONE;
}
