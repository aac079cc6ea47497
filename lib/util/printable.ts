/**
 * Texts that somebody else has chosen, fit for a line of a log or a terminal. The one rule of what is safe there: no control
 * character, no line or paragraph separator, no mark of direction, no half of a character, nothing that shows nothing at all.
 */

/** For a name, an address, a user agent. */
export const MAX_NAME_CHARS = 256;
export const MAX_PATH_CHARS = 512;

/** What is not safe. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Nearly everything: all of it is safe, and nothing looks like an escape. */
export const PLAIN = /^[ -[\]-~]*$/;
const ESCAPE = /\\u\{([0-9a-f]{1,6})\}/g;
/** Of what a client wrote as an escape, the backslash is escaped: no name is shown as another is. */
const LIKE_AN_ESCAPE = /\\(?=u\{[0-9a-f]{1,6}\})/g;
const LAST_CODE_POINT = 0x10ffff;
/** What is left where a text was cut within an escape, or within a character. */
const CUT_OFF = /(?:\\(?:u(?:\{[0-9a-f]*)?)?|[\ud800-\udbff])$/;

/** What is not safe, one by one, made safe by `toSafe`. */
export function replaceUnsafe(text: string, toSafe: (char: string) => string): string {
  return text.replace(UNSAFE, toSafe);
}

/** Safe: `\u{a}` stands for a line break. What is safe already stays as it is. */
export function escapeUnsafe(text: string): string {
  return replaceUnsafe(text, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** As above, and of two texts never the same: `exactName` has the text again. To be done once. */
export function toPrintable(text: string): string {
  return PLAIN.test(text) ? text : escapeUnsafe(text.replace(LIKE_AN_ESCAPE, '\\u{5c}'));
}

/** The beginning of a text, for what only describes an attempt; in at most so many characters. */
export function toExcerpt(text: string, maxChars: number): string {
  if (text.length <= maxChars && PLAIN.test(text)) return text;
  const start = text.length > maxChars ? text.slice(0, maxChars).replace(CUT_OFF, '') : text;
  const printable = toPrintable(start);
  return printable.length > maxChars ? printable.slice(0, maxChars).replace(CUT_OFF, '') : printable;
}

/**
 * The name itself, of one that an event, the attempt log, a status or a list shows. There, characters that would forge a line or
 * turn the writing round stand as escapes such as `\u{a}`; everything else stands as it is. Names that the default
 * `canonicalUsername` has folded hold no such character.
 *
 * Give its result to the methods of a `Lockout`, or look the user up with it.
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
