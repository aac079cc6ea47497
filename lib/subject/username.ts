/** Usernames as attackers write them, folded to one spelling. */

/** Past this no account is meant any more; folding a megabyte would only cost time. The key step hashes long names. */
const MAX_CHARS = 4096;

const PLAIN = /^[a-z0-9._@+-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what has to go, databases cut names at it
const IGNORABLE = /[\p{Default_Ignorable_Code_Point}\u0000]/gu;

/**
 * One spelling for all spellings that a user store may take for the same name: NUL and invisible characters removed,
 * compatibility forms unified (NFKC), case folded, outer blanks trimmed (Unicode Standard, section 3.13,
 * NFKC_Casefold). Without it `Bob`, `bob ` and a full-width `ｂｏｂ` would each have their own budget of guesses.
 *
 * @returns undefined for what is no name at all: not a string, number, boolean or bigint, or nothing left of it.
 */
export function canonicalUsername(input: unknown): string | undefined {
  const text = toText(input);
  if (text === undefined) return undefined;
  if (text.length <= MAX_CHARS && PLAIN.test(text)) return text;
  // Blanks and invisibles go before the cut, or a name could hide behind a wall of them.
  const visible = text.replace(IGNORABLE, '').trim().slice(0, MAX_CHARS).normalize('NFKC');
  // By way of upper case, which joins what lower case alone keeps apart (ß and ss, the two small sigmas); from lower case,
  // since upper case leaves the capital ẞ as it is.
  const folded = visible.toLowerCase().toUpperCase().toLowerCase().normalize('NFKC').replace(IGNORABLE, '');
  // Once more: one character may unfold to eighteen.
  const name = folded.slice(0, MAX_CHARS).trim();
  return name === '' ? undefined : name.toWellFormed();
}

function toText(input: unknown): string | undefined {
  switch (typeof input) {
    case 'string':
      return input;
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(input);
    default:
      return undefined;
  }
}
