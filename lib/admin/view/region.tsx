/** A part of a page that is kept up to date while it is watched. */
import type { ComponentChildren, VNode } from 'preact';

export interface RegionProps {
  /** Unique on the page; the script finds it by this. */
  readonly name: string;
  readonly children?: ComponentChildren;
}

/** Has no box of its own, so that it can be empty, and hold what the grid around it lays out. */
export function Region({ name, children }: RegionProps): VNode {
  return (
    <div class="region" data-live={name}>
      {children}
    </div>
  );
}
