/** The list of locked subjects, as it is shown. */
import type { VNode } from 'preact';
import type { Links } from '../../core/links.js';
import { CauseText, TierDots } from '../../view/badges.js';
import { type Column, DataTable } from '../../view/data-table.js';
import { Button, FilterForm, Hidden, TextField } from '../../view/forms.js';
import { EmptyState, Notice } from '../../view/notice.js';
import { Pager } from '../../view/pager.js';
import { dimensionText, SubjectLink, SubjectName } from '../../view/subject-link.js';
import { Tabs } from '../../view/tabs.js';
import { Remaining, TimeText } from '../../view/time.js';
import { unblockColumn } from '../../view/unblock-column.js';
import { countOf, countText, utcText } from '../../view/words.js';
import { filterQuery } from './bulk-filter.js';
import type { BlockedData, BlockedRow } from './data.js';
import { type BlockedQuery, isFiltered, linkQuery } from './query.js';

export interface BlockedProps {
  readonly data: BlockedData;
  readonly query: BlockedQuery;
  readonly links: Links;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Whether the viewer may unblock. */
  readonly canUnblock: boolean;
  /** Whether the viewer may block. */
  readonly canBlock: boolean;
  /** This page, for forms that return to it. */
  readonly here: string;
}

/** The form that the check boxes of the table belong to. */
const SELECTION = 'selection';

export function BlockedPage(props: BlockedProps): VNode {
  const { data, query, links, canBlock, here } = props;
  return (
    <>
      <div class="cluster">
        {canBlock ? (
          <a class="button" href={links.to('/block', { to: here })}>
            Block by hand
          </a>
        ) : null}
        <a class="button" href={links.to('/subject')}>
          Look up
        </a>
      </div>
      <DimensionTabs {...props} />
      <FilterForm
        action={links.to('/blocked')}
        label="Locked subjects"
        keep={{ dimension: query.dimension, order: query.order === 'key' ? query.order : undefined }}
        clear={isFiltered(query) ? links.to('/blocked', linkQuery(query, NO_FILTER)) : undefined}
      >
        <TextField id="username" name="username" label="Username" value={query.username} max={1000} />
        <TextField id="ip" name="ip" label="Address" value={query.ip} max={100} />
      </FilterForm>
      {data.mistake === undefined ? <Listed {...props} /> : <Notice tone="error">{data.mistake}</Notice>}
    </>
  );
}

const NO_FILTER = { username: undefined, ip: undefined } as const;

function DimensionTabs({ data, query, links }: BlockedProps): VNode | null {
  if (data.tabs.length < 2) return null;
  const tabs = data.tabs.map(({ dimension, locked }) => ({
    href: links.to('/blocked', linkQuery(query, { dimension })),
    text: dimension === undefined ? 'All' : capitalized(dimensionText(dimension)),
    isCurrent: dimension === query.dimension,
    ...locked,
  }));
  return <Tabs label="What is locked" tabs={tabs} />;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function Listed(props: BlockedProps): VNode {
  const { data, query, links, canUnblock, here } = props;
  const { rows, cursor } = data;
  return (
    <div class="card">
      <DataTable
        caption="Locked subjects"
        isCaptionHidden
        columns={columnsOf(props)}
        rows={rows}
        keyOf={({ subject }) => subject.key}
        empty={cursor === null && query.cursor === undefined ? <Nobody {...props} /> : undefined}
      />
      {canUnblock && rows.length > 0 && (
        <form class="card-foot cluster" id={SELECTION} method="post" action={links.to('/unblock/confirm')}>
          <Hidden fields={{ to: here }} />
          <Button isSmall>Unblock selected</Button>
          <a class="button small" href={links.to('/blocked/unblock-all', filterQuery(query))} data-dialog>
            Unblock all that match
          </a>
        </form>
      )}
      {(cursor !== null || query.cursor !== undefined) && (
        <Pager
          label="Locked subjects"
          summary={`${countOf(rows.length, 'subject')} on this page`}
          first={query.cursor === undefined ? undefined : links.to('/blocked', linkQuery(query))}
          next={cursor === null ? undefined : links.to('/blocked', linkQuery(query, { cursor }))}
        />
      )}
    </div>
  );
}

function Nobody({ query, links }: BlockedProps): VNode {
  if (isFiltered(query) || query.dimension !== undefined) {
    return (
      <EmptyState icon="check" title="Nothing that matches is locked">
        <a href={links.to('/blocked')}>Show everything that is locked</a>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon="check" title="Nobody is locked">
      To see a lock, log in with a wrong password until you are refused: you appear here.
    </EmptyState>
  );
}

function columnsOf({ query, links, now, canUnblock, here }: BlockedProps): readonly Column<BlockedRow>[] {
  const sortedBy = (order: BlockedQuery['order']) => ({
    href: links.to('/blocked', linkQuery(query, { order })),
    direction: query.order === order ? ('ascending' as const) : undefined,
  });
  const columns: readonly Column<BlockedRow>[] = [
    {
      id: 'subject',
      head: 'Subject',
      kind: 'name',
      sort: sortedBy('key'),
      cell: ({ subject }) => <SubjectLink links={links} subject={subject} />,
    },
    { id: 'tier', head: 'Tier', kind: 'tight', cell: (row) => <TierDots {...row} /> },
    { id: 'failures', head: 'Failures', kind: 'number', cell: ({ failures }) => countText(failures) },
    {
      id: 'ends',
      head: 'Ends',
      kind: 'tight',
      sort: sortedBy('lockedUntil'),
      cell: ({ until }) => <Ends until={until} now={now} />,
    },
    { id: 'why', head: 'Why', kind: 'wide', cell: (row) => <CauseText {...row} /> },
    {
      id: 'last',
      head: 'Last failure',
      kind: 'tight',
      cell: ({ lastFailureAt }) => (lastFailureAt === null ? 'none' : <TimeText at={lastFailureAt} now={now} />),
    },
  ];
  if (!canUnblock) return columns;
  return [selectColumn, ...columns, unblockColumn(links, here)];
}

const selectColumn: Column<BlockedRow> = {
  id: 'select',
  head: <span class="sr">Select</span>,
  kind: 'tight',
  cell: ({ subject }) => (
    <label>
      <input type="checkbox" name="key" value={subject.key} form={SELECTION} />
      <span class="sr">
        Select <SubjectName subject={subject} />
      </span>
    </label>
  ),
};

/** A link, so that it works without a script; with it, the page opens as a dialog. */
function Ends({ until, now }: { readonly until: number | null; readonly now: number }): VNode {
  return (
    <>
      <Remaining until={until} now={now} />
      {until !== null && <div class="soft">{utcText(until)}</div>}
    </>
  );
}
