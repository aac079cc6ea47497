/**
 * Makes strings from outside safe for a line of a log or a terminal. The one rule of what is safe: no control character, no line
 * or paragraph separator, no mark of direction, no lone surrogate, no invisible character.
 */

/** For a name, an address, a user agent. */
export const MAX_NAME_CHARS = 256;
export const MAX_PATH_CHARS = 512;

/** Unsafe characters. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Nearly all strings: every character is safe, and nothing looks like an escape. */
export const PLAIN = /^[ -[\]-~]*$/;
const ESCAPE = /\\u\{([0-9a-f]{1,6})\}/g;
/** A client's own escape, whose backslash is escaped: no name is shown like another. */
const LIKE_AN_ESCAPE = /\\(?=u\{[0-9a-f]{1,6}\})/g;
const LAST_CODE_POINT = 0x10ffff;
/** The rest of an escape or of a character that a cut went through. */
const CUT_OFF = /(?:\\(?:u(?:\{[0-9a-f]*)?)?|[\ud800-\udbff])$/;

/** Replaces each unsafe character by what `toSafe` returns. */
export function replaceUnsafe(text: string, toSafe: (char: string) => string): string {
  return text.replace(UNSAFE, toSafe);
}

/** Escapes unsafe characters, such as a line break as `\u{a}`, and leaves the others as they are. */
export function escapeUnsafe(text: string): string {
  return replaceUnsafe(text, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** Escapes as above, but differently for different strings: `exactName` returns the original. Must not be applied twice. */
export function toPrintable(text: string): string {
  return PLAIN.test(text) ? text : escapeUnsafe(text.replace(LIKE_AN_ESCAPE, '\\u{5c}'));
}

/** Returns the beginning of a string that only describes an attempt, in at most `maxChars`. */
export function toExcerpt(text: string, maxChars: number): string {
  if (text.length <= maxChars && PLAIN.test(text)) return text;
  const start = text.length > maxChars ? text.slice(0, maxChars).replace(CUT_OFF, '') : text;
  const printable = toPrintable(start);
  return printable.length > maxChars ? printable.slice(0, maxChars).replace(CUT_OFF, '') : printable;
}

/**
 * Returns the exact name behind one shown by an event, the attempt log, a status or a list. There, characters that would forge a
 * line or reverse the direction of the text are escaped, such as `\u{a}`; all others are shown as they are. Names folded by the
 * default `canonicalUsername` contain no such character.
 *
 * Pass its result to the methods of a `Lockout`, or look the user up with it.
 *
 * @example
 * ```ts
 * exactName('ali\\u{a}ce'); // 'ali\nce'
 * exactName('alice'); // 'alice'
 * ```
 */
export function exactName(shown: string): string {
  return shown.replace(ESCAPE, (written, hex: string) => {
    const codePoint = Number.parseInt(hex, 16);
    return codePoint > LAST_CODE_POINT ? written : String.fromCodePoint(codePoint);
  });
}
