/** One row for each attempt. */
import type { VNode } from 'preact';
import { OutcomeBadge } from '../../view/badges.js';
import { type Column, DataTable } from '../../view/data-table.js';
import { HostileText } from '../../view/hostile-text.js';
import { dimensionText, SubjectLink } from '../../view/subject-link.js';
import type { SubjectRef } from '../../view/subject-ref.js';
import { TimeText } from '../../view/time.js';
import { FactCell } from './cell.js';
import type { AttemptRow } from './data.js';
import type { AttemptsProps } from './props.js';
import { reasonText } from './reasons.js';

const MAX_CHARS = 80;
/** The filter and the exports have all of it. */
const MAX_AGENT_CHARS = 40;

export function AttemptTable(props: AttemptsProps): VNode {
  return (
    <DataTable
      caption="Attempts"
      isCaptionHidden
      columns={columnsOf(props)}
      rows={props.data.rows}
      keyOf={({ entry }) => entry.id}
    />
  );
}

function columnsOf({ links, query, now }: AttemptsProps): readonly Column<AttemptRow>[] {
  const cell = { links, query };
  const named = (fact: 'username' | 'ip', value: string | null, subject: SubjectRef | undefined) =>
    value === null ? (
      <span class="soft">none</span>
    ) : (
      <FactCell {...cell} fact={fact} value={value}>
        {subject ? (
          <SubjectLink links={links} subject={subject} />
        ) : (
          <span class={fact === 'ip' ? 'mono' : undefined}>
            <HostileText text={value} max={MAX_CHARS} />
          </span>
        )}
      </FactCell>
    );
  return [
    { id: 'at', head: 'Time', kind: 'tight', cell: ({ entry }) => <When at={entry.at.getTime()} now={now} /> },
    {
      id: 'outcome',
      head: 'Outcome',
      kind: 'tight',
      cell: ({ entry: { outcome, count } }) => (
        <FactCell {...cell} fact="outcome" value={outcome}>
          <OutcomeBadge outcome={outcome} count={count} />
        </FactCell>
      ),
    },
    {
      id: 'username',
      head: 'Username',
      kind: 'name',
      cell: ({ entry, username }) => named('username', entry.username, username),
    },
    { id: 'ip', head: 'Address', cell: ({ entry, address }) => named('ip', entry.ip, address) },
    { id: 'why', head: 'Why', cell: (row) => <Why {...row} cell={cell} /> },
    { id: 'request', head: 'Request', kind: 'wide', cell: (row) => <Request {...row} cell={cell} /> },
  ];
}

type Cell = Pick<AttemptsProps, 'links' | 'query'>;

function When({ at, now }: { readonly at: number; readonly now: number }): VNode {
  return (
    <span class="lines">
      <TimeText at={at} now={now} show="absolute" />
      <span class="soft">
        <TimeText at={at} now={now} />
      </span>
    </span>
  );
}

/** Why it was refused, and what refused or was locked by it. */
function Why({ entry, met, cell }: AttemptRow & { readonly cell: Cell }): VNode {
  const { reason, dimension, outcome, tier } = entry;
  const isLocking = outcome === 'failed' && dimension !== null;
  return (
    <span class="lines">
      {reason === null ? null : (
        <FactCell {...cell} fact="reason" value={reason}>
          <span>{reasonText(reason)}</span>
        </FactCell>
      )}
      {dimension === null ? null : (
        <FactCell {...cell} fact="dimension" value={dimension}>
          <span>
            {isLocking ? 'locked the ' : 'by '}
            {met ? (
              <a class="met" href={cell.links.to('/subject', { key: met.key })}>
                {dimensionText(dimension)}
              </a>
            ) : (
              <HostileText text={dimensionText(dimension)} max={MAX_CHARS} />
            )}
            {tier === null ? '' : `, tier ${tier + 1}`}
          </span>
        </FactCell>
      )}
    </span>
  );
}

function Request({ entry, cell }: AttemptRow & { readonly cell: Cell }): VNode {
  const { method, path, userAgent, action } = entry;
  return (
    <span class="lines">
      {path === null && action === null ? null : (
        <FactCellOrText cell={cell} value={path}>
          <span class="mono">
            {path === null ? null : <HostileText text={`${method ?? ''} ${path}`.trim()} max={MAX_CHARS} />}
          </span>
          {action === null ? null : (
            <span class="soft">
              {path === null ? '' : ' · '}
              <HostileText text={action} max={MAX_CHARS} />
            </span>
          )}
        </FactCellOrText>
      )}
      {userAgent === null ? null : (
        <FactCell {...cell} fact="text" value={userAgent}>
          <span class="soft">
            <HostileText text={userAgent} max={MAX_AGENT_CHARS} />
          </span>
        </FactCell>
      )}
    </span>
  );
}

/** Without a path there is nothing to filter by. */
function FactCellOrText({
  cell,
  value,
  children,
}: {
  readonly cell: Cell;
  readonly value: string | null;
  readonly children: (VNode | null)[];
}): VNode {
  if (value === null) return <span>{children}</span>;
  return (
    <FactCell {...cell} fact="text" value={value}>
      <span>{children}</span>
    </FactCell>
  );
}
