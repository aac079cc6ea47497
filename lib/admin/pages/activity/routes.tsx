/** What operators did: on a page, and as files. */
import { redirect } from '../../core/respond.js';
import type { AdminResponse, PageContext, Route } from '../../core/types.js';
import { canonicalQuery } from '../../lists/canonical-query.js';
import { showPage } from '../../view/show-page.js';
import { readActivity } from './data.js';
import { CSV, exportActivity, JSON_LINES } from './export.js';
import { parseQuery, toQuery } from './filter.js';
import { ActivityPage } from './page.js';

export const activityRoutes: readonly Route[] = [
  { method: 'GET', path: '/activity', permission: 'look', handle: showActivity },
  { method: 'GET', path: '/activity.csv', permission: 'export', handle: (context) => exportActivity(context, CSV) },
  {
    method: 'GET',
    path: '/activity.jsonl',
    permission: 'export',
    handle: (context) => exportActivity(context, JSON_LINES),
  },
];

async function showActivity(context: PageContext): Promise<AdminResponse> {
  const { lockout, links, viewer, now } = context;
  const canonical = canonicalQuery(context.query, now.getTime());
  if (canonical) return redirect(links.to('/activity', canonical));
  const query = parseQuery(context.query);
  const data = await readActivity(lockout, query);
  return showPage(context, {
    title: 'Activity',
    status: Object.keys(query.mistakes).length > 0 ? 400 : 200,
    children: (
      <ActivityPage
        data={data}
        query={query}
        links={links}
        now={now.getTime()}
        here={links.below('/activity', { ...toQuery(query.filter), cursor: query.cursor })}
        canExport={viewer.can('export')}
        canUnblock={viewer.can('unblock')}
      />
    ),
  });
}
