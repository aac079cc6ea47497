/** The page of one subject, and what is done about it there. */
import type { VNode } from 'preact';
import { isStandIn } from '../../../subject/key.js';
import { exactName } from '../../../util/printable.js';
import { noticeQuery } from '../../core/notices.js';
import { PageError } from '../../core/page-error.js';
import { redirect } from '../../core/respond.js';
import { pageToReturnTo, returnTo } from '../../core/return-to.js';
import type { AdminResponse, PageContext, Route } from '../../core/types.js';
import { showPage } from '../../view/show-page.js';
import { dimensionText } from '../../view/subject-link.js';
import { Actions, isNameInClear, revokeLink } from './actions.js';
import { EraseConfirm, ForgetConfirm, RevokeConfirm } from './confirm-pages.js';
import { readSubject } from './data.js';
import { type Finding, type Found, findByKey, findByName } from './find.js';
import { LookUp } from './look-up.js';
import { SubjectHeading, SubjectPage } from './page.js';

export const subjectRoutes: readonly Route[] = [
  { method: 'GET', path: '/subject', permission: 'look', handle: showSubject },
  { method: 'GET', path: '/subject/forget', permission: 'unblock', handle: confirmForget },
  { method: 'POST', path: '/subject/forget', permission: 'unblock', handle: forget },
  { method: 'GET', path: '/subject/revoke', permission: 'block', handle: confirmRevoke },
  { method: 'POST', path: '/subject/revoke', permission: 'block', handle: revoke },
  { method: 'GET', path: '/subject/erase', permission: 'erase', handle: confirmErase },
  { method: 'POST', path: '/subject/erase', permission: 'erase', handle: erase },
];

/** Of the title of the window; the heading shows the whole name. */
const TITLE_CHARS = 80;

async function showSubject(context: PageContext): Promise<AdminResponse> {
  const { lockout, links, query, viewer, now } = context;
  const key = query.get('key');
  const finding = key === null ? byName(context) : await findByKey(lockout, key);
  if (finding?.kind === 'other') return redirect(links.to('/subject', { key: finding.key }));
  if (finding?.kind !== 'found') return showLookUp(context, finding);
  const snapshot = await readSubject(lockout, finding, now.getTime());
  const parts = { links, snapshot, viewer };
  return showPage(context, {
    title: titleOf(finding),
    heading: <SubjectHeading subject={finding.subject} />,
    children: (
      <SubjectPage links={links} snapshot={snapshot} actions={<Actions {...parts} />} revoke={revokeLink(parts)} />
    ),
  });
}

/** Undefined if nothing was asked for. */
function byName({ lockout, query }: PageContext): Finding | undefined {
  const given = (name: string) => query.get(name)?.trim() || undefined;
  const [username, ip] = [given('username'), given('ip')];
  if (username === undefined && ip === undefined) return undefined;
  return findByName(lockout, { ...(username !== undefined && { username }), ...(ip !== undefined && { ip }) });
}

function showLookUp(context: PageContext, finding: Exclude<Finding, { key: string } | Found> | undefined) {
  const { links, query } = context;
  return showPage(context, {
    title: 'Look up',
    status: finding === undefined ? 200 : finding.kind === 'wrong' ? 400 : 404,
    children: (
      <LookUp
        links={links}
        message={finding?.message}
        given={query.get('key') ?? undefined}
        username={query.get('username') ?? undefined}
        ip={query.get('ip') ?? undefined}
      />
    ),
  });
}

/** Names are safe to show in a title: what is unsafe in them is an escape already. */
function titleOf({ subject: { dimension, parts } }: Found): string {
  const text = Object.values(parts).join(' ');
  const shown = text.length > TITLE_CHARS ? `${text.slice(0, TITLE_CHARS)}…` : text;
  return `${shown} (${dimensionText(dimension)})`;
}

async function confirmForget(context: PageContext): Promise<AdminResponse> {
  const { subject } = await found(context, context.query);
  return ask(context, 'Forget failures', (parts) => <ForgetConfirm {...parts} subject={subject} />);
}

async function forget(context: PageContext): Promise<AdminResponse> {
  const { lockout, links, form, viewer } = context;
  const { subject, record } = await found(context, form);
  const { key } = subject;
  // This form does not say that it would lift a lock.
  if (record?.lock) return redirect(returnTo(links, form, noticeQuery('left-locked', [key])));
  await lockout.unblock({ key }, { by: viewer.by, reason: reasonOf(form) });
  return redirect(returnTo(links, form, noticeQuery('forgotten', [key])));
}

async function confirmRevoke(context: PageContext): Promise<AdminResponse> {
  const { subject } = await found(context, context.query);
  return ask(context, 'Revoke known devices', (parts) => <RevokeConfirm {...parts} subject={subject} />);
}

async function revoke(context: PageContext): Promise<AdminResponse> {
  const { lockout, links, form, viewer } = context;
  const { subject } = await found(context, form);
  const { username } = subject.parts;
  const reason = reasonOf(form);
  if (username === undefined || isStandIn(username)) {
    throw new PageError(400, 'Devices are revoked by the name of their user, which is not known here.');
  }
  if (reason === undefined) throw noReason();
  await lockout.revokeDevices({ username: exactName(username), by: viewer.by, reason });
  return redirect(returnTo(links, form, noticeQuery('devices-revoked', [subject.key])));
}

async function confirmErase(context: PageContext): Promise<AdminResponse> {
  const { subject } = await found(context, context.query);
  return ask(context, 'Erase data', (parts) => <EraseConfirm {...parts} subject={subject} />);
}

async function erase(context: PageContext): Promise<AdminResponse> {
  const { lockout, links, form, viewer } = context;
  const { subject } = await found(context, form);
  const { username } = subject.parts;
  const reason = reasonOf(form);
  if (username === undefined || !isNameInClear(subject)) {
    throw new PageError(
      400,
      'Data are erased by the name of their user, on the page of that name. Nothing was changed.',
    );
  }
  if (reason === undefined) throw noReason();
  await lockout.erase({ username: exactName(username), by: viewer.by, reason });
  return redirect(returnTo(links, form, noticeQuery('erased', [subject.key])));
}

interface Asked {
  readonly action: string;
  readonly cancel: string;
  readonly to: string;
}

function ask(context: PageContext, title: string, show: (asked: Asked) => VNode): Promise<AdminResponse> {
  const { links, query, request } = context;
  const action = links.to(request.path as `/${string}`);
  const children = show({ action, cancel: returnTo(links, query), to: pageToReturnTo(query) });
  return showPage(context, { title, children });
}

/** @throws {PageError} 400 for a key of no subject */
async function found({ lockout }: PageContext, fields: URLSearchParams): Promise<Found> {
  const finding = await findByKey(lockout, fields.get('key') ?? '');
  if (finding.kind === 'found') return finding;
  throw new PageError(400, 'This form does not say which subject it is about. Nothing was changed.');
}

function noReason(): PageError {
  return new PageError(400, 'A reason is needed. Nothing was changed.');
}

function reasonOf(form: URLSearchParams): string | undefined {
  return form.get('reason')?.trim() || undefined;
}
