/** What the page says where there is nothing to show. */
import type { VNode } from 'preact';
import { EmptyState, Notice } from '../../view/notice.js';
import { isEmpty } from './filter.js';
import type { AttemptsProps } from './props.js';

export function NoLog(): VNode {
  return (
    <div class="card">
      <EmptyState icon="list" title="This store keeps no attempt log">
        <code>MemoryStore</code>, <code>MongoStore</code> and <code>RedisStore</code> keep one. A store of your own gets
        one by its property <code>attemptLog</code>: then each login, each failure and each refusal is listed here.
      </EmptyState>
    </div>
  );
}

export function Unanswered(): VNode {
  return (
    <Notice tone="error">
      The attempt log did not answer in time. Try again, or choose fewer attempts: a time, a username, an address.
    </Notice>
  );
}

export function NothingFound({ data, query, links }: AttemptsProps): VNode {
  const { scan } = data;
  if (scan?.isBounded) {
    return (
      <EmptyState icon="list" title="Nothing found so far">
        None of the entries that were looked at matches. Older ones may: look further with “Next page”, or choose a
        time.
      </EmptyState>
    );
  }
  if (!isEmpty(query.filter) || query.cursor !== undefined) {
    return (
      <EmptyState icon="list" title="No attempt matches">
        <a href={links.to('/attempts')}>Show all attempts</a>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon="list" title="No attempt has been logged yet">
      Log in at your own login page, once with a wrong password: both attempts appear here.
    </EmptyState>
  );
}
