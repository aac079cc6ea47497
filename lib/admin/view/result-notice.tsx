/** The result of the act that led to this page, in words. */
import type { VNode } from 'preact';
import { type NoticeCode, noticeOf } from '../core/notices.js';
import { Button, Hidden } from './forms.js';
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
  undone: { tone: 'succeeded', before: '', after: ' is locked again, with its failures.' },
  'not-undone': {
    tone: 'warning',
    before: '',
    after: ' was left as it is: it is locked anew, or the lock would have ended.',
  },
  'not-locked': { tone: 'info', before: '', after: ' was not locked any more. The failures are forgotten.' },
};

export interface ResultNoticeProps {
  readonly query: URLSearchParams;
  /** The form that takes the act back; undefined if nothing can. */
  readonly undo?: UndoProps | undefined;
}

/** Nothing if no act led here, or the address was changed by hand. */
export function ResultNotice({ query, undo }: ResultNoticeProps): VNode | null {
  const notice = noticeOf(query);
  if (!notice) return null;
  const { tone, before, after } = WORDINGS[notice.code];
  return (
    <Notice tone={tone} action={undo && notice.key !== null && <UndoForm {...undo} subject={notice.key} />}>
      {before}
      {notice.key === null ? countOf(notice.count, 'subject') : <HostileText text={notice.key} />}
      {after}
    </Notice>
  );
}

interface UndoProps {
  readonly action: string;
  /** The act, as `activity` lists it. */
  readonly id: string;
  /** The page to return to, below the base. */
  readonly to: string;
}

export interface UndoFormProps extends UndoProps {
  /** The key of the subject that is locked again; undefined if it is not known. */
  readonly subject: string | undefined;
  /** What it takes back, for screen readers: many rows have such a button. */
  readonly on?: string | undefined;
}

export function UndoForm({ action, id, to, subject, on }: UndoFormProps): VNode {
  return (
    <form method="post" action={action}>
      <Hidden fields={{ id, to, key: subject }} />
      <Button isSmall on={on}>
        Undo
      </Button>
    </form>
  );
}
