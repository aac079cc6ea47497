/** What is stored about the known devices of a username. */
import type { ComponentChildren, VNode } from 'preact';
import type { Links } from '../../core/links.js';
import { LockBadge } from '../../view/badges.js';
import { type Column, DataTable } from '../../view/data-table.js';
import { EmptyState } from '../../view/notice.js';
import { SubjectLink } from '../../view/subject-link.js';
import { TimeText } from '../../view/time.js';
import { countText } from '../../view/words.js';
import type { DeviceRecord, Devices } from './snapshot.js';

export interface KnownDevicesProps {
  readonly links: Links;
  readonly devices: Devices;
  readonly now: number;
  /** A link to what revokes them; left out if the viewer may not. */
  readonly revoke?: ComponentChildren;
}

export function KnownDevices({ links, devices: { revokedAt, records }, now, revoke }: KnownDevicesProps): VNode {
  const columns: readonly Column<DeviceRecord>[] = [
    {
      id: 'device',
      head: 'Device',
      kind: 'name',
      cell: ({ subject }) => <SubjectLink links={links} subject={subject} />,
    },
    { id: 'failures', head: 'Failures', kind: 'number', cell: ({ failures }) => countText(failures) },
    {
      id: 'state',
      head: 'State',
      kind: 'tight',
      cell: ({ isLocked }) => (isLocked ? <LockBadge cause={null} /> : <span class="soft">Open</span>),
    },
  ];
  return (
    <section class="card" aria-labelledby="devices">
      <div class="card-head">
        <h2 id="devices">Known devices</h2>
        <p>
          {revokedAt === null ? (
            'None were revoked'
          ) : (
            <>
              Revoked <TimeText at={revokedAt} now={now} show="both" />
            </>
          )}
        </p>
      </div>
      <DataTable
        caption="Known devices that failed"
        isCaptionHidden
        columns={columns}
        rows={records}
        keyOf={({ subject }) => subject.key}
        empty={
          <EmptyState icon="check" title="No known device has failed">
            A browser that logged in is known by its cookie. The store keeps only those that failed since.
          </EmptyState>
        }
      />
      {revoke === undefined ? null : <div class="card-foot">{revoke}</div>}
    </section>
  );
}
