/** Asks before subjects are unblocked: for each of them, in words, with a reason. */
import type { VNode } from 'preact';
import { ConfirmForm } from '../../view/forms.js';
import { HostileText } from '../../view/hostile-text.js';
import { countOf } from '../../view/words.js';

export interface UnblockConfirmProps {
  readonly keys: readonly string[];
  readonly action: string;
  /** Where "Cancel" leads. */
  readonly cancel: string;
  /** The page to return to, below the base. */
  readonly to: string;
}

export function UnblockConfirm({ keys, action, cancel, to }: UnblockConfirmProps): VNode {
  return (
    <ConfirmForm
      id="unblock"
      action={action}
      title={keys.length === 1 ? 'Unblock this subject?' : `Unblock ${countOf(keys.length, 'subject')}?`}
      fields={{ to }}
      confirm="Unblock"
      cancel={cancel}
      reason="optional"
    >
      <ul>
        {keys.map((key) => (
          <li key={key}>
            <HostileText text={key} />
            <input type="hidden" name="key" value={key} />
          </li>
        ))}
      </ul>
      <p>Logins are possible again at once, and the failures are forgotten.</p>
    </ConfirmForm>
  );
}
