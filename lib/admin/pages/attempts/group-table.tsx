/** One row for each address or username. */
import type { VNode } from 'preact';
import { type Column, DataTable } from '../../view/data-table.js';
import { HostileText } from '../../view/hostile-text.js';
import { SubjectLink } from '../../view/subject-link.js';
import { TimeText } from '../../view/time.js';
import { countText } from '../../view/words.js';
import { FactCell } from './cell.js';
import type { GroupRow } from './data.js';
import type { GroupedBy } from './groups.js';
import type { AttemptsProps } from './props.js';

const HEADS = { ip: ['Address', 'Usernames'], username: ['Username', 'Addresses'] } as const;
const MAX_CHARS = 80;

export function GroupTable(props: AttemptsProps): VNode {
  const by = props.query.group ?? 'ip';
  return (
    <DataTable
      caption={`Attempts by ${HEADS[by][0].toLowerCase()}`}
      isCaptionHidden
      columns={columnsOf(props, by)}
      rows={props.data.groups}
      keyOf={({ value }) => value ?? ''}
    />
  );
}

function columnsOf({ links, query, now }: AttemptsProps, by: GroupedBy): readonly Column<GroupRow>[] {
  const [head, others] = HEADS[by];
  const count = (id: 'failed' | 'refused' | 'succeeded' | 'others', text: string): Column<GroupRow> => ({
    id,
    head: text,
    kind: 'number',
    cell: (row) => countText(row[id]),
  });
  return [
    {
      id: by,
      head,
      kind: 'name',
      cell: ({ value, subject }) =>
        value === null ? (
          <span class="soft">none</span>
        ) : (
          <FactCell links={links} query={query} fact={by} value={value}>
            {subject ? <SubjectLink links={links} subject={subject} /> : <HostileText text={value} max={MAX_CHARS} />}
          </FactCell>
        ),
    },
    count('failed', 'Failed'),
    count('refused', 'Refused'),
    count('succeeded', 'Succeeded'),
    count('others', others),
    { id: 'last', head: 'Last attempt', kind: 'tight', cell: ({ lastAt }) => <TimeText at={lastAt} now={now} /> },
  ];
}
