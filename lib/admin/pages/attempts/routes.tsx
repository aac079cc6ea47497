/** The attempt log: on a page, and as files. */
import { redirect } from '../../core/respond.js';
import type { AdminResponse, PageContext, Route } from '../../core/types.js';
import { canonicalQuery } from '../../lists/canonical-query.js';
import { showPage } from '../../view/show-page.js';
import { readAttempts } from './data.js';
import { CSV, exportAttempts, JSON_LINES } from './export.js';
import { AttemptsPage } from './page.js';
import { toPageQuery } from './query.js';
import { readFilter } from './read-filter.js';

export const attemptsRoutes: readonly Route[] = [
  { method: 'GET', path: '/attempts', permission: 'look', handle: showAttempts },
  { method: 'GET', path: '/attempts.csv', permission: 'export', handle: (context) => exportAttempts(context, CSV) },
  {
    method: 'GET',
    path: '/attempts.jsonl',
    permission: 'export',
    handle: (context) => exportAttempts(context, JSON_LINES),
  },
];

async function showAttempts(context: PageContext): Promise<AdminResponse> {
  const { lockout, links, viewer, now } = context;
  const canonical = canonicalQuery(context.query, now.getTime());
  if (canonical) return redirect(links.to('/attempts', canonical));
  const query = toPageQuery(context.query, readFilter(context));
  const data = await readAttempts(lockout, query);
  return showPage(context, {
    title: 'Attempts',
    status: data.log === 'unanswered' ? 503 : Object.keys(query.mistakes).length > 0 ? 400 : 200,
    children: (
      <AttemptsPage data={data} query={query} links={links} now={now.getTime()} canExport={viewer.can('export')} />
    ),
  });
}
