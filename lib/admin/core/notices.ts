/**
 * Results of an act, carried over the redirect that follows it. Anybody can make a link to a notice, so it is one of a few
 * sentences, what it names is shown as text, and a link of another site or of a mail shows none.
 */
import type { LinkQuery } from './links.js';
import type { PageContext } from './types.js';

const NOTICES = [
  'unblocked',
  'not-locked',
  'undone',
  'not-undone',
  'forgotten',
  'left-locked',
  'devices-revoked',
  'erased',
  'blocked',
  'reblocked',
] as const;
export type NoticeCode = (typeof NOTICES)[number];

export interface Notice {
  readonly code: NoticeCode;
  /** The key of the subject that it is about; null if there are several. */
  readonly key: string | null;
  /** How many subjects it is about. */
  readonly count: number;
}

/** Longer than any key of a few parts. */
const MAX_KEY_CHARS = 4_096;
const COUNT = /^[1-9]\d{0,6}$/;

/**
 * Returns the part of a query, for `links.to`.
 *
 * @param count - how many subjects it is about, if their keys are not known
 */
export function noticeQuery(code: NoticeCode, keys: readonly string[], count = keys.length): LinkQuery {
  const [first] = keys;
  return keys.length === 1 ? { notice: code, on: first } : { notice: code, count };
}

/** Returns undefined for anything that `noticeQuery` does not make, and if no page of ours led here. */
export function noticeOf({ query, request }: Pick<PageContext, 'query' | 'request'>): Notice | undefined {
  if ((request.header('sec-fetch-site') ?? 'same-origin') !== 'same-origin') return undefined;
  const code = NOTICES.find((known) => known === query.get('notice'));
  const key = query.get('on');
  const count = query.get('count') ?? '';
  if (code === undefined) return undefined;
  if (key !== null) return key.length > MAX_KEY_CHARS ? undefined : { code, key, count: 1 };
  return COUNT.test(count) ? { code, key, count: Number(count) } : undefined;
}
