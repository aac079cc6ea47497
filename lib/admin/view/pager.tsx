import type { ComponentChildren, VNode } from 'preact';

export interface PagerProps {
  /** What is paged, such as `Attempts`; names the navigation. */
  readonly label: string;
  /** What is shown, such as "100 of more than 10,000". */
  readonly summary: ComponentChildren;
  readonly first?: string | undefined;
  readonly next?: string | undefined;
}

/** Links through pages that are reached by a cursor: forward, and back to the first one. */
export function Pager({ label, summary, first, next }: PagerProps): VNode {
  return (
    <nav class="pager" aria-label={`Pages of ${label}`}>
      <span>{summary}</span>
      <span class="cluster">
        {first === undefined ? null : (
          <a class="button small" href={first}>
            First page
          </a>
        )}
        {next === undefined ? null : (
          <a class="button small" href={next} rel="next">
            Next page
          </a>
        )}
      </span>
    </nav>
  );
}
