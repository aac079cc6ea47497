/** Addresses that mean the same whenever they are opened. */
import type { LinkQuery } from '../core/links.js';
import { beginningOf, RANGES, toInstantText } from './instants.js';

/**
 * Returns where an address leads that is not one to pass on: one whose range depends on when it is opened (`range=1h`), or with the
 * empty fields of a form. Undefined for all others.
 */
export function canonicalQuery(query: URLSearchParams, now: number): LinkQuery | undefined {
  const asked = query.get('range');
  if (asked === null && [...query.values()].every((value) => value !== '')) return undefined;
  const range = RANGES.find(({ id }) => id === asked);
  const kept = new Map<string, string[]>();
  for (const [name, value] of query) {
    // A range replaces the one that is set, and what is shown begins anew.
    const isReplaced = name === 'range' || (asked !== null && ['since', 'until', 'cursor'].includes(name));
    if (isReplaced || value === '') continue;
    const values = kept.get(name);
    if (values) values.push(value);
    else kept.set(name, [value]);
  }
  return { ...Object.fromEntries(kept), ...(range && { since: toInstantText(beginningOf(range, now)) }) };
}
