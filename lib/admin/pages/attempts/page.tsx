/** The attempts that match a filter: one by one, or counted by address or username. */
import type { VNode } from 'preact';
import { ExportLinks } from '../../lists/export-links.js';
import { Notice } from '../../view/notice.js';
import { Pager } from '../../view/pager.js';
import { Tabs } from '../../view/tabs.js';
import { TimeText } from '../../view/time.js';
import { countOf, countText } from '../../view/words.js';
import { NoLog, NothingFound, Unanswered } from './empty.js';
import { toQuery } from './filter.js';
import { AttemptFilters } from './filters.js';
import { GroupTable } from './group-table.js';
import type { GroupedBy } from './groups.js';
import type { AttemptsProps } from './props.js';
import { linkQuery } from './query.js';
import { AttemptTable } from './table.js';

const VIEWS: readonly (readonly [GroupedBy | undefined, string])[] = [
  [undefined, 'One by one'],
  ['ip', 'By address'],
  ['username', 'By username'],
];

export function AttemptsPage(props: AttemptsProps): VNode {
  const { data, query, links } = props;
  if (data.log === 'none') return <NoLog />;
  const views = VIEWS.map(([group, text]) => ({
    text,
    href: links.to('/attempts', linkQuery(query, { group })),
    isCurrent: group === query.group,
  }));
  return (
    <>
      {data.log === 'off' ? (
        <Notice tone="warning">
          The attempt log is off: what happens now is not written. Remove <code>attemptLog: 'off'</code> from the
          options of <code>Lockout</code> to turn it on.
        </Notice>
      ) : null}
      <AttemptFilters {...props} />
      {data.scan ? (
        <>
          <Tabs label="How attempts are shown" tabs={views} />
          <Found {...props} />
        </>
      ) : data.log === 'unanswered' ? (
        <Unanswered />
      ) : (
        <Notice tone="error">Nothing was looked up: a filter is not right.</Notice>
      )}
    </>
  );
}

function Found(props: AttemptsProps): VNode {
  const { data, query, links } = props;
  const { scan } = data;
  const isNothing = scan?.entries.length === 0;
  const isPaged = query.cursor !== undefined || (scan && scan.cursor !== null);
  return (
    <div class="card">
      {isNothing ? null : <Head {...props} />}
      {isNothing ? <NothingFound {...props} /> : query.group ? <GroupTable {...props} /> : <AttemptTable {...props} />}
      {isPaged ? (
        <Pager
          label="Attempts"
          summary={<Extent {...props} />}
          first={query.cursor === undefined ? undefined : links.to('/attempts', linkQuery(query))}
          next={scan?.cursor == null ? undefined : links.to('/attempts', linkQuery(query, { cursor: scan.cursor }))}
        />
      ) : scan?.lookedAt === 0 ? null : (
        <p class="card-foot">
          <Extent {...props} />
        </p>
      )}
    </div>
  );
}

function Head({ query, links, canExport }: AttemptsProps): VNode | null {
  if (!canExport) return null;
  return <ExportLinks links={links} page="/attempts" query={toQuery(query.filter)} />;
}

/** How much of the log is behind what is shown: nobody takes a part for the whole. */
function Extent({ data, query, now }: AttemptsProps): VNode {
  const { scan, groupsLeftOut } = data;
  const found = scan?.entries.length ?? 0;
  const lookedAt = scan?.lookedAt ?? 0;
  const isFirst = query.cursor === undefined;
  const isCounted = query.group !== undefined || scan?.isFiltered === true;
  const newest = isFirst ? 'the newest ' : '';
  return (
    <span>
      {isCounted
        ? `Looked at ${scan?.cursor === null && isFirst ? 'all ' : newest}${countOf(lookedAt, 'entry', 'entries')}`
        : `${countOf(found, 'entry', 'entries')} on this page`}
      {isCounted && scan?.last ? (
        <>
          , back to <TimeText at={scan.last.at.getTime()} now={now} show="absolute" />
        </>
      ) : null}
      {scan?.isFiltered ? `; ${countText(found)} of them ${found === 1 ? 'matches' : 'match'}` : ''}
      {groupsLeftOut > 0 ? `; ${countText(groupsLeftOut)} more rows are left out` : ''}.
    </span>
  );
}
