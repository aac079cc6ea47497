/** The tokens of one browser, newest first: one for each account that logged in there, in one cookie. */
import { idOf, isToken, MAX_TOKENS } from './token.js';

const SEPARATOR = '.';
const QUOTE = '"';

/** @param text - of {@link toJarText}, or whatever the client made of it */
export function tokensInText(text: string): readonly string[] {
  return distinct(text.split(SEPARATOR, MAX_TOKENS).filter(isToken));
}

/**
 * Of all cookies of that name: a browser sends several when they were set for several paths or domains. Read once from left to
 * right, for a header is as long as the server allows.
 *
 * Not by the package `cookie`, which knows only the first cookie of each name.
 *
 * @param header - `Cookie`
 */
export function tokensInCookies(header: string, name: string): readonly string[] {
  const begin = `${name}=`;
  let found: readonly string[] = [];
  for (let start = 0; start < header.length && found.length < MAX_TOKENS; ) {
    const semicolon = header.indexOf(';', start);
    const end = semicolon < 0 ? header.length : semicolon;
    while (start < end && isBlank(header.charCodeAt(start))) start += 1;
    if (header.startsWith(begin, start)) {
      const value = unquoted(header.slice(start + begin.length, end).trim());
      found = distinct([...found, ...tokensInText(value)]).slice(0, MAX_TOKENS);
    }
    start = end + 1;
  }
  return found;
}

/** The tokens with one more, which takes the place of that of the same device; the oldest goes where there is no room. */
export function withToken(tokens: readonly string[], token: string): readonly string[] {
  return distinct([token, ...tokens]).slice(0, MAX_TOKENS);
}

export function toJarText(tokens: readonly string[]): string {
  return tokens.join(SEPARATOR);
}

/** The first of each device. */
function distinct(tokens: readonly string[]): readonly string[] {
  const ids = tokens.map(idOf);
  return tokens.filter((token, at) => ids.indexOf(idOf(token)) === at);
}

/** RFC 6265, section 4.1.1, allows them. */
function unquoted(value: string): string {
  return value.startsWith(QUOTE) && value.endsWith(QUOTE) ? value.slice(1, -1) : value;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
