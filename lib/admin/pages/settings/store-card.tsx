/** What the store says of itself, and how it answers. */
import type { ComponentChildren, VNode } from 'preact';
import type { StoreInspection } from '../../../stores/store.js';
import { HostileText } from '../../view/hostile-text.js';
import { Notice } from '../../view/notice.js';
import { countOf, countText } from '../../view/words.js';
import type { SettingsData } from './data.js';

export function StoreCard({ store, streams, version }: Pick<SettingsData, 'store' | 'streams' | 'version'>): VNode {
  const { name, inspection, p95Ms, errorsLastHour, logBacklog } = store;
  const inspected = 'value' in inspection ? inspection.value : null;
  return (
    <section class="card" aria-labelledby="store">
      <div class="card-head">
        <h2 id="store">Store and process</h2>
      </div>
      <div class="card-body stack">
        {'failure' in inspection ? <Notice tone="error">It could not be inspected: {inspection.failure}</Notice> : null}
        <dl class="terms">
          <Item term="Store">
            <HostileText text={name} max={80} />
          </Item>
          {inspected ? <Inspected {...inspected} /> : null}
          <Item term="Answers within, 95 of 100">
            {p95Ms === null ? 'not measured yet' : `${p95Ms < 10 ? p95Ms.toFixed(1) : Math.round(p95Ms)} ms`}
          </Item>
          <Item term="Errors, last hour">{countText(errorsLastHour)}</Item>
          <Item term="Log backlog">
            {logBacklog === null ? 'no log is kept' : countOf(logBacklog, 'entry', 'entries')}
          </Item>
          <Item term="Live streams, this process">
            {streams.open} of {streams.most}
          </Item>
          <Item term="passport-lockout">{version}</Item>
        </dl>
      </div>
    </section>
  );
}

function Inspected({ server, clockSkewMs, missingIndexes, troubles = [], subjects, attempts }: StoreInspection): VNode {
  return (
    <>
      <Item term="Server">
        <HostileText text={server} max={160} />
      </Item>
      <Item term="Clock">{skewText(clockSkewMs)}</Item>
      <Item term="Missing indexes">
        {missingIndexes.length === 0 ? 'none' : <HostileText text={missingIndexes.join(', ')} max={1_000} />}
      </Item>
      <Item term="Subjects kept, about">{subjects === null ? 'not known' : countText(subjects)}</Item>
      <Item term="Attempts kept, about">{attempts === null ? 'not known' : countText(attempts)}</Item>
      {troubles.map(({ code, message }) => (
        <Item key={code} term="Trouble">
          <code>{code}</code> <HostileText text={message} max={1_000} />
        </Item>
      ))}
    </>
  );
}

function skewText(ms: number): string {
  const off = Math.round(Math.abs(ms));
  if (off === 0) return 'that of this process';
  return `${countText(off)} ms ${ms > 0 ? 'ahead of' : 'behind'} this process`;
}

function Item({ term, children }: { readonly term: string; readonly children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
