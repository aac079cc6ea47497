/** A word and what it stands for, in a `<dl>`. */
import type { ComponentChildren, VNode } from 'preact';

export function Term({ term, children }: { readonly term: string; readonly children?: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
