/** Values as text of one line that nothing can turn round or break. */

/** Controls, line and paragraph separators, marks of direction, lone surrogates and what shows nothing at all. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** On one line; the same value, since only inside its texts can there be such characters. */
export function toSafeJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (char) =>
    Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}
