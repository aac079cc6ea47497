/** Asks before something is done about one subject. */
import type { VNode } from 'preact';
import { ConfirmForm } from '../../view/forms.js';
import { SubjectName } from '../../view/subject-link.js';
import type { SubjectRef } from '../../view/subject-ref.js';

export interface SubjectConfirmProps {
  readonly subject: SubjectRef;
  readonly action: string;
  /** Where "Cancel" leads. */
  readonly cancel: string;
  /** The page to return to, below the base. */
  readonly to: string;
}

export function ForgetConfirm({ subject, action, cancel, to }: SubjectConfirmProps): VNode {
  return (
    <ConfirmForm
      id="forget"
      action={action}
      title="Forget the failures?"
      fields={{ key: subject.key, to }}
      confirm="Forget failures"
      cancel={cancel}
      reason="optional"
    >
      <p>
        <SubjectName subject={subject} /> begins at 0 again. Nobody can take this back.
      </p>
    </ConfirmForm>
  );
}

export function RevokeConfirm({ subject, action, cancel, to }: SubjectConfirmProps): VNode {
  return (
    <ConfirmForm
      id="revoke"
      action={action}
      title="Revoke all known devices?"
      fields={{ key: subject.key, to }}
      confirm="Revoke"
      tone="danger"
      cancel={cancel}
    >
      <p>
        Every browser of <SubjectName subject={{ ...subject, dimension: 'username', parts: nameOf(subject) }} /> counts
        as a stranger until its next login. Sessions are not ended. Nobody can take this back.
      </p>
    </ConfirmForm>
  );
}

export function EraseConfirm({ subject, action, cancel, to }: SubjectConfirmProps): VNode {
  return (
    <ConfirmForm
      id="erase"
      action={action}
      title="Erase all data of this user?"
      fields={{ key: subject.key, to }}
      confirm="Erase"
      tone="danger"
      cancel={cancel}
    >
      <p>
        Failures and locks of <SubjectName subject={subject} />, alone and with addresses, the attempts in the log and
        the name in Activity are removed. Whoever was locked may try again. Nobody can take this back.
      </p>
      <p>Do not name the user in the reason: it is kept.</p>
    </ConfirmForm>
  );
}

function nameOf({ parts: { username } }: SubjectRef): SubjectRef['parts'] {
  return username === undefined ? {} : { username };
}
