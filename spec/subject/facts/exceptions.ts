/** Where two stores disagree so that one key for both would join names that no store joins. README explains what to do then. */
import type { EqualTexts } from './facts.js';

/** Older than characters over U+FFFF: all of them are one. */
const TWO_BYTES = ['mariadb-utf8mb4_general_ci', 'mariadb-utf8mb4_unicode_ci'];
/** One character for one: ß is s, which is ss everywhere else; the iota below α is ι, elsewhere an accent. */
const ONE_FOR_ONE = ['mariadb-utf8mb4_general_ci'];
export const MORE_THAN_ONE = ['ß', 'ẞ', '\u0345'];
/** With tables that have eight letters at most for a character: to these it is no more than its first two words. */
const EIGHT_LETTERS = ['mariadb-utf8mb4_unicode_520_ci', 'mariadb-uca1400_ai_ci', 'mariadb-uca1400_as_ci'];
export const MORE_THAN_EIGHT = 'ﷺ';
/** A mark that stands alone is to it a blank with that mark on it; to collations it is nothing, and a blank is not. */
const DECOMPOSED = ['openldap-case-ignore-match'];
const BLANK_WITH_MARK = /^ [\u0345\u064b-\u0652\u0670]+$/;

/** A class of a server without what the fold leaves to an application's own. */
export function withoutExceptions(server: string, texts: EqualTexts): EqualTexts {
  return texts.filter((text) => {
    const characters = [...text];
    if (TWO_BYTES.includes(server) && characters.some((character) => character.length > 1)) return false;
    if (EIGHT_LETTERS.includes(server) && text === MORE_THAN_EIGHT) return false;
    if (DECOMPOSED.includes(server) && BLANK_WITH_MARK.test(text)) return false;
    return !(ONE_FOR_ONE.includes(server) && characters.some((character) => MORE_THAN_ONE.includes(character)));
  });
}
