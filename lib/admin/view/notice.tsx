/** Messages of a page: what just happened, and what to do where there is nothing to show. */
import type { ComponentChildren, VNode } from 'preact';
import { Icon, type IconName } from './icon.js';

const ICONS = { info: 'pulse', succeeded: 'check', warning: 'alert', error: 'cross' } as const;

export interface NoticeProps {
  readonly tone: keyof typeof ICONS;
  readonly children: ComponentChildren;
  /** A form or a link, such as Undo. */
  readonly action?: ComponentChildren;
}

/** Announced by screen readers when the script inserts it; an error at once. */
export function Notice({ tone, children, action }: NoticeProps): VNode {
  return (
    <div class={`notice ${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
      <Icon name={ICONS[tone]} />
      <div>{children}</div>
      {action}
    </div>
  );
}

export interface EmptyStateProps {
  readonly icon: IconName;
  readonly title: string;
  /** What to do to see something here. */
  readonly children?: ComponentChildren;
}

export function EmptyState({ icon, title, children }: EmptyStateProps): VNode {
  return (
    <div class="empty">
      <Icon name={icon} />
      <strong>{title}</strong>
      {children === undefined ? null : <p>{children}</p>}
    </div>
  );
}
