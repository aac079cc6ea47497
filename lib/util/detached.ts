/** Strings that outlive the request they came with. */

/** V8 copies shorter strings instead of slicing them. */
const SHORTEST_SLICE = 13;
const LATIN1 = /^[\0-\xff]*$/;

/**
 * Returns an independent copy. A slice keeps the whole string in memory: a name would keep the form or the header it came in, and
 * the password with it.
 */
export function detached(text: string): string {
  if (text.length < SHORTEST_SLICE) return text;
  const encoding = LATIN1.test(text) ? 'latin1' : 'utf16le';
  return Buffer.from(text, encoding).toString(encoding);
}
