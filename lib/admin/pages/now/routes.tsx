import type { AdminResponse, PageContext, Route } from '../../core/types.js';
import { LiveControls } from '../../live/controls.js';
import { feedOf } from '../../live/now-feed.js';
import { renderPage, showPage } from '../../view/show-page.js';
import { navCount } from './data.js';
import { NowPage, spanOf } from './page.js';

export const nowRoutes: readonly Route[] = [{ method: 'GET', path: '/', permission: 'look', handle: showNow }];

/** @throws {LockoutStoreError} if nothing at all can be read, now or before */
async function showNow(context: PageContext): Promise<AdminResponse> {
  const { lockout, links, query, viewer } = context;
  const feed = feedOf(lockout);
  // People who have just unblocked somebody must not see the second before.
  const moment = await (query.has('notice') ? feed.fresh() : feed.current());
  if (moment.reading.failure) throw moment.reading.failure;
  const span = spanOf(query);
  const snapshot = await moment.snapshot(span);
  const page = { ...context, now: new Date(snapshot.at) };
  const locked = navCount(snapshot);
  const parts = {
    title: 'Now',
    locked,
    controls: <LiveControls stream={links.to('/live', { span })} />,
    children: <NowPage links={links} snapshot={snapshot} canUnblock={viewer.can('unblock')} />,
  };
  // Without the number in the navigation, if the store cannot say it.
  return locked ? showPage(page, parts) : renderPage(page, parts);
}
