/** User and password in a URL. */

export interface CredentialsSpan {
  readonly from: number;
  /** Index of the @. */
  readonly to: number;
}

/**
 * Finds what comes before the host, up to the last @: a password may contain anything. Searched from both ends: a pattern would
 * start over at each slash, and a client may send a megabyte of them.
 */
export function findCredentials(text: string): CredentialsSpan | undefined {
  const from = text.indexOf('//') + 2;
  const to = text.lastIndexOf('@');
  return from >= 2 && to >= from ? { from, to } : undefined;
}

export function maskCredentialsOf(url: string): string {
  const span = findCredentials(url);
  return span ? `${url.slice(0, span.from)}***${url.slice(span.to)}` : url;
}
