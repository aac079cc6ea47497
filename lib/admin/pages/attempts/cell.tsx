/** A value of an attempt, with links to the attempts that have it, and to those that do not. */
import type { ComponentChildren, VNode } from 'preact';
import type { AttemptFilter, Fact } from './filter.js';
import { withFact, withoutFact } from './filter.js';
import type { AttemptsProps } from './props.js';
import { linkQuery } from './query.js';

const MAX_SPOKEN = 80;

export interface CellProps extends Pick<AttemptsProps, 'links' | 'query'> {
  readonly fact: Fact;
  /** As entries have it. */
  readonly value: string;
  readonly children: ComponentChildren;
}

export function FactCell({ links, query, fact, value, children }: CellProps): VNode {
  const { filter } = query;
  const to = (changed: AttemptFilter) => links.to('/attempts', linkQuery(query, { filter: changed, group: undefined }));
  // For those who do not see beside what the links stand.
  const of = <span class="sr"> {value.slice(0, MAX_SPOKEN)}</span>;
  return (
    <span class="fact">
      {children}
      <span class="narrow">
        {filter[fact] === value ? null : <a href={to(withFact(filter, fact, value))}>only{of}</a>}
        <a href={to(withoutFact(filter, fact, value))}>not{of}</a>
      </span>
    </span>
  );
}
