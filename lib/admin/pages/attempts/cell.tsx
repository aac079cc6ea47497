/** A value of an attempt, with links to the attempts that have it, and to those that do not. */
import type { ComponentChildren, VNode } from 'preact';
import { FactLinks } from '../../lists/fact-links.js';
import type { AttemptFilter, Fact } from './filter.js';
import { withFact, withoutFact } from './filter.js';
import type { AttemptsProps } from './props.js';
import { linkQuery } from './query.js';

export interface CellProps extends Pick<AttemptsProps, 'links' | 'query'> {
  readonly fact: Fact;
  /** As entries have it. */
  readonly value: string;
  readonly children: ComponentChildren;
}

export function FactCell({ links, query, fact, value, children }: CellProps): VNode {
  const { filter } = query;
  const to = (changed: AttemptFilter) => links.to('/attempts', linkQuery(query, { filter: changed, group: undefined }));
  const only = filter[fact] === value ? undefined : to(withFact(filter, fact, value));
  return (
    <FactLinks value={value} only={only} not={to(withoutFact(filter, fact, value))}>
      {children}
    </FactLinks>
  );
}
