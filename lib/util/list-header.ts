/** Headers that hold a list, as long as a client likes. */

/** Returns the first entries, in at most `maxChars`; cut between entries, because half of one could name something else. */
export function firstEntries(header: string, maxChars: number): string {
  if (header.length <= maxChars) return header;
  const start = header.slice(0, maxChars);
  const end = start.lastIndexOf(',');
  return end < 0 ? start : start.slice(0, end);
}
