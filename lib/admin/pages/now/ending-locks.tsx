import type { VNode } from 'preact';
import type { Links } from '../../core/links.js';
import { CauseText, TierDots } from '../../view/badges.js';
import { type Column, DataTable } from '../../view/data-table.js';
import { EmptyState } from '../../view/notice.js';
import { SubjectLink } from '../../view/subject-link.js';
import { Remaining } from '../../view/time.js';
import { unblockColumn } from '../../view/unblock-column.js';
import type { EndingLock } from './snapshot.js';

export interface EndingLocksProps {
  readonly links: Links;
  readonly ending: readonly EndingLock[];
  readonly now: number;
  /** Whether the viewer may unblock. */
  readonly canUnblock: boolean;
}

export function EndingLocks({ links, ending, now, canUnblock }: EndingLocksProps): VNode {
  const columns: readonly Column<EndingLock>[] = [
    {
      id: 'subject',
      head: 'Locked',
      kind: 'name',
      cell: ({ subject }) => <SubjectLink links={links} subject={subject} />,
    },
    { id: 'end', head: 'End', kind: 'tight', cell: ({ lock }) => <Remaining until={lock.until} now={now} /> },
    {
      id: 'why',
      head: 'Why',
      kind: 'wide',
      cell: ({ lock }) => (
        <span class="pair">
          <CauseText {...lock} />
          <TierDots tier={lock.tier} tiers={lock.tiers} />
        </span>
      ),
    },
  ];
  return (
    <section class="card" aria-labelledby="ending-locks">
      <div class="card-head">
        <h2 id="ending-locks">Next locks to end</h2>
        <a href={links.to('/blocked')}>All that are locked</a>
      </div>
      <DataTable
        caption="Locks that end next"
        isCaptionHidden
        columns={canUnblock ? [...columns, unblockColumn(links, '/')] : columns}
        rows={ending}
        keyOf={({ subject }) => subject.key}
        empty={
          <EmptyState icon="lock" title="Nobody is locked">
            Enter wrong passwords at your login page, and the lock appears here.
          </EmptyState>
        }
      />
    </section>
  );
}
