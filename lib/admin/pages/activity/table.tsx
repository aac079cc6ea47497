/** One row for each act. */
import type { VNode } from 'preact';
import { FactLinks } from '../../lists/fact-links.js';
import { type Column, DataTable } from '../../view/data-table.js';
import { HostileText } from '../../view/hostile-text.js';
import { UndoForm } from '../../view/result-notice.js';
import { SubjectLink } from '../../view/subject-link.js';
import { TimeText } from '../../view/time.js';
import { spanText } from '../../view/words.js';
import { actText } from './act-text.js';
import type { ActRow } from './data.js';
import { type ActivityFilter, toQuery } from './filter.js';
import type { ActivityProps } from './props.js';

const MAX_CHARS = 80;
const MAX_REASON_CHARS = 240;

export function ActTable(props: ActivityProps): VNode {
  return (
    <DataTable
      caption="Activity"
      isCaptionHidden
      columns={columnsOf(props)}
      rows={props.data.rows}
      keyOf={({ act }) => act.id}
    />
  );
}

function columnsOf(props: ActivityProps): readonly Column<ActRow>[] {
  const { now, canUnblock, data } = props;
  const columns: readonly Column<ActRow>[] = [
    { id: 'at', head: 'Time', kind: 'tight', cell: ({ act }) => <When at={act.at.getTime()} now={now} /> },
    { id: 'by', head: 'Operator', kind: 'name', cell: (row) => <Operator {...row} {...props} /> },
    { id: 'what', head: 'What', cell: (row) => <What {...row} now={now} /> },
    { id: 'subject', head: 'Subject', cell: (row) => <About {...row} {...props} /> },
    { id: 'reason', head: 'Reason', kind: 'wide', cell: ({ act }) => <Reason {...act} /> },
  ];
  const isAnyUndoable = canUnblock && data.rows.some(({ act }) => act.undoable);
  const undo: Column<ActRow> = {
    id: 'undo',
    head: <span class="sr">Undo</span>,
    kind: 'tight',
    cell: (row) => <Undo {...row} {...props} />,
  };
  return isAnyUndoable ? [...columns, undo] : columns;
}

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

function Operator({ act: { by }, ...props }: ActRow & ActivityProps): VNode {
  if (by === null) return <span class="soft">not named</span>;
  return (
    <FactLinks value={by} only={onlyWith(props, 'by', by)}>
      <HostileText text={by} max={MAX_CHARS} />
    </FactLinks>
  );
}

function What({ act, tookBack, takenBackBy, now }: ActRow & Pick<ActivityProps, 'now'>): VNode {
  return (
    <span class="lines">
      <span>{actText(act.action, act.counts)}</span>
      {act.counts === null ? <span class="soft">under way, failed or cut off</span> : null}
      {tookBack === undefined ? null : <Other before="the act of" act={tookBack} now={now} />}
      {takenBackBy === undefined ? null : <Other before="taken back by" act={takenBackBy} now={now} />}
    </span>
  );
}

/** Another act on the same page. */
function Other({ before, act, now }: { readonly before: string; readonly now: number } & Pick<ActRow, 'act'>): VNode {
  return (
    <span class="soft">
      {before} {act.by === null ? 'an operator' : <HostileText text={act.by} max={MAX_CHARS} />},{' '}
      <TimeText at={act.at.getTime()} now={now} />
    </span>
  );
}

function About({ act: { key, parts }, subject, ...props }: ActRow & ActivityProps): VNode {
  if (subject && key !== null) {
    return (
      <FactLinks value={key} only={onlyWith(props, 'key', key)}>
        <SubjectLink links={props.links} subject={subject} />
      </FactLinks>
    );
  }
  if (subject) return <SubjectLink links={props.links} subject={subject} />;
  const values = Object.values(parts);
  if (values.length === 0) return <span class="soft">–</span>;
  return <HostileText text={values.join(', ')} max={MAX_CHARS} />;
}

function Reason({ action, reason }: ActRow['act']): VNode | null {
  if (reason !== null) return <HostileText text={reason} max={MAX_REASON_CHARS} />;
  // The pages ask for no reason to look.
  return action === 'look' || action === 'export' ? null : <span class="soft">none given</span>;
}

function Undo({ act, subject, links, here, now }: ActRow & ActivityProps): VNode | null {
  if (!act.undoable) return null;
  const { id, key, undoableUntil } = act;
  return (
    <span class="lines">
      <UndoForm action={links.to('/undo')} fields={{ id, to: here, key: key ?? undefined }} on={subject?.key ?? id} />
      {undoableUntil === null ? null : <span class="soft">for {spanText(undoableUntil.getTime() - now)}</span>}
    </span>
  );
}

/** A link to the acts with this value as well; undefined while those are shown. */
function onlyWith(
  { query: { filter }, links }: Pick<ActivityProps, 'query' | 'links'>,
  field: 'by' | 'key',
  value: string,
): string | undefined {
  const changed: ActivityFilter = { ...filter, [field]: value };
  return filter[field] === value ? undefined : links.to('/activity', toQuery(changed));
}
