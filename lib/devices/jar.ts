/** The tokens of one browser, newest first: one cookie with a token for each account that logged in there. */
import { idOf, isToken, MAX_TOKENS } from './token.js';

const SEPARATOR = '.';
const QUOTE = '"';

/** @param text - from {@link toJarText}, or whatever the client made of it */
export function tokensInText(text: string): readonly string[] {
  return distinct(text.split(SEPARATOR, MAX_TOKENS).filter(isToken));
}

/**
 * Returns the tokens of all cookies of that name: a browser sends several if they were set for several paths or domains. Scans
 * the header once from left to right, because it may be as long as the server allows.
 *
 * The package `cookie` does not help: it returns only the first cookie of each name.
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

/** Returns the tokens with one more, which replaces the one of the same device; the oldest is dropped if there is no room. */
export function withToken(tokens: readonly string[], token: string): readonly string[] {
  return distinct([token, ...tokens]).slice(0, MAX_TOKENS);
}

export function toJarText(tokens: readonly string[]): string {
  return tokens.join(SEPARATOR);
}

/** Keeps the first token of each device. */
function distinct(tokens: readonly string[]): readonly string[] {
  const ids = tokens.map(idOf);
  return tokens.filter((token, at) => ids.indexOf(idOf(token)) === at);
}

/** Characters allowed by RFC 6265, section 4.1.1. */
function unquoted(value: string): string {
  return value.startsWith(QUOTE) && value.endsWith(QUOTE) ? value.slice(1, -1) : value;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
