import type { ComponentChildren, VNode } from 'preact';
import { countText } from './words.js';

export interface FigureProps {
  readonly label: string;
  /** The state whose mark stands before the label. */
  readonly tone: 'failed' | 'refused' | 'succeeded' | 'locked';
  /** Null if it is not known. */
  readonly value: number | null;
  /** Whether there may be more than that many. */
  readonly isAtLeast?: boolean | undefined;
  /** What the number compares to, in words. */
  readonly delta: ComponentChildren;
  /** A sparkline. */
  readonly children?: ComponentChildren;
}

/** One number that operators watch. Stands in a `<dl class="figures">`. */
export function Figure({ label, tone, value, isAtLeast = false, delta, children }: FigureProps): VNode {
  return (
    <div class="figure">
      <dt>
        <span class={`key ${tone}`} aria-hidden="true" />
        {label}
      </dt>
      <dd class="number">
        {value === null ? (
          <>
            <span aria-hidden="true">–</span>
            <span class="sr">not known</span>
          </>
        ) : (
          countText(value)
        )}
        {isAtLeast ? '+' : ''}
      </dd>
      <dd class="delta">{delta}</dd>
      <dd class="slot">{children}</dd>
    </div>
  );
}
