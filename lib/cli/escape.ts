/** Makes messages of drivers and applications safe for one line of an operator's terminal. */
import { findCredentials, maskCredentialsOf } from '../util/url-credentials.js';

/** Joins the lines, leaving out empty ones. */
export function onOneLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').join(' ');
}

/** Returns a message of a driver or an application on one line, with its credentials masked. */
export function maskCredentials(message: string, uri?: string): string {
  const secrets = uri === undefined ? [] : secretsOf(uri);
  const masked = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), message);
  return masked.trim().split(/\s+/).map(maskCredentialsOf).join(' ');
}

/** Returns the URI itself, then its user and password, as written and decoded. */
function secretsOf(uri: string): readonly string[] {
  const span = findCredentials(uri);
  if (!span) return [uri];
  const credentials = uri.slice(span.from, span.to);
  const at = credentials.indexOf(':');
  const parts = at < 0 ? [] : [credentials.slice(at + 1), decoded(credentials.slice(at + 1))];
  return [uri, credentials, ...parts].filter((text) => text.length > 0);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Badly encoded; the text as written is masked anyway.
    return '';
  }
}
