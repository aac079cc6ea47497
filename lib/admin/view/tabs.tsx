import type { VNode } from 'preact';
import { countText } from './words.js';

interface Tab {
  readonly href: string;
  readonly text: string;
  readonly isCurrent: boolean;
  readonly count?: number | undefined;
  /** Whether there may be more than that many. */
  readonly isAtLeast?: boolean | undefined;
}

export interface TabsProps {
  /** Names the navigation. */
  readonly label: string;
  readonly tabs: readonly Tab[];
  /** `tabs` over a whole table; `segments`, a small switch in the head of a card. */
  readonly look?: 'tabs' | 'segments' | undefined;
}

/** Links to views of the same page: they work without a script, and each has an address. */
export function Tabs({ label, tabs, look = 'tabs' }: TabsProps): VNode {
  return (
    <nav class={look} aria-label={label}>
      {tabs.map(({ href, text, isCurrent, count, isAtLeast }) => (
        <a key={href} href={href} aria-current={isCurrent ? 'true' : undefined}>
          {text}
          {count === undefined ? null : (
            <span class="count">
              {countText(count)}
              {isAtLeast ? '+' : ''}
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}
