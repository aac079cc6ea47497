/** Text of strangers, made harmless: a username must not move the cursor, forge a line or turn the writing round. */

/** Controls, line and paragraph separators, marks of direction, lone surrogates and what shows nothing at all. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const UNSAFE_OR_BACKSLASH = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };
/** A user and password before the host of a URL, up to the last @ before a blank. */
const CREDENTIALS = /\/\/\S*@/g;

/** As in a program's text: `\n`, `\u{1b}`. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE_OR_BACKSLASH, (char) => SHORT[char] ?? `\\u{${char.codePointAt(0)?.toString(16)}}`);
}

/** As in a URL, so that what `list` prints can be given back to any command. */
export function escapeKey(key: string): string {
  return key.replace(UNSAFE_OR_BACKSLASH, (char) => encodeURIComponent(char.toWellFormed()));
}

/** On one line; the same value, since only inside its texts can there be such characters. */
export function toSafeJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, (char) =>
    Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}

/** A message of a driver or an application, on one line and without credentials. */
export function maskCredentials(message: string, uri?: string): string {
  const secrets = uri === undefined ? [] : secretsOf(uri);
  const masked = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), message);
  return masked.replace(CREDENTIALS, '//***@').replace(/\s+/g, ' ').trim();
}

/** The URI itself, then the user and password in it, as written and decoded. */
function secretsOf(uri: string): readonly string[] {
  const credentials = /\/\/(.*)@/s.exec(uri)?.[1];
  if (credentials === undefined) return [uri];
  const at = credentials.indexOf(':');
  const parts = at < 0 ? [] : [credentials.slice(at + 1), decoded(credentials.slice(at + 1))];
  return [uri, credentials, ...parts].filter((text) => text.length > 0);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not encoded as it should be; the text itself is masked.
    return '';
  }
}
