/** Unblocks all that match a filter: asks, begins, shows how far it is, stops. */
import { PageError } from '../../core/page-error.js';
import { redirect } from '../../core/respond.js';
import type { AdminResponse, PageContext, Route } from '../../core/types.js';
import { showPage } from '../../view/show-page.js';
import { countMatching, toBulkFilter } from './bulk-filter.js';
import { type BulkJob, bulkJobsOf } from './bulk-jobs.js';
import { BulkConfirm, BulkProgress } from './bulk-pages.js';

export const bulkRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/blocked/unblock-all',
    permission: 'unblock',
    handle: (context) => showConfirm(context, context.query),
  },
  { method: 'POST', path: '/blocked/unblock-all', permission: 'unblock', handle: start },
  { method: 'GET', path: '/blocked/bulk', permission: 'unblock', handle: showProgress },
  { method: 'POST', path: '/blocked/bulk/stop', permission: 'unblock', handle: stop },
];

const MAX_REASON_CHARS = 1_000;

async function showConfirm(context: PageContext, fields: URLSearchParams, error?: string): Promise<AdminResponse> {
  const { lockout, links } = context;
  const filter = toBulkFilter(fields);
  const counted = await countMatching(lockout, filter);
  return showPage(context, {
    title: 'Unblock all',
    status: error === undefined ? 200 : 400,
    children: <BulkConfirm links={links} filter={filter} counted={counted} error={error} />,
  });
}

async function start(context: PageContext): Promise<AdminResponse> {
  const { lockout, links, form, viewer, now, closing } = context;
  const jobs = bulkJobsOf(lockout);
  const busy = jobs.runningOf(viewer.actor);
  if (busy) return showJob(context, busy, true);
  const reason = form.get('reason')?.trim() ?? '';
  if (reason === '') return showConfirm(context, form, 'Say why: others will want to know.');
  if (reason.length > MAX_REASON_CHARS) return showConfirm(context, form, `At most ${MAX_REASON_CHARS} characters.`);
  const filter = toBulkFilter(form);
  const counted = await countMatching(lockout, filter);
  // A second click while it was counted.
  const other = jobs.runningOf(viewer.actor);
  if (other) return showJob(context, other, true);
  const withOperators = form.get('operators') === 'yes';
  const order = { actor: viewer.actor, filter, withOperators, reason, counted, startedAt: now.getTime() };
  const { id } = jobs.start(order, closing);
  return redirect(links.to('/blocked/bulk', { id }));
}

async function showProgress(context: PageContext): Promise<AdminResponse> {
  return showJob(context, found(context, context.query), false);
}

async function stop(context: PageContext): Promise<AdminResponse> {
  const { lockout, links, form } = context;
  const { id } = found(context, form);
  await bulkJobsOf(lockout).stop(id);
  return redirect(links.to('/blocked/bulk', { id }));
}

/** @throws {PageError} 404 for one that this process does not know */
function found({ lockout }: PageContext, fields: URLSearchParams): BulkJob {
  const job = bulkJobsOf(lockout).find(fields.get('id') ?? '');
  if (job) return job;
  throw new PageError(
    404,
    'This process does not know it: it runs in another process, or ended a while ago. Activity says what came of it.',
  );
}

function showJob(context: PageContext, job: BulkJob, isBusy: boolean): Promise<AdminResponse> {
  const { links, now } = context;
  return showPage(context, {
    title: 'Unblock all',
    status: isBusy ? 409 : 200,
    children: <BulkProgress links={links} job={job} now={now.getTime()} isBusy={isBusy} />,
  });
}
