/** The stream that keeps the page Now up to date. */
import { renderToString } from 'preact-render-to-string';
import { PageError } from '../core/page-error.js';
import type { AdminResponse, PageContext, Route } from '../core/types.js';
import { navCount } from '../pages/now/data.js';
import { NOW_REGIONS, type NowPageProps, nowLink, spanOf } from '../pages/now/page.js';
import { AsOf, LockedCount } from '../view/layout.js';
import { Region } from '../view/region.js';
import { feedOf } from './now-feed.js';
import { LIFE_MS, liveEvents, type Regions } from './stream.js';

const RETRY_AFTER_S = 30;
const HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  // nginx would collect what it is sent.
  'X-Accel-Buffering': 'no',
};

export const liveRoutes: readonly Route[] = [{ method: 'GET', path: '/live', permission: 'look', handle: stream }];

function stream({ lockout, request, query, links, viewer }: PageContext): AdminResponse {
  if (request.method === 'HEAD') return { status: 200, headers: HEADERS, body: '' };
  const feed = feedOf(lockout);
  if (!feed.seats.take(request.signal, LIFE_MS)) {
    throw new PageError(503, 'Too many people watch this page. It works without being live, too: reload it.', {
      'Retry-After': String(RETRY_AFTER_S),
    });
  }
  const span = spanOf(query);
  const canUnblock = viewer.can('unblock');
  const view = JSON.stringify([links.to('/'), span, canUnblock]);
  const regions = async () => {
    const moment = await feed.current();
    const snapshot = await moment.snapshot(span);
    return moment.once(view, () => toRegions({ links, snapshot, canUnblock }));
  };
  return { status: 200, headers: HEADERS, body: liveEvents({ regions, dueInMs: () => feed.dueInMs }, request.signal) };
}

/** Rendered by the components of the page itself, so that there is one look of everything. */
function toRegions(props: NowPageProps): Regions {
  const { links, snapshot } = props;
  const contents = {
    ...Object.fromEntries(Object.entries(NOW_REGIONS).map(([name, show]) => [name, show(props)])),
    'as-of': <AsOf asOf={new Date(snapshot.at)} reload={nowLink(links, snapshot.chart.span)} />,
    'locked-count': <LockedCount locked={navCount(snapshot)} />,
  };
  const rendered = Object.entries(contents).map(([name, content]) => [
    name,
    renderToString(<Region name={name}>{content}</Region>),
  ]);
  return Object.fromEntries(rendered);
}
