/** Who makes the failures: addresses, the networks they belong to, and the names they try. Each row leads to its subject. */
import type { VNode } from 'preact';
import type { Links } from '../../core/links.js';
import { LockBadge } from '../../view/badges.js';
import { type Column, DataTable } from '../../view/data-table.js';
import { HostileText } from '../../view/hostile-text.js';
import { Icon } from '../../view/icon.js';
import { Meter } from '../../view/meter.js';
import { EmptyState } from '../../view/notice.js';
import { SubjectLink } from '../../view/subject-link.js';
import { TimeText } from '../../view/time.js';
import { countOf, countText } from '../../view/words.js';
import type { TopAddress, TopLists, TopName, TopNetwork } from './snapshot.js';

export interface TopListProps {
  readonly links: Links;
  readonly top: TopLists;
}

export function TopAddresses({ links, top, now }: TopListProps & { readonly now: number }): VNode {
  const columns: readonly Column<TopAddress>[] = [
    {
      id: 'address',
      head: 'Address',
      kind: 'name',
      cell: ({ subject }) => <SubjectLink links={links} subject={subject} />,
    },
    shareColumn(top),
    { id: 'failures', head: 'Failures', kind: 'number', cell: ({ failures }) => countText(failures) },
    { id: 'names', head: 'Names', kind: 'number', cell: ({ names }) => countText(names) },
    { id: 'succeeded', head: 'Succeeded', kind: 'number', cell: ({ succeeded }) => countText(succeeded) },
    STATE,
  ];
  return (
    <section class="card" aria-labelledby="top-addresses">
      <div class="card-head">
        <h2 id="top-addresses">Top addresses</h2>
        {top.since === null ? null : (
          <p>
            Newest {countOf(top.entries, 'log entry', 'log entries')}, since{' '}
            <TimeText at={top.since} now={now} show="clock" />
          </p>
        )}
      </div>
      <DataTable
        caption="Addresses with the most failures"
        isCaptionHidden
        columns={columns}
        rows={top.addresses}
        keyOf={({ subject }) => subject.key}
        empty={<NoFailures />}
      />
    </section>
  );
}

export function TopNetworks({ links, top }: TopListProps): VNode {
  const columns: readonly Column<TopNetwork>[] = [
    {
      id: 'network',
      head: 'Network',
      kind: 'name',
      cell: ({ network }) => (
        <a class="subject mono" href={links.to('/attempts', { ip: network })}>
          <Icon name="network" />
          <HostileText text={network} />
        </a>
      ),
    },
    shareColumn(top),
    { id: 'failures', head: 'Failures', kind: 'number', cell: ({ failures }) => countText(failures) },
    { id: 'addresses', head: 'Addresses', kind: 'number', cell: ({ addresses }) => countText(addresses) },
    { id: 'names', head: 'Names', kind: 'number', cell: ({ names }) => countText(names) },
  ];
  return (
    <section class="card" aria-labelledby="top-networks">
      <div class="card-head">
        <h2 id="top-networks">Top networks</h2>
        <p>IPv4 by /24, IPv6 by /64</p>
      </div>
      <DataTable
        caption="Networks with the most failures"
        isCaptionHidden
        columns={columns}
        rows={top.networks}
        keyOf={({ network }) => network}
        empty={<NoFailures />}
      />
    </section>
  );
}

export function TopNames({ links, top }: TopListProps): VNode {
  const columns: readonly Column<TopName>[] = [
    {
      id: 'name',
      head: 'Username',
      kind: 'name',
      cell: ({ subject }) => <SubjectLink links={links} subject={subject} />,
    },
    { id: 'failures', head: 'Failures', kind: 'number', cell: ({ failures }) => countText(failures) },
    { id: 'addresses', head: 'Addresses', kind: 'number', cell: ({ addresses }) => countText(addresses) },
    { id: 'succeeded', head: 'Succeeded', kind: 'number', cell: ({ succeeded }) => countText(succeeded) },
    STATE,
  ];
  return (
    <section class="card" aria-labelledby="top-names">
      <div class="card-head">
        <h2 id="top-names">Top usernames</h2>
        <p>As typed: not every name is a user’s</p>
      </div>
      <DataTable
        caption="Usernames with the most failures"
        isCaptionHidden
        columns={columns}
        rows={top.names}
        keyOf={({ subject }) => subject.key}
        empty={<NoFailures />}
      />
    </section>
  );
}

const STATE: Column<{ readonly isLocked: boolean | null }> = {
  id: 'state',
  head: 'State',
  kind: 'tight',
  cell: ({ isLocked }) =>
    isLocked ? <LockBadge cause={null} /> : <span class="soft">{isLocked === null ? 'Not known' : 'Open'}</span>,
};

function shareColumn(top: TopLists): Column<{ readonly failures: number }> {
  return {
    id: 'share',
    head: 'Share',
    kind: 'number',
    cell: ({ failures }) => <Meter part={failures} whole={top.failures} />,
  };
}

function NoFailures(): VNode {
  return (
    <EmptyState icon="check" title="No login has failed in the last hour">
      Failed logins appear here.
    </EmptyState>
  );
}
