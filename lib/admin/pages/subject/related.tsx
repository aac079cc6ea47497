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
import type { Browser, Place, RelatedList, RelatedSubject } from './snapshot.js';

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

export function Related({ links, list, now }: RelatedProps): VNode {
  const { kind, rows } = list;
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
        <p>{extentText(list)}</p>
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

/** Such as "8 of 14 in the newest 500 attempts"; empty if all are shown. */
function extentText({ rows, total, newest }: RelatedList): string {
  const shown = total > rows.length ? `${countText(rows.length)} of ${countText(total)}` : '';
  const read = newest === null ? '' : `in the newest ${countText(newest)} attempts`;
  return [shown, read].filter(Boolean).join(' ');
}

export function Browsers({ browsers, now }: { readonly browsers: readonly Browser[]; readonly now: number }): VNode {
  const columns: readonly Column<Browser>[] = [
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
    <section class="card" aria-labelledby="browsers">
      <div class="card-head">
        <h2 id="browsers">Browsers that logged in</h2>
      </div>
      <DataTable
        caption="Browsers that logged in"
        isCaptionHidden
        columns={columns}
        rows={browsers}
        keyOf={(_, index) => String(index)}
        empty={<EmptyState icon="user" title="No login in the attempt log" />}
      />
    </section>
  );
}

interface NetworksProps {
  readonly networks: readonly Place[];
  readonly now: number;
}

export function Networks({ networks, now }: NetworksProps): VNode {
  const columns: readonly Column<Place>[] = [
    {
      id: 'network',
      head: 'Network',
      kind: 'name',
      cell: ({ network }) => (
        <span class="subject mono">
          <Icon name="network" />
          <HostileText text={network} />
        </span>
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
