/** A value of a row, with links to the rows that have it, and to those that do not. */
import type { ComponentChildren, VNode } from 'preact';
import { escapeUnsafe } from '../../util/printable.js';

const MAX_SPOKEN = 80;

export interface FactLinksProps {
  /** As it is spoken: many rows have the same links. */
  readonly value: string;
  /** Undefined while only those are shown. */
  readonly only: string | undefined;
  /** Undefined where nothing can be left out. */
  readonly not?: string | undefined;
  readonly children: ComponentChildren;
}

export function FactLinks({ value, only, not, children }: FactLinksProps): VNode {
  // For those who do not see beside what the links stand.
  const of = <span class="sr"> {escapeUnsafe(value.slice(0, MAX_SPOKEN))}</span>;
  return (
    <span class="fact">
      {children}
      <span class="narrow">
        {only === undefined ? null : <a href={only}>only{of}</a>}
        {not === undefined ? null : <a href={not}>not{of}</a>}
      </span>
    </span>
  );
}
