import type { VNode } from 'preact';
import { type Bucket, totalsOf } from '../../charts/bucket.js';
import { Sparkline } from '../../charts/sparkline.js';
import { Figure } from '../../view/figure.js';
import { countText } from '../../view/words.js';
import type { NowSnapshot } from './snapshot.js';

const FLOWS = [
  { outcome: 'failed', label: 'Failed / min', title: 'Failed logins a minute, last hour' },
  { outcome: 'refused', label: 'Refused / min', title: 'Refused logins a minute, last hour' },
  { outcome: 'succeeded', label: 'Succeeded / min', title: 'Successful logins a minute, last hour' },
] as const;

/** Rates are of the last complete minute: the current one would always look like a fall. */
export function Figures({ snapshot: { minutes, yesterday, locked } }: { readonly snapshot: NowSnapshot }): VNode {
  const complete = minutes.slice(0, -1);
  const before = yesterday.slice(0, -1);
  return (
    <section class="card" aria-label="Figures">
      <dl class="figures">
        {FLOWS.map(({ outcome, label, title }) => (
          <Figure
            key={outcome}
            label={label}
            tone={outcome}
            value={complete.at(-1)?.[outcome] ?? null}
            delta={complete.length === 0 ? 'not counted' : beforeText(before.at(-1)?.[outcome])}
          >
            <Sparkline
              id={`spark-${outcome}`}
              title={title}
              tone={outcome}
              values={complete.map((minute) => minute[outcome])}
              before={before.map((minute) => minute[outcome])}
            />
          </Figure>
        ))}
        <Figure
          label="Locked now"
          tone="locked"
          value={locked?.subjects ?? null}
          isAtLeast={locked?.isAtLeast}
          delta={complete.length === 0 ? 'not counted' : `${countText(totalsOf(complete).locks)} set in the last hour`}
        >
          <Sparkline
            id="spark-locks"
            title="Locks set a minute, last hour"
            tone="locked"
            values={complete.map(locksOf)}
            before={before.map(locksOf)}
          />
        </Figure>
      </dl>
    </section>
  );
}

function locksOf({ locks }: Bucket): number {
  return locks;
}

function beforeText(count: number | undefined): string {
  return count === undefined ? 'last complete minute' : `${countText(count)} yesterday at this time`;
}
