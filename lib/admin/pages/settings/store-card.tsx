/** What the store says of itself, and how it answers. */
import type { VNode } from 'preact';
import type { StoreInspection } from '../../../stores/store.js';
import { HostileText } from '../../view/hostile-text.js';
import { Notice } from '../../view/notice.js';
import { Term } from '../../view/term.js';
import { countOf, countText, latencyText } from '../../view/words.js';
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
          <Term term="Store">
            <HostileText text={name} max={80} />
          </Term>
          {inspected ? <Inspected {...inspected} /> : null}
          <Term term="Answers within, 95 of 100">{p95Ms === null ? 'not measured yet' : latencyText(p95Ms)}</Term>
          <Term term="Errors, last hour">{countText(errorsLastHour)}</Term>
          <Term term="Log backlog">
            {logBacklog === null ? 'no log is kept' : countOf(logBacklog, 'entry', 'entries')}
          </Term>
          <Term term="Live streams, this process">
            {streams.open} of {streams.most}
          </Term>
          <Term term="passport-lockout">{version}</Term>
        </dl>
      </div>
    </section>
  );
}

function Inspected({ server, clockSkewMs, missingIndexes, troubles = [], subjects, attempts }: StoreInspection): VNode {
  return (
    <>
      <Term term="Server">
        <HostileText text={server} max={160} />
      </Term>
      <Term term="Clock">{skewText(clockSkewMs)}</Term>
      <Term term="Missing indexes">
        {missingIndexes.length === 0 ? 'none' : <HostileText text={missingIndexes.join(', ')} max={1_000} />}
      </Term>
      <Term term="Subjects kept, about">{subjects === null ? 'not known' : countText(subjects)}</Term>
      <Term term="Attempts kept, about">{attempts === null ? 'not known' : countText(attempts)}</Term>
      {troubles.map(({ code, message }) => (
        <Term key={code} term="Trouble">
          <code>{code}</code> <HostileText text={message} max={1_000} />
        </Term>
      ))}
    </>
  );
}

function skewText(ms: number): string {
  const off = Math.round(Math.abs(ms));
  if (off === 0) return 'that of this process';
  return `${countText(off)} ms ${ms > 0 ? 'ahead of' : 'behind'} this process`;
}
