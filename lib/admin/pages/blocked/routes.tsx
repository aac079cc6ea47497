/** The list of locked subjects, and what frees them. */
import { noticeQuery } from '../../core/notices.js';
import { PageError } from '../../core/page-error.js';
import { redirect } from '../../core/respond.js';
import { pageToReturnTo, returnTo } from '../../core/return-to.js';
import type { AdminResponse, PageContext, Route } from '../../core/types.js';
import { isStillLockOf } from '../../core/undo.js';
import { showPage } from '../../view/show-page.js';
import { findByKey } from '../subject/find.js';
import { UnblockConfirm } from './confirm-page.js';
import { readBlocked } from './data.js';
import { BlockedPage } from './page.js';
import { linkQuery, toBlockedQuery } from './query.js';
import { unblockAll } from './unblock.js';

/** As many as 64 KB hold, which is all that a form may send. */
const MAX_KEYS = 1_000;

export const blockedRoutes: readonly Route[] = [
  { method: 'GET', path: '/blocked', permission: 'look', handle: showBlocked },
  { method: 'GET', path: '/unblock', permission: 'unblock', handle: confirmLinked },
  // A selection may be too long for an address. Nothing is changed.
  { method: 'POST', path: '/unblock/confirm', permission: 'unblock', handle: confirmSelected },
  { method: 'POST', path: '/unblock', permission: 'unblock', handle: unblock },
];

async function showBlocked(context: PageContext): Promise<AdminResponse> {
  const { lockout, links, viewer, now } = context;
  const query = toBlockedQuery(context.query);
  const data = await readBlocked(lockout, query);
  const here = links.below('/blocked', linkQuery(query, { cursor: query.cursor }));
  return showPage(context, {
    title: 'Blocked',
    status: data.mistake === undefined ? 200 : 400,
    // The same number in the navigation as in the tab, read at the same instant.
    locked: data.tabs[0]?.locked,
    children: (
      <BlockedPage
        data={data}
        query={query}
        links={links}
        now={now.getTime()}
        canUnblock={viewer.can('unblock')}
        canBlock={viewer.can('block')}
        here={here}
      />
    ),
  });
}

async function confirmSelected(context: PageContext): Promise<AdminResponse> {
  const { form, links } = context;
  // Nothing was selected.
  return form.has('key') ? confirm(context, form) : redirect(returnTo(links, form));
}

/** A link may be typed, or stand in a ticket: another spelling of a name leads to the right one, as on Subject. */
async function confirmLinked(context: PageContext): Promise<AdminResponse> {
  const { lockout, links, query } = context;
  const [key, ...others] = keysOf(query);
  const finding = key === undefined || others.length > 0 ? undefined : await findByKey(lockout, key);
  if (finding?.kind !== 'other') return confirm(context, query);
  return redirect(links.to('/unblock', { key: finding.key, to: pageToReturnTo(query) }));
}

async function confirm(context: PageContext, fields: URLSearchParams): Promise<AdminResponse> {
  const { links } = context;
  return showPage(context, {
    title: 'Unblock',
    children: (
      <UnblockConfirm
        keys={keysOf(fields)}
        action={links.to('/unblock')}
        cancel={returnTo(links, fields)}
        to={pageToReturnTo(fields)}
      />
    ),
  });
}

async function unblock({ lockout, links, form, viewer }: PageContext): Promise<AdminResponse> {
  const keys = keysOf(form);
  const reason = form.get('reason')?.trim() || undefined;
  const [key = ''] = keys;
  const act = form.get('act');
  if (act !== null && !(await isStillLockOf(lockout, key, act)))
    return redirect(returnTo(links, form, noticeQuery('not-undone', [key])));
  const freed = await unblockAll(lockout, keys, { by: viewer.by, reason });
  const result = freed.length > 0 ? noticeQuery('unblocked', freed) : noticeQuery('not-locked', keys);
  return redirect(returnTo(links, form, result));
}

/** @throws {PageError} 400 if there is none, or there are too many */
function keysOf(fields: URLSearchParams): readonly string[] {
  const keys = [...new Set(fields.getAll('key'))];
  if (keys.length > 0 && keys.length <= MAX_KEYS) return keys;
  throw new PageError(400, `Expected 1 to 1,000 subjects, got ${keys.length}. Nothing was changed.`);
}
