/** Usernames as attackers write them, folded to one spelling. */

import { describeValue } from '../validation/describe-value.js';
import { invalidOption } from '../validation/invalid-option.js';
import { type CharacterTable, characterTable, replaceCharacters } from './character-table.js';

/** Whether `josé` and `jose` are one account. */
export type AccentRule = 'ignore' | 'keep';

/** Which spellings `canonicalUsername` joins. */
export interface CanonicalUsernameOptions {
  /**
   * `'keep'` if the user store distinguishes accents, as PostgreSQL does by default, and accounts that differ only in accents
   * should not share a counter.
   * @default 'ignore'
   */
  readonly accents?: AccentRule | undefined;
}

/** Options that decide whether two usernames are one account. */
export interface UsernamesOptions extends CanonicalUsernameOptions {
  /**
   * Set to true if no two accounts fold to one name, because registration looks `canonicalUsername` up before it creates an
   * account. The source of a failure is then the folded name instead of the exact spelling, so that a user's next login also
   * takes back mistyped capital letters and accents. If the promise does not hold, one account's login takes back guesses at the
   * other from the same place.
   * @default false
   */
  readonly unique?: boolean | undefined;
}

/**
 * The name of every attempt that sends an array, an object, or more characters than any name has. Some user stores read
 * `['alice']` as alice, and a subject for each shape would give unlimited guesses. Canonical names are lower case, so none
 * collides with it.
 */
export const MALFORMED_USERNAME = '<MALFORMED>';

/** The name for nothing but blanks, invisible characters and lone accents: a store may take all of these for one account. */
export const BLANK_USERNAME = '<BLANK>';

/** No canonical name is longer. */
export const MAX_USERNAME_CHARS = 4096;
/** How many code points are composed into one at most: a letter with three accents. */
const MAX_PARTS = 4;
/** More marks on one letter than any name has; sorting them takes quadratic time (UAX #15, stream-safe format). */
const TOO_MANY_MARKS = /[\p{Mark}\uff9e\uff9f]{31}/u;
/** Folding turns some characters into marks and removes some between marks, so thirty marks may become ninety. */
const PILE_OF_MARKS = /\p{Mark}{128}/u;

/** Most names: in ASCII, only capitals equal another character. */
const PLAIN = /^[!-@[-~]+$/;
const ASCII = /^[!-~]+(?: [!-~]+)*$/;
const BLANKS = /\p{White_Space}+/gu;
/** Turkish: the lower case of `İ`, which libc and OpenLDAP treat as plain `i`. */
const DOT_OVER_I = /(?<=i\p{Mark}*)\u0307/gu;
/** Catalan: collations treat `l·` as an l with an accent. */
const DOT_AFTER_L = /(?<=l)·+/g;
/** Thai, Lao, New Tai Lue and Tai Viet write some vowels before the consonant they follow; collations treat both orders alike. */
const TURNED =
  /[\u0e01-\u0e2e\u0e40-\u0e44]{2,}|[\u0e81-\u0eae\u0edc-\u0edf\u0ec0-\u0ec4]{2,}|[\u1980-\u19ab\u19b5-\u19b7\u19ba]{2,}|[\uaa80-\uaab6\uaab9\uaabb\uaabc]{2,}/g;
const TURNED_VOWELS = /[\u0e40-\u0e44\u0ec0-\u0ec4\u19b5-\u19b7\u19ba\uaab5\uaab6\uaab9\uaabb\uaabc]/g;
const TURNED_CONSONANTS = /[^\u0e40-\u0e44\u0ec0-\u0ec4\u19b5-\u19b7\u19ba\uaab5\uaab6\uaab9\uaabb\uaabc]/g;
/** Arabic: collations read `ٵ` as hamza and alef, but Unicode decomposes it to alef and a high hamza; both count as hamza. */
const AROUND_HAMZA = /[\u0621\u0627\u0648\u064a\u06c7]{2,}/g;
const HAMZAS = /\u0621/g;
const NO_HAMZAS = /[^\u0621]/g;

/**
 * Returns one spelling for all spellings that a user store may treat as the same name. Case, accents, compatibility forms
 * (NFKC), invisible characters and whatever else a collation ignores do not count; characters that a collation treats as equal
 * become one (Unicode Standard, section 3.13, and Unicode Technical Standard #10); runs of blanks become one blank, and those at
 * the ends are dropped (RFC 4518, section 2.6.1). Otherwise `Bob`, `bob ` and a full-width `ｂｏｂ` would each have their own
 * guesses.
 *
 * Takes time linear in the length of the input. Call it in your own `canonicalUsername` option to fold what you have looked up.
 *
 * @throws {LockoutConfigError} for wrong options
 * @returns `<MALFORMED>` for more than 4,096 characters, `<BLANK>` if nothing is left of them; undefined if there is no name at
 * all: an empty string, or anything but a string, number, boolean or bigint.
 * @example
 * ```ts
 * canonicalUsername(' José  Ｇarcía'); // 'jose garcia'
 * canonicalUsername('José', { accents: 'keep' }); // 'josé'
 * ```
 */
export function canonicalUsername(input: unknown, options?: CanonicalUsernameOptions): string | undefined {
  const accents = options === undefined ? 'ignore' : accentsOf(options);
  const text = typeof input === 'string' ? input : toText(input);
  if (text === undefined || text === '') return undefined;
  if (text.length <= MAX_USERNAME_CHARS) {
    if (PLAIN.test(text)) return text;
    if (ASCII.test(text)) return text.toLowerCase();
  }
  const table = characterTable(accents);
  // Ignored characters go before anything is cut or sorted: a name could hide behind a wall of them.
  const visible = trimBlanks(text.replace(table.ignored, ''));
  if (visible.length > MAX_USERNAME_CHARS * MAX_PARTS || TOO_MANY_MARKS.test(visible)) return MALFORMED_USERNAME;
  const letters = toLetters(visible, table);
  const ordered = letters === undefined ? undefined : toOrder(letters, accents);
  if (ordered === undefined) return MALFORMED_USERNAME;
  const name = trimBlanks(ordered).normalize('NFC').toWellFormed();
  if (name.length > MAX_USERNAME_CHARS) return MALFORMED_USERNAME;
  return name === '' ? BLANK_USERNAME : name;
}

function accentsOf(options: CanonicalUsernameOptions): AccentRule {
  const { accents = 'ignore' } = (options ?? {}) as CanonicalUsernameOptions;
  if (typeof options === 'object' && options !== null && (accents === 'ignore' || accents === 'keep')) return accents;
  const at = typeof options === 'object' && options !== null ? 'options.accents' : 'options';
  const expected = at === 'options' ? 'an object { accents }' : "'ignore' or 'keep'";
  const got = describeValue(at === 'options' ? options : accents);
  throw invalidOption(`canonicalUsername ${at}`, expected, got);
}

/** What is no text, but a name all the same. */
function toText(input: unknown): string | undefined {
  switch (typeof input) {
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(input);
    default:
      return undefined;
  }
}

function trimBlanks(text: string): string {
  return text.replace(BLANKS, ' ').trim();
}

/** Returns undefined if more marks come together than can be sorted. */
function toLetters(text: string, { ignored, equal }: CharacterTable): string | undefined {
  // Sort the marks first: some of them become letters, and canonically equivalent strings are one name.
  const replaced = replaceCharacters(text.normalize('NFD'), equal);
  if (PILE_OF_MARKS.test(replaced)) return undefined;
  const decomposed = replaced.normalize('NFKD').replace(ignored, '');
  if (PILE_OF_MARKS.test(decomposed)) return undefined;
  // Via upper case, which joins what lower case alone keeps apart (ß and ss, the two small sigmas); from lower case, because
  // upper case leaves the capital ẞ as it is.
  const folded = decomposed.toLowerCase().toUpperCase().toLowerCase().normalize('NFKD');
  return replaceCharacters(folded, equal).replace(ignored, '');
}

/**
 * Folds what depends on the order of characters rather than on a single one.
 *
 * @returns undefined if more marks come together than can be sorted
 */
function toOrder(text: string, accents: AccentRule): string | undefined {
  const turned = text.replace(TURNED, (run) => run.replace(TURNED_VOWELS, '') + run.replace(TURNED_CONSONANTS, ''));
  if (PILE_OF_MARKS.test(turned)) return undefined;
  const led = turned.replace(AROUND_HAMZA, (run) => run.replace(NO_HAMZAS, '') + run.replace(HAMZAS, ''));
  return accents === 'keep' ? led.replace(DOT_OVER_I, '') : led.replace(DOT_AFTER_L, '');
}
