/** Headers that hold a list, as long as a client likes. */

/** The first entries, in at most so many characters; cut at an entry, for half of one could name something else. */
export function firstEntries(header: string, maxChars: number): string {
  if (header.length <= maxChars) return header;
  const start = header.slice(0, maxChars);
  const end = start.lastIndexOf(',');
  return end < 0 ? start : start.slice(0, end);
}
