/** The result of the act that led to this page, in words. */
import type { VNode } from 'preact';
import { type NoticeCode, noticeOf } from '../core/notices.js';
import { HostileText } from './hostile-text.js';
import { Notice, type NoticeProps } from './notice.js';
import { countOf } from './words.js';

interface Wording {
  readonly tone: NoticeProps['tone'];
  readonly before: string;
  readonly after: string;
}

const WORDINGS: Readonly<Record<NoticeCode, Wording>> = {
  unblocked: { tone: 'succeeded', before: 'Unblocked ', after: '. The failures are forgotten.' },
  'not-locked': { tone: 'info', before: '', after: ' was not locked any more. The failures are forgotten.' },
};

/** Nothing if no act led here, or the address was changed by hand. */
export function ResultNotice({ query }: { readonly query: URLSearchParams }): VNode | null {
  const notice = noticeOf(query);
  if (!notice) return null;
  const { tone, before, after } = WORDINGS[notice.code];
  return (
    <Notice tone={tone}>
      {before}
      {notice.key === null ? countOf(notice.count, 'subject') : <HostileText text={notice.key} />}
      {after}
    </Notice>
  );
}
