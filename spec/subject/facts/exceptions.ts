/** Where two stores disagree so that one key for both would join names that no store joins. README tells what to do there. */
import type { EqualTexts } from './facts.js';

/** Older than characters over U+FFFF: all of them are one. */
const TWO_BYTES = ['mariadb-utf8mb4_general_ci', 'mariadb-utf8mb4_unicode_ci'];
/** One character for one: ß is s, which is ss everywhere else; the iota below α is ι, elsewhere an accent. */
const ONE_FOR_ONE = ['mariadb-utf8mb4_general_ci'];
export const MORE_THAN_ONE = ['ß', 'ẞ', '\u0345'];

/** A class of a server without what the fold leaves to an application's own. */
export function withoutExceptions(server: string, texts: EqualTexts): EqualTexts {
  return texts.filter((text) => {
    if (TWO_BYTES.includes(server) && (text.codePointAt(0) ?? 0) > 0xffff) return false;
    return !(ONE_FOR_ONE.includes(server) && MORE_THAN_ONE.includes(text));
  });
}
