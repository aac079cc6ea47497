/** Takes an unblock back. */
import { noticeQuery } from '../../core/notices.js';
import { PageError } from '../../core/page-error.js';
import { redirect } from '../../core/respond.js';
import { returnTo } from '../../core/return-to.js';
import type { AdminResponse, PageContext, Route } from '../../core/types.js';

export const undoRoutes: readonly Route[] = [{ method: 'POST', path: '/undo', permission: 'unblock', handle: undo }];

async function undo({ lockout, links, form, viewer }: PageContext): Promise<AdminResponse> {
  const id = form.get('id') ?? '';
  // Not known of a reset, which names what it was asked for.
  const key = form.get('key') || null;
  if (id === '') throw new PageError(400, 'This form does not say what to undo. Nothing was changed.');
  const isUndone = await lockout.undo(id, { by: viewer.by });
  return redirect(returnTo(links, form, noticeQuery(isUndone ? 'undone' : 'not-undone', key === null ? [] : [key], 1)));
}
