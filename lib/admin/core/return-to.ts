/** Where a form leads back to: the page that it was on, with the result of the act. */
import type { LinkQuery, Links } from './links.js';

/**
 * The path of a page of ours: no second slash and no backslash, which would name another host, no dots, which lead out of the base to
 * another part of the application, and nothing that a header cannot hold. The query is encoded anew.
 */
const LOCAL = /^(?=.{1,4000}$)(?:\/|(?:\/[a-z-]+)+)(?:\?|$)/s;
/** The result of an act that is over: a reload does not repeat it. */
const RESULTS = ['notice', 'on', 'count', 'undo'];

/** Returns the page to which the field `to` leads: its path and query, below the base. Anything else leads to the first page. */
export function pageToReturnTo(fields: URLSearchParams): string {
  const to = fields.get('to') ?? '/';
  return LOCAL.test(to) ? withoutResult(to) : '/';
}

/**
 * Returns a link to that page.
 *
 * @param result - made by `noticeQuery`
 */
export function returnTo(links: Links, fields: URLSearchParams, result: LinkQuery = {}): string {
  const { path, query } = split(pageToReturnTo(fields));
  for (const [name, value] of Object.entries(result)) if (value !== undefined) query.set(name, String(value));
  return links.back(query.size > 0 ? `${path}?${query}` : path);
}

/** Returns the same page without the result of the last act. */
export function withoutResult(target: string): string {
  const { path, query } = split(target);
  for (const name of RESULTS) query.delete(name);
  return query.size > 0 ? `${path}?${query}` : path;
}

function split(target: string): { readonly path: string; readonly query: URLSearchParams } {
  const end = target.indexOf('?');
  if (end < 0) return { path: target, query: new URLSearchParams() };
  return { path: target.slice(0, end), query: new URLSearchParams(target.slice(end + 1)) };
}
