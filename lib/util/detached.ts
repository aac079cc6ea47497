/** Texts that outlive the request they came with. */

/** V8 makes no slices of shorter texts. */
const SHORTEST_SLICE = 13;
const LATIN1 = /^[\0-\xff]*$/;

/**
 * A copy that stands alone. A part that was cut from a text keeps the whole of it in memory: a name would keep the form or
 * the header it came in, and the password with it.
 */
export function detached(text: string): string {
  if (text.length < SHORTEST_SLICE) return text;
  const encoding = LATIN1.test(text) ? 'latin1' : 'utf16le';
  return Buffer.from(text, encoding).toString(encoding);
}
