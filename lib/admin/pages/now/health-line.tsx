import type { ComponentChildren, VNode } from 'preact';
import type { Links } from '../../core/links.js';
import { Icon } from '../../view/icon.js';
import { countOf, countText } from '../../view/words.js';
import type { Health } from './snapshot.js';

export interface HealthLineProps {
  readonly links: Links;
  readonly health: Health;
}

/** Whether the pages can be trusted: a store that fails counts nothing. */
export function HealthLine({ links, health }: HealthLineProps): VNode {
  const { store, storeMs, storeErrors, logBacklog, findings } = health;
  const isWell = storeErrors === 0 && findings.length === 0;
  return (
    <section class="card" aria-labelledby="health" data-live="health">
      <h2 class="sr" id="health">
        Health
      </h2>
      <dl class="health">
        <Item term="Health">
          <span class={`badge ${isWell ? 'succeeded' : 'failed'}`}>
            <Icon name={isWell ? 'check' : 'alert'} />
            {isWell ? 'Well' : 'Needs a look'}
          </span>
        </Item>
        <Item term="Store">
          {store}
          {storeMs === null ? '' : `, p95 ${storeMs < 10 ? storeMs.toFixed(1) : Math.round(storeMs)} ms`}
        </Item>
        <Item term="Store errors, last hour">{countText(storeErrors)}</Item>
        <Item term="Log backlog">
          {logBacklog === null ? 'no log is kept' : countOf(logBacklog, 'entry', 'entries')}
        </Item>
        <Item term="Findings">
          {findings.length === 0 ? 'none' : <a href={links.to('/settings')}>{countOf(findings.length, 'finding')}</a>}
        </Item>
      </dl>
    </section>
  );
}

function Item({ term, children }: { readonly term: string; readonly children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
