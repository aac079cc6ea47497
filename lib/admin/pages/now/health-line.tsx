import type { VNode } from 'preact';
import { Icon } from '../../view/icon.js';
import { Term } from '../../view/term.js';
import { countOf, countText, latencyText } from '../../view/words.js';
import type { Health } from './snapshot.js';

/** Whether the pages can be trusted: a store that fails counts nothing. */
export function HealthLine({ health }: { readonly health: Health }): VNode {
  const { store, storeMs, storeErrors, logBacklog, findings } = health;
  const isWell = storeErrors === 0 && findings.length === 0;
  return (
    <section class="card" aria-labelledby="health">
      <h2 class="sr" id="health">
        Health
      </h2>
      <dl class="health">
        <Term term="Health">
          <span class={`badge ${isWell ? 'succeeded' : 'failed'}`}>
            <Icon name={isWell ? 'check' : 'alert'} />
            {isWell ? 'Well' : 'Needs a look'}
          </span>
        </Term>
        <Term term="Store">
          {store}
          {storeMs === null ? '' : `, p95 ${latencyText(storeMs)}`}
        </Term>
        <Term term="Store errors, last hour">{countText(storeErrors)}</Term>
        <Term term="Log backlog">
          {logBacklog === null ? 'no log is kept' : countOf(logBacklog, 'entry', 'entries')}
        </Term>
        <Term term="Findings">{findings.length === 0 ? 'none' : countText(findings.length)}</Term>
      </dl>
      {findings.length === 0 ? null : (
        <details class="card-foot">
          <summary>Show {countOf(findings.length, 'finding')}</summary>
          <ul class="findings">
            {findings.map(({ code, message }) => (
              <li key={code}>
                <code>{code}</code> {message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
