/** What the attempt log has about a subject, grouped: those it met, browsers, networks. */
import type { VNode } from 'preact';
import type { Links } from '../../core/links.js';
import { LockBadge } from '../../view/badges.js';
import { type Column, DataTable } from '../../view/data-table.js';
import { HostileText } from '../../view/hostile-text.js';
import { Icon } from '../../view/icon.js';
import { EmptyState } from '../../view/notice.js';
import { SubjectLink } from '../../view/subject-link.js';
import { TimeText } from '../../view/time.js';
import { countText } from '../../view/words.js';
import type { KnownDevice, Place, RelatedList, RelatedSubject } from './snapshot.js';

const TITLES: Readonly<Record<RelatedList['kind'], string>> = {
  names: 'Usernames tried from this address',
  addresses: 'Addresses that tried this username',
  network: 'Others in the same network',
};

interface RelatedProps {
  readonly links: Links;
  readonly list: RelatedList;
  readonly now: number;
}

export function Related({ links, list: { kind, rows, total }, now }: RelatedProps): VNode {
  const columns: readonly Column<RelatedSubject>[] = [
    {
      id: 'subject',
      head: kind === 'names' ? 'Username' : 'Address',
      kind: 'name',
      cell: ({ subject }) => <SubjectLink links={links} subject={subject} />,
    },
    { id: 'failures', head: 'Failures', kind: 'number', cell: ({ failures }) => countText(failures) },
    { id: 'succeeded', head: 'Succeeded', kind: 'number', cell: ({ succeeded }) => countText(succeeded) },
    { id: 'last', head: 'Last', kind: 'tight', cell: ({ lastAt }) => <TimeText at={lastAt} now={now} /> },
    {
      id: 'state',
      head: 'State',
      kind: 'tight',
      cell: ({ isLocked }) => (isLocked ? <LockBadge cause={null} /> : <span class="soft">Open</span>),
    },
  ];
  return (
    <section class="card" aria-labelledby={`related-${kind}`}>
      <div class="card-head">
        <h2 id={`related-${kind}`}>{TITLES[kind]}</h2>
        {total > rows.length ? (
          <p>
            {countText(rows.length)} of {countText(total)}
          </p>
        ) : null}
      </div>
      <DataTable
        caption={TITLES[kind]}
        isCaptionHidden
        columns={columns}
        rows={rows}
        keyOf={({ subject }) => subject.key}
        empty={<EmptyState icon="list" title="None in the attempt log" />}
      />
    </section>
  );
}

export function Devices({ devices, now }: { readonly devices: readonly KnownDevice[]; readonly now: number }): VNode {
  const columns: readonly Column<KnownDevice>[] = [
    {
      id: 'agent',
      head: 'Browser',
      kind: 'name',
      cell: ({ userAgent }) =>
        userAgent === null ? <span class="soft">unknown</span> : <HostileText text={userAgent} max={80} />,
    },
    {
      id: 'address',
      head: 'Last address',
      kind: 'wide',
      cell: ({ address }) =>
        address === null ? (
          ''
        ) : (
          <span class="mono">
            <HostileText text={address} />
          </span>
        ),
    },
    { id: 'logins', head: 'Logins', kind: 'number', cell: ({ logins }) => countText(logins) },
    { id: 'last', head: 'Last', kind: 'tight', cell: ({ lastAt }) => <TimeText at={lastAt} now={now} /> },
  ];
  return (
    <section class="card" aria-labelledby="devices">
      <div class="card-head">
        <h2 id="devices">Known devices</h2>
        <p>Browsers that logged in</p>
      </div>
      <DataTable
        caption="Known devices"
        isCaptionHidden
        columns={columns}
        rows={devices}
        keyOf={(_, index) => String(index)}
        empty={<EmptyState icon="user" title="No login has succeeded yet" />}
      />
    </section>
  );
}

interface NetworksProps {
  readonly links: Links;
  readonly networks: readonly Place[];
  readonly now: number;
}

export function Networks({ links, networks, now }: NetworksProps): VNode {
  const columns: readonly Column<Place>[] = [
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
    { id: 'failures', head: 'Failures', kind: 'number', cell: ({ failures }) => countText(failures) },
    { id: 'succeeded', head: 'Succeeded', kind: 'number', cell: ({ succeeded }) => countText(succeeded) },
    { id: 'last', head: 'Last', kind: 'tight', cell: ({ lastAt }) => <TimeText at={lastAt} now={now} /> },
  ];
  return (
    <section class="card" aria-labelledby="networks">
      <div class="card-head">
        <h2 id="networks">Places</h2>
        <p>IPv4 by /24, IPv6 by /64</p>
      </div>
      <DataTable
        caption="Places"
        isCaptionHidden
        columns={columns}
        rows={networks}
        keyOf={({ network }) => network}
        empty={<EmptyState icon="network" title="None in the attempt log" />}
      />
    </section>
  );
}
