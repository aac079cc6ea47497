/** Usernames as attackers write them, folded to one spelling. */

import { describeValue } from '../validation/describe-value.js';
import { invalidOption } from '../validation/invalid-option.js';
import { type CharacterTable, characterTable, replaceCharacters } from './character-table.js';

/** Whether `josé` and `jose` are one account. */
export type AccentRule = 'ignore' | 'keep';

export interface CanonicalUsernameOptions {
  /**
   * `'keep'` where the user store keeps accents apart, as PostgreSQL does unless it is told otherwise, and accounts that differ
   * in them shall not share a counter.
   * @default 'ignore'
   */
  readonly accents?: AccentRule;
}

/** What tells whether two usernames are one account. */
export interface UsernamesOptions extends CanonicalUsernameOptions {
  /**
   * True where no two accounts fold to one name, because registration looks `canonicalUsername` up before it makes an account.
   * Failures then have the folded name for their source instead of its exact spelling, so that whoever mistyped a capital letter
   * or an accent is forgiven by his next login. Where it is not so, one account's login forgives guesses at the other from the
   * same place.
   * @default false
   */
  readonly unique?: boolean;
}

/**
 * All who send an array, an object, or what is longer than any name. Some user stores read `['alice']` as alice, and with a
 * subject for each shape the shapes alone would be a budget without end. No canonical name has such capitals.
 */
export const MALFORMED_USERNAME = '<MALFORMED>';

/** All whose name is nothing but blanks, invisible characters and lone accents: a store may take them for one account. */
export const BLANK_USERNAME = '<BLANK>';

/** No canonical name is longer. */
export const MAX_USERNAME_CHARS = 4096;
/** So many make one at most when they are composed: a letter with three accents. */
const MAX_PARTS = 4;
/** More marks on one letter no name has; to put them into order takes quadratic time (UAX #15, stream-safe format). */
const TOO_MANY_MARKS = /[\p{Mark}\uff9e\uff9f]{31}/u;
/** On the way some characters become marks, and some that stood between marks go; thirty marks may become ninety. */
const PILE_OF_MARKS = /\p{Mark}{128}/u;

/** Most names; of ASCII nothing but capitals is equal to anything else. */
const PLAIN = /^[!-@[-~]+$/;
const ASCII = /^[!-~]+(?: [!-~]+)*$/;
const BLANKS = /\p{White_Space}+/gu;
/** Turkish: the small letter of `İ`, to libc and OpenLDAP plain `i`. */
const DOT_OVER_I = /(?<=i\p{Mark}*)\u0307/gu;
/** Catalan: to collations `l·` is an l with an accent. */
const DOT_AFTER_L = /(?<=l)·+/g;
/** Thai, Lao, New Tai Lue and Tai Viet write some vowels before the consonant they follow; collations take both for one. */
const TURNED =
  /[\u0e01-\u0e2e\u0e40-\u0e44]{2,}|[\u0e81-\u0eae\u0edc-\u0edf\u0ec0-\u0ec4]{2,}|[\u1980-\u19ab\u19b5-\u19b7\u19ba]{2,}|[\uaa80-\uaab6\uaab9\uaabb\uaabc]{2,}/g;
const TURNED_VOWELS = /[\u0e40-\u0e44\u0ec0-\u0ec4\u19b5-\u19b7\u19ba\uaab5\uaab6\uaab9\uaabb\uaabc]/g;
const TURNED_CONSONANTS = /[^\u0e40-\u0e44\u0ec0-\u0ec4\u19b5-\u19b7\u19ba\uaab5\uaab6\uaab9\uaabb\uaabc]/g;
/** Arabic: collations read `ٵ` as hamza and alef, Unicode decomposes it to alef and a high hamza, and these are hamzas alike. */
const AROUND_HAMZA = /[\u0621\u0627\u0648\u064a\u06c7]{2,}/g;
const HAMZAS = /\u0621/g;
const NO_HAMZAS = /[^\u0621]/g;

/**
 * One spelling for all spellings that a user store may take for the same name. Case, accents, compatibility forms (NFKC),
 * invisible characters and whatever else a collation ignores do not count; characters that a collation takes for equal are
 * one (Unicode Standard, section 3.13, and Unicode Technical Standard #10); runs of blanks are one blank, none at the
 * ends (RFC 4518, section 2.6.1). Otherwise `Bob`, `bob ` and a full-width `ｂｏｂ` would each have guesses of their own.
 *
 * The time it takes grows with the length of the input and no faster. Give it to an option `canonicalUsername` of your
 * own, to fold what you have looked up.
 *
 * @throws {LockoutConfigError} for wrong options
 * @returns `<MALFORMED>` for more than 4,096 characters, `<BLANK>` if nothing is left of them; undefined for what is no
 * name at all: an empty text, or no text, number, boolean or bigint.
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
  // What does not count goes before anything is cut or put into order: a name could hide behind a wall of it.
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

/** @returns undefined where more marks come together than can be put into order */
function toLetters(text: string, { ignored, equal }: CharacterTable): string | undefined {
  // Marks in their order first: some of them become letters, and canonically equivalent texts are one name.
  const replaced = replaceCharacters(text.normalize('NFD'), equal);
  if (PILE_OF_MARKS.test(replaced)) return undefined;
  const decomposed = replaced.normalize('NFKD').replace(ignored, '');
  if (PILE_OF_MARKS.test(decomposed)) return undefined;
  // By way of upper case, which joins what lower case alone keeps apart (ß and ss, the two small sigmas); from lower case,
  // since upper case leaves the capital ẞ as it is.
  const folded = decomposed.toLowerCase().toUpperCase().toLowerCase().normalize('NFKD');
  return replaceCharacters(folded, equal).replace(ignored, '');
}

/**
 * Where it is not one character that is equal to others, but where it stands.
 *
 * @returns undefined where more marks come together than can be put into order
 */
function toOrder(text: string, accents: AccentRule): string | undefined {
  const turned = text.replace(TURNED, (run) => run.replace(TURNED_VOWELS, '') + run.replace(TURNED_CONSONANTS, ''));
  if (PILE_OF_MARKS.test(turned)) return undefined;
  const led = turned.replace(AROUND_HAMZA, (run) => run.replace(NO_HAMZAS, '') + run.replace(HAMZAS, ''));
  return accents === 'keep' ? led.replace(DOT_OVER_I, '') : led.replace(DOT_AFTER_L, '');
}
