/** Says whom a block would hit, before it is done. */
import type { VNode } from 'preact';
import type { Links } from '../../core/links.js';
import { ConfirmForm } from '../../view/forms.js';
import { HostileText } from '../../view/hostile-text.js';
import { Notice } from '../../view/notice.js';
import { SubjectName } from '../../view/subject-link.js';
import { TimeText } from '../../view/time.js';
import { countOf, countText, spanText, utcText } from '../../view/words.js';
import type { BlockFields } from './order.js';
import { LOGINS_OF_DAYS, type Preview } from './preview-data.js';

export interface PreviewProps {
  readonly links: Links;
  readonly preview: Preview;
  readonly fields: BlockFields;
  /** Which parts are the viewer's own. */
  readonly own: readonly ('ip' | 'username')[];
  /** Whether the viewer was asked about them already, and did not confirm. */
  readonly isUnconfirmed: boolean;
  readonly now: number;
  readonly to: string;
  readonly cancel: string;
}

export function BlockPreview(props: PreviewProps): VNode {
  const { links, preview, fields, own, isUnconfirmed, now, to, cancel } = props;
  const { order, key, status, logins, isAllowed } = preview;
  const subject = { key, dimension: order.dimension, parts: order.parts };
  return (
    <>
      {isUnconfirmed ? <Notice tone="error">Nothing was blocked: confirm that you mean yourself.</Notice> : null}
      <section class="card" aria-label="Preview">
        <div class="card-body">
          <ConfirmForm
            id="block"
            action={links.to('/block')}
            title="Block?"
            fields={{ ...fields, to }}
            confirm="Block"
            tone="danger"
            cancel={cancel}
            reason="none"
          >
            <div class="stack">
              <p>
                <strong>
                  <SubjectName subject={subject} />
                </strong>{' '}
                {order.until === null
                  ? 'until reset.'
                  : `for ${spanText(order.until - now)}, until ${utcText(order.until)}.`}
              </p>
              <ul>
                <li>{coveredText(order.parts)}</li>
                <li>
                  <LoginsText logins={logins} parts={order.parts} now={now} />
                </li>
                {status.locked ? (
                  <li>
                    It is locked already,{' '}
                    {status.lockedUntil ? `until ${utcText(status.lockedUntil.getTime())}` : 'until reset'}: this lock
                    takes the place of that one.
                  </li>
                ) : null}
                <li>
                  Reason: <HostileText text={fields.reason} max={1_000} />
                </li>
              </ul>
              {isAllowed ? (
                <Notice tone="warning">
                  The option allow of the lockout lets it in: the block will refuse nobody until it is removed there.
                </Notice>
              ) : null}
              <Own own={own} />
            </div>
          </ConfirmForm>
        </div>
      </section>
    </>
  );
}

/** Asks again: nobody locks himself out by one click. */
function Own({ own }: Pick<PreviewProps, 'own'>): VNode | null {
  if (own.length === 0) return null;
  const what = own.map((part) => (part === 'ip' ? 'contains your address' : 'is your username')).join(' and ');
  return (
    <Notice tone="warning">
      <p>
        <strong>It {what}.</strong> You may be unable to log in, and to unblock yourself.
      </p>
      <label class="check">
        <input type="checkbox" name="own" value="yes" required /> I mean myself
      </label>
    </Notice>
  );
}

function coveredText({ ip, username }: Preview['order']['parts']): string {
  const network = ip?.includes('/') ? Number(ip.slice(ip.indexOf('/') + 1)) : undefined;
  const addresses =
    ip === undefined
      ? 'every address'
      : network === undefined
        ? '1 address'
        : `all addresses of a network of ${network} bits`;
  if (username === undefined) return `Covers ${addresses}, with every username.`;
  return ip === undefined ? 'Covers 1 username, from every address.' : `Covers 1 username, from ${addresses}.`;
}

interface LoginsTextProps {
  readonly logins: Preview['logins'];
  readonly parts: Preview['order']['parts'];
  readonly now: number;
}

function LoginsText({ logins, parts, now }: LoginsTextProps): VNode {
  if (logins === null) return <>Whether anybody logged in is not known: the attempt log does not tell.</>;
  if (logins === 'unanswered') {
    return <>Whether anybody logged in is not known: the attempt log does not answer just now.</>;
  }
  if (logins.lastAt === null) return <>No login in the last {LOGINS_OF_DAYS} days, by the attempt log.</>;
  const { count, users, addresses, lastAt, isAtLeast } = logins;
  const who =
    parts['username'] === undefined
      ? `by ${countOf(users, 'user')}`
      : `from ${countOf(addresses, 'address', 'addresses')}`;
  return (
    <>
      <strong>
        {isAtLeast ? `The newest ${countText(count)}` : countText(count)} {count === 1 ? 'login' : 'logins'} {who}
      </strong>{' '}
      in the last {LOGINS_OF_DAYS} days, the last <TimeText at={lastAt} now={now} />.
    </>
  );
}
