/** Now: are we under attack, does the defence hold, who is hurt? */
import type { VNode } from 'preact';
import { MinuteBars } from '../../charts/minute-bars.js';
import type { Links } from '../../core/links.js';
import { EmptyState } from '../../view/notice.js';
import { Region } from '../../view/region.js';
import { Tabs } from '../../view/tabs.js';
import { EndingLocks } from './ending-locks.js';
import { Figures } from './figures.js';
import { GapNotices } from './gap-notices.js';
import { HeadlineCard } from './headline-card.js';
import { HealthLine } from './health-line.js';
import type { NowChart, NowSnapshot } from './snapshot.js';
import { TopAddresses, TopNames, TopNetworks } from './top-lists.js';

export interface NowPageProps {
  readonly links: Links;
  readonly snapshot: NowSnapshot;
  /** Whether the viewer may unblock. */
  readonly canUnblock: boolean;
}

/** The parts that change, by name: the page is made of them, and the same are sent live. */
export const NOW_REGIONS = {
  gaps: ({ snapshot: { gaps, at } }) => <GapNotices gaps={gaps} now={at} />,
  headline: ({ snapshot }) => <HeadlineCard snapshot={snapshot} />,
  figures: ({ snapshot }) => <Figures snapshot={snapshot} />,
  chart: ({ snapshot: { chart } }) =>
    chart.buckets.length === 0 ? (
      <EmptyState icon="pulse" title="Attempts are not counted" />
    ) : (
      <MinuteBars id="bars" title={TITLES[chart.span]} buckets={chart.buckets} bucketMs={chart.bucketMs} />
    ),
  addresses: ({ links, snapshot: { top, at } }) => top && <TopAddresses links={links} top={top} now={at} />,
  networks: ({ links, snapshot: { top } }) => top && <TopNetworks links={links} top={top} />,
  names: ({ links, snapshot: { top } }) => top && <TopNames links={links} top={top} />,
  ending: ({ links, canUnblock, snapshot: { ending, at } }) =>
    ending && <EndingLocks links={links} ending={ending} now={at} canUnblock={canUnblock} />,
  health: ({ snapshot: { health } }) => <HealthLine health={health} />,
} as const satisfies Readonly<Record<string, (props: NowPageProps) => VNode | null>>;

type NowRegion = keyof typeof NOW_REGIONS;

export function NowPage(props: NowPageProps): VNode {
  const { links, snapshot } = props;
  const region = (name: NowRegion) => <Region name={name}>{NOW_REGIONS[name](props)}</Region>;
  return (
    <>
      {region('gaps')}
      {region('headline')}
      {region('figures')}
      <section class="card" aria-labelledby="chart-title">
        <div class="card-head">
          <h2 id="chart-title">Attempts</h2>
          <Tabs
            label="Span of the chart"
            look="segments"
            tabs={SPANS.map(({ span, text }) => ({
              href: nowLink(links, span),
              text,
              isCurrent: span === snapshot.chart.span,
            }))}
          />
        </div>
        <div class="card-body">{region('chart')}</div>
      </section>
      <div class="grid">
        <div class="stack">
          {region('addresses')}
          {region('networks')}
        </div>
        <div class="stack">
          {region('names')}
          {region('ending')}
        </div>
      </div>
      {region('health')}
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

/** Returns the span that the address of a page names; an hour for anything else. */
export function spanOf(query: URLSearchParams): NowChart['span'] {
  return SPANS.find(({ span }) => span === query.get('span'))?.span ?? 'hour';
}

/** Returns the address of the page with this span. The hour is shown anyway, so that address stays short. */
export function nowLink(links: Links, span: NowChart['span']): string {
  return links.to('/', { span: span === 'hour' ? undefined : span });
}
