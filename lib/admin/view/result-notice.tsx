/** The result of the act that led to this page, in words. */
import type { VNode } from 'preact';
import type { Notice, NoticeCode } from '../core/notices.js';
import { Button, Hidden, type HiddenFields } from './forms.js';
import { HostileText } from './hostile-text.js';
import { Notice as NoticeBox, type NoticeProps } from './notice.js';
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
  forgotten: { tone: 'succeeded', before: 'The failures of ', after: ' are forgotten.' },
  'left-locked': {
    tone: 'warning',
    before: '',
    after: ' has been locked meanwhile, and was left as it is. To forget its failures, unblock it.',
  },
  'devices-revoked': {
    tone: 'succeeded',
    before: 'The known devices of ',
    after: ' are revoked: each counts as a stranger until its next login.',
  },
  erased: { tone: 'succeeded', before: 'All data stored about ', after: ' are erased.' },
  blocked: { tone: 'succeeded', before: 'Blocked ', after: '.' },
  reblocked: {
    tone: 'succeeded',
    before: 'Blocked ',
    after: '. To take this back, unblock it: its earlier lock and failures are then gone as well.',
  },
  'not-locked': { tone: 'info', before: '', after: ' was not locked any more. The failures are forgotten.' },
};

export interface ResultNoticeProps {
  /** Undefined if no act led here, or the address was changed by hand. */
  readonly notice: Notice | undefined;
  /** The form that takes the act back; undefined if nothing can. */
  readonly undo?: UndoProps | undefined;
}

export function ResultNotice({ notice, undo }: ResultNoticeProps): VNode | null {
  if (!notice) return null;
  const { tone, before, after } = WORDINGS[notice.code];
  return (
    <NoticeBox tone={tone} action={undo && <UndoForm {...undo} />}>
      {before}
      {notice.key === null ? countOf(notice.count, 'subject') : <HostileText text={notice.key} />}
      {after}
    </NoticeBox>
  );
}

interface UndoProps {
  readonly action: string;
  /** The act, and the page to return to. */
  readonly fields: HiddenFields;
  /** What it takes back, for screen readers: many rows have such a button. */
  readonly on?: string | undefined;
}

export function UndoForm({ action, fields, on }: UndoProps): VNode {
  return (
    <form method="post" action={action}>
      <Hidden fields={fields} />
      <Button isSmall on={on}>
        Undo
      </Button>
    </form>
  );
}
