/** What the viewer may do about a subject: links to pages that ask first. */
import type { VNode } from 'preact';
import { isStandIn, type SubjectParts } from '../../../subject/key.js';
import { exactName } from '../../../util/printable.js';
import type { Links } from '../../core/links.js';
import type { Viewer } from '../../core/permissions.js';
import { buttonClass } from '../../view/forms.js';
import { OptionHint } from '../../view/option-hint.js';
import type { SubjectRef } from '../../view/subject-ref.js';
import type { SubjectSnapshot } from './snapshot.js';

export interface ActionsProps {
  readonly links: Links;
  readonly snapshot: SubjectSnapshot;
  readonly viewer: Viewer;
}

export function Actions({ links, snapshot, viewer }: ActionsProps): VNode {
  const { subject, lock, failures, consecutiveFailures, isCounted } = snapshot;
  const { key } = subject;
  const to = links.below('/subject', { key });
  const canUnblock = viewer.can('unblock');
  const hasFailed = failures > 0 || consecutiveFailures > 0;
  return (
    <>
      {canUnblock && lock ? (
        <a class={buttonClass('primary')} href={links.to('/unblock', { key, to })} data-dialog>
          Unblock
        </a>
      ) : null}
      {canUnblock && !lock && hasFailed ? (
        <a class="button" href={links.to('/subject/forget', { key, to })} data-dialog>
          Forget failures
        </a>
      ) : null}
      {viewer.can('block') && isCounted && isNamed(subject.parts) ? (
        <a class={buttonClass('danger')} href={links.to('/block', { key, to })}>
          {lock ? 'Block for another time' : 'Block'}
        </a>
      ) : null}
      {viewer.can('erase') && isNameInClear(subject) ? (
        <a class={buttonClass('danger')} href={links.to('/subject/erase', { key, to })} data-dialog>
          Erase data
        </a>
      ) : null}
      <AllowHint parts={subject.parts} />
    </>
  );
}

/** Returns a link to what asks before it revokes; undefined for a pseudonym, since devices are revoked by name. */
export function revokeLink({ links, snapshot: { subject }, viewer }: ActionsProps): VNode | undefined {
  const { username } = subject.parts;
  if (username === undefined || !viewer.can('block') || isStandIn(username)) return undefined;
  const query = { key: subject.key, to: links.below('/subject', { key: subject.key }) };
  return (
    <a class={buttonClass('danger', true)} href={links.to('/subject/revoke', query)} data-dialog>
      Revoke all
    </a>
  );
}

/** Whether it is a username in clear, by which data are erased, and nothing else. */
export function isNameInClear({ dimension, parts }: SubjectRef): boolean {
  return dimension === 'username' && isNamed(parts);
}

/** Whether all values are known: a pseudonym cannot be blocked by its value. */
function isNamed(parts: SubjectParts): boolean {
  return !Object.values(parts).some(isStandIn);
}

function AllowHint({ parts }: { readonly parts: SubjectParts }): VNode | null {
  const { ip, username } = parts;
  if (!isNamed(parts) || Object.keys(parts).length > 1) return null;
  const [of, value] = ip === undefined ? (['usernames', username] as const) : (['ips', ip] as const);
  if (value === undefined) return null;
  return (
    <details>
      <summary>Never lock it</summary>
      <p>
        Add it to the option <code>allow</code> of the lockout. Attempts are then neither counted nor refused, so the
        number of guesses has no limit:
      </p>
      <OptionHint list="allow" of={of} value={exactName(value)} />
    </details>
  );
}
