/** Now: are we under attack, does the defence hold, who is hurt? Each part can be replaced alone by the script (`data-live`). */
import type { VNode } from 'preact';
import { MinuteBars } from '../../charts/minute-bars.js';
import type { Links } from '../../core/links.js';
import { Tabs } from '../../view/tabs.js';
import { EndingLocks } from './ending-locks.js';
import { Figures } from './figures.js';
import { HeadlineCard } from './headline-card.js';
import { HealthLine } from './health-line.js';
import type { NowChart, NowSnapshot } from './snapshot.js';
import { TopAddresses, TopNames, TopNetworks } from './top-lists.js';

export interface NowPageProps {
  readonly links: Links;
  readonly snapshot: NowSnapshot;
}

export function NowPage({ links, snapshot }: NowPageProps): VNode {
  const { at, chart, top, ending, health } = snapshot;
  return (
    <>
      <HeadlineCard snapshot={snapshot} />
      <Figures snapshot={snapshot} />
      <section class="card" aria-labelledby="chart-title">
        <div class="card-head">
          <h2 id="chart-title">Attempts</h2>
          <Tabs
            label="Span of the chart"
            look="segments"
            tabs={SPANS.map(({ span, text }) => ({
              href: spanLink(links, span),
              text,
              isCurrent: span === chart.span,
            }))}
          />
        </div>
        <div class="card-body" data-live="chart">
          <MinuteBars id="bars" title={TITLES[chart.span]} buckets={chart.buckets} bucketMs={chart.bucketMs} />
        </div>
      </section>
      <div class="grid" data-live="top">
        <div class="stack">
          <TopAddresses links={links} top={top} now={at} />
          <TopNetworks links={links} top={top} />
        </div>
        <div class="stack">
          <TopNames links={links} top={top} />
          <EndingLocks links={links} ending={ending} now={at} />
        </div>
      </div>
      <HealthLine links={links} health={health} />
    </>
  );
}

const SPANS = [
  { span: 'hour', text: '1 hour' },
  { span: 'day', text: '24 hours' },
  { span: 'week', text: '7 days' },
] as const;

const TITLES: Readonly<Record<NowChart['span'], string>> = {
  hour: 'Attempts per minute, last hour',
  day: 'Attempts per 15 minutes, last 24 hours',
  week: 'Attempts per hour, last 7 days',
};

/** The hour is what the page shows anyway, so its address stays short. */
function spanLink(links: Links, span: NowChart['span']): string {
  return links.to('/', { span: span === 'hour' ? undefined : span });
}
