/** Strings that outlive the request they came with. */

/** V8 copies shorter strings instead of slicing them. */
const SHORTEST_SLICE = 13;

/**
 * Returns an independent copy. A slice keeps the whole string in memory: a name would keep the form or the header it came in, and
 * the password with it.
 */
export function detached(text: string): string {
  // Joined with a blank it is a new string, of which the result is a slice: it keeps one character more, and nothing else.
  return text.length < SHORTEST_SLICE ? text : ` ${text}`.slice(1);
}
