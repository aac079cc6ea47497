/**
 * Results of an act, carried over the redirect that follows it. Anybody can make a link to a notice, so it is one of a few
 * sentences, and what it names is shown as text.
 */
import type { LinkQuery } from './links.js';

const NOTICES = ['unblocked', 'not-locked', 'theme'] as const;
export type NoticeCode = (typeof NOTICES)[number];

export interface Notice {
  readonly code: NoticeCode;
  /** The subjects that it is about; the first ones if there are many. */
  readonly keys: readonly string[];
  /** How many there are. */
  readonly count: number;
}

/** An address must not become too long for a proxy. */
const MAX_KEYS = 3;
const MAX_KEY_CHARS = 4_096;
const COUNT = /^[1-9]\d{0,6}$/;

/** Returns the part of a query, for `links.to`. */
export function noticeQuery(code: NoticeCode, keys: readonly string[] = []): LinkQuery {
  const [first] = keys;
  return { notice: code, on: first, count: keys.length > 1 ? keys.length : undefined };
}

export function noticeOf(query: URLSearchParams): Notice | undefined {
  const code = NOTICES.find((known) => known === query.get('notice'));
  if (code === undefined) return undefined;
  const keys = query
    .getAll('on')
    .slice(0, MAX_KEYS)
    .map((key) => key.slice(0, MAX_KEY_CHARS));
  const count = query.get('count') ?? '';
  return { code, keys, count: COUNT.test(count) ? Number(count) : keys.length };
}
