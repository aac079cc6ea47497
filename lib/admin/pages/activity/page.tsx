/** What operators did, newest first. */
import type { VNode } from 'preact';
import { ExportLinks } from '../../lists/export-links.js';
import { EmptyState, Notice } from '../../view/notice.js';
import { Pager } from '../../view/pager.js';
import { countOf } from '../../view/words.js';
import { isEmpty, toQuery } from './filter.js';
import { ActivityFilters } from './filters.js';
import type { ActivityProps } from './props.js';
import { ActTable } from './table.js';

export function ActivityPage(props: ActivityProps): VNode {
  if (!props.data.isKept) return <NoLog />;
  const isRight = Object.keys(props.query.mistakes).length === 0;
  return (
    <>
      <ActivityFilters {...props} />
      {isRight ? <Found {...props} /> : <Notice tone="error">Nothing was looked up: a filter is not right.</Notice>}
    </>
  );
}

function Found(props: ActivityProps): VNode {
  const { data, query, links, canExport } = props;
  const filter = toQuery(query.filter);
  if (data.rows.length === 0) {
    return (
      <div class="card">
        <NothingFound {...props} />
      </div>
    );
  }
  return (
    <div class="card">
      {canExport ? <ExportLinks links={links} page="/activity" query={filter} /> : null}
      <ActTable {...props} />
      <Pager
        label="Activity"
        summary={`${countOf(data.rows.length, 'act')} on this page.`}
        first={query.cursor === undefined ? undefined : links.to('/activity', filter)}
        next={data.cursor === null ? undefined : links.to('/activity', { ...filter, cursor: data.cursor })}
      />
    </div>
  );
}

function NoLog(): VNode {
  return (
    <div class="card">
      <EmptyState icon="history" title="This store keeps no activity log">
        <code>MemoryStore</code>, <code>MongoStore</code> and <code>RedisStore</code> keep one. A store of your own gets
        one by its property <code>activityLog</code>: then what operators do, and why, is listed here.
      </EmptyState>
    </div>
  );
}

function NothingFound({ query, links }: ActivityProps): VNode {
  if (!isEmpty(query.filter) || query.cursor !== undefined) {
    return (
      <EmptyState icon="history" title="No act matches">
        <a href={links.to('/activity')}>Show all activity</a>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon="history" title="Nothing has been done yet">
      Each block, unblock, export and look at these pages appears here for a year, with the operator and the reason.
    </EmptyState>
  );
}
