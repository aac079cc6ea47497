/** How many terminal columns a text takes. */

/** Such as combining accents, and the vowels and final consonants of Hangul. */
const NO_COLUMN = /[\p{Mn}\p{Me}\u1160-\u11ff]/u;
/** East Asian letters, their punctuation and full-width forms, and characters that are emoji by default. */
const TWO_COLUMNS =
  /[\u1100-\u115f\u3000-\u303e\uff01-\uff60\uffe0-\uffe6\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Yi}\p{Emoji_Presentation}]/u;
const HALF_WIDTH = /[\uff61-\uffdc]/;
const PLAIN = /^[ -~]*$/;

/** @param text - on one line and without control characters */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += columnsOf(character);
  return width;
}

function columnsOf(character: string): number {
  if (NO_COLUMN.test(character)) return 0;
  return TWO_COLUMNS.test(character) && !HALF_WIDTH.test(character) ? 2 : 1;
}

/** Pads the text with spaces. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}
